"""Server-rendered pages: one Jinja environment, and the frame that every page has."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from services.gateway.behalf import form_token
from services.gateway.domain import writing
from services.gateway.domain.acting import Acting, Option, Wish
from services.gateway.domain.offering import offered
from services.gateway.framing import STAYING, Frame, warned_after
from services.gateway.officers import is_officer
from services.gateway.parts import Parts, language_wanted
from services.gateway.routes.assets import address
from services.gateway.sessions import Session
from services.gateway.words import LANGUAGES, Words, words
from shared.clock.civil import helsinki_date
from shared.contracts.answers import Refused
from shared.contracts.base import Contract, Language, Role
from shared.finnish.benefits import benefits
from shared.finnish.support_hours import is_open, next_opening
from shared.gate.facts import Function

TEMPLATES: Final = Path(__file__).parent / "templates"
_ENVIRONMENT: Final = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(
    request: Request,
    parts: Parts,
    template: str,
    *,
    session: Session | None = None,
    status: int = 200,
    **values: object,
) -> HTMLResponse:
    """A page in the reader's language."""
    language = language_wanted(request)
    t = words(language)
    path = request.url.path
    context = {
        "t": t,
        "language": language,
        "languages": LANGUAGES,
        "path": path,
        "here": path if path in STAYING else "/",
        "address": address,
        "frame": None if session is None else _frame(parts, session, language),
        "support": _support_line(parts, t),
        "announced": parts.news.of_every_page(),
        "ending": None if session is None else _ending(parts, session),
        **_writers(parts, language),
        **values,
    }
    return HTMLResponse(_ENVIRONMENT.get_template(template).render(context), status)


def shown(
    request: Request,
    parts: Parts,
    session: Session,
    template: str,
    answer: Contract,
    *,
    status: int = 200,
    **values: object,
) -> HTMLResponse:
    """The page of an answer, or the page that says why it was refused."""
    if isinstance(answer, Refused):
        return render(request, parts, "refused.html", session=session, status=403, answer=answer)
    return render(request, parts, template, session=session, status=status, answer=answer, **values)


def option_rows(parts: Parts, available: tuple[Option, ...], language: Language) -> list[dict[str, str]]:
    """The choices of a person with their names, as a form shows them."""
    return [
        {
            "value": f"{option.organisation}/{option.member}",
            "organisation": parts.names.organisation(option.organisation, language),
            "member": parts.names.municipality(option.member, language),
            "roles": ", ".join(words(language).of("role", role) for role in option.roles),
        }
        for option in available
    ]


def behalf_line(parts: Parts, acting: Acting, language: Language) -> str:
    """In whose name, in words; a municipality that acts for itself is named once."""
    organisation = parts.names.organisation(acting.organisation, language)
    member = parts.names.municipality(acting.member, language)
    if member in {"", organisation}:
        return organisation
    return words(language)("frame.behalf", organisation=organisation, member=member)


def _frame(parts: Parts, session: Session, language: Language) -> Frame:
    token = form_token(parts, session)
    if not parts.agreements.ready:
        return Frame(session.identity.name, token)
    available = parts.options_of(session.identity)
    acting = parts.acting_of(session, Wish()) or Acting("", None, ())
    roles = acting.roles
    return Frame(
        name=session.identity.name,
        behalf=behalf_line(parts, acting, language),
        choosable=len(available) > 1,
        # Whoever has no mandate may try: the gate tells why not, and logs it.
        may_search=offered(Function.VIEW_PERSON, roles) or not available,
        may_claim=offered(Function.REGISTER_CLAIM, roles),
        may_hand_over=offered(Function.HAND_OVER_CLAIMS, roles),
        may_handle_claims=offered(Function.HANDLE_CLAIMS, roles),
        may_see_claims=offered(Function.VIEW_CLAIMS, roles) or offered(Function.HANDLE_CLAIMS, roles),
        may_list=offered(Function.VIEW_LIST, roles),
        may_see_notices=offered(Function.VIEW_NOTICES, roles),
        may_handle_notices=offered(Function.HANDLE_NOTICES, roles),
        may_annotate=offered(Function.ANNOTATE, roles),
        may_state_emergency=Role.EMERGENCY_WORKER in roles,
        may_search_log=offered(Function.AUDIT_SEARCH, roles),
        may_see_log_reports=offered(Function.GENERIC_REPORT, roles),
        may_handle_anomalies=offered(Function.HANDLE_ALERTS, roles),
        may_see_billing=offered(Function.VIEW_BILLING, roles),
        may_see_records=offered(Function.VIEW_RECORDS, roles),
        may_keep_news=is_officer(parts, session),
        may_supervise=bool(parts.supervised_by(session.identity)),
        form_token=token,
    )


def _ending(parts: Parts, session: Session) -> Mapping[str, object] | None:
    """When the session ends if nothing more is done, and after how many minutes the page says so."""
    now = parts.now()
    ends = min(session.ends_at, now + parts.settings.idle)
    after = warned_after(now, ends)
    return None if after is None else {"ends": ends, "after": after}


def _support_line(parts: Parts, t: Words) -> str:
    now = parts.clock.now()
    if is_open(now):
        return t("support.open")
    opens = helsinki_date(next_opening(now))
    return t("support.closed", weekday=writing.weekday(opens, t.language), day=writing.day(opens))


def _writers(parts: Parts, language: Language) -> Mapping[str, object]:
    known = benefits()
    today = helsinki_date(parts.clock.now())

    def benefit_name(code: str) -> str:
        return known[code].name(language) if code in known else code

    return {
        "day": writing.day,
        "period": writing.period,
        "month": writing.month,
        "clock": partial(writing.clock, language=language),
        "number": partial(writing.number, language=language),
        "moment": partial(writing.moment, language=language),
        "euros": partial(writing.euros, language=language),
        "benefit_name": benefit_name,
        "organisation": partial(parts.names.organisation, language=language),
        "municipality": partial(parts.names.municipality, language=language),
        "benefit_choices": [(one.code, one.name(language)) for one in known.values() if one.exists_on(today)],
        "today": today,
    }
