"""Server-rendered pages: one Jinja environment, and the frame that every page has."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from services.gateway.domain import writing
from services.gateway.domain.acting import Acting, Option, Wish
from services.gateway.domain.support import support_at
from services.gateway.names import municipality_name, organisation_name
from services.gateway.parts import Parts, language_wanted
from services.gateway.sessions import Session
from services.gateway.words import LANGUAGES, Words, words
from shared.clock.civil import helsinki_date
from shared.contracts.base import Language, Role
from shared.finnish.benefits import benefits

_ENVIRONMENT: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
VIEWERS: Final = frozenset({Role.VIEWER, Role.FEE_CLERK, Role.ASSISTANCE_HANDLER, Role.MAINTENANCE_OFFICER})
CLAIMANTS: Final = frozenset({Role.FEE_CLERK, Role.ASSISTANCE_HANDLER, Role.MAINTENANCE_OFFICER})
STAYING: Final = frozenset({"/", "/behalf", "/claims/new", "/help"})
"""Pages that a change of language comes back to; others were the answer to a form and are gone."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page: who, in whose name, what this role may do, when support answers."""

    name: str
    form_token: str
    behalf: str = ""
    choosable: bool = False
    may_search: bool = False
    may_claim: bool = False


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
        "here": path if path in STAYING else "/",
        "frame": None if session is None else _frame(parts, session, language),
        "support": _support_line(parts, t),
        **_writers(parts, language),
        **values,
    }
    return HTMLResponse(_ENVIRONMENT.get_template(template).render(context), status)


def option_rows(parts: Parts, available: tuple[Option, ...], language: Language) -> list[dict[str, str]]:
    """The choices of a person with their names, as a form shows them."""
    directory = parts.agreements.directory
    return [
        {
            "value": f"{option.organisation}/{option.member}",
            "organisation": organisation_name(directory, option.organisation, language),
            "member": municipality_name(directory, option.member, language),
            "roles": ", ".join(words(language).of("role", role) for role in option.roles),
        }
        for option in available
    ]


def behalf_line(parts: Parts, acting: Acting, language: Language) -> str:
    """In whose name, in words; a municipality that acts for itself is named once."""
    directory = parts.agreements.directory
    organisation = organisation_name(directory, acting.organisation, language)
    member = municipality_name(directory, acting.member, language)
    if member in {"", organisation}:
        return organisation
    return words(language)("frame.behalf", organisation=organisation, member=member)


def _frame(parts: Parts, session: Session, language: Language) -> Frame:
    token = parts.keys.form_token(session.token)
    if not parts.agreements.ready:
        return Frame(session.identity.name, token)
    available = parts.options_of(session.identity)
    acting = parts.acting_of(session, Wish()) or Acting("", None, ())
    roles = frozenset(acting.roles)
    return Frame(
        name=session.identity.name,
        behalf=behalf_line(parts, acting, language),
        choosable=len(available) > 1,
        may_search=bool(roles & VIEWERS) or not available,
        may_claim=bool(roles & CLAIMANTS),
        form_token=token,
    )


def _support_line(parts: Parts, t: Words) -> str:
    support = support_at(parts.clock.now())
    if support.opens_on is None:
        return t("support.open")
    weekday = t(f"weekday.{support.opens_on.weekday()}")
    return t("support.closed", weekday=weekday, day=writing.day(support.opens_on))


def _writers(parts: Parts, language: Language) -> Mapping[str, object]:
    known = benefits()

    def benefit_name(code: str) -> str:
        return known[code].name(language) if code in known else code

    return {
        "day": writing.day,
        "period": writing.period,
        "moment": partial(writing.moment, language=language),
        "euros": partial(writing.euros, language=language),
        "benefit_name": benefit_name,
        "municipality": partial(_municipality, parts, language=language),
        "today": helsinki_date(parts.clock.now()),
    }


def _municipality(parts: Parts, code: str | None, language: Language) -> str:
    return municipality_name(parts.agreements.directory, code, language)
