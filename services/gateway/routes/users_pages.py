"""Users and mandates of the own organisation: the main user's review of leavers and idle accounts, and what follows.

Workers are pseudonyms here as in the agreements service; a main user finds one by identity code, which goes by POST,
becomes a pseudonym at once and is neither sent on nor shown again.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal
from uuid import uuid4

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from services.gateway.domain import record_acts
from services.gateway.domain.acting import Wish
from services.gateway.domain.reviewing import Reviewed, review
from services.gateway.forms import Rejected, checked_form, read
from services.gateway.inquiring import Asker
from services.gateway.parts import LanguageOf, NeedsSession, Parts, PartsOf
from services.gateway.records_desk import change, found
from services.gateway.rendering import render, shown
from services.gateway.sending import sent
from services.gateway.sessions import Session
from shared.clock.civil import helsinki_date
from shared.contracts.agreements import MandateChanged, UserChanged
from shared.contracts.answers import ChangesDone, ChangesRefused, Refused
from shared.contracts.base import Channel, Contract, MunicipalityCode, Pseudonym, Role, Validity
from shared.finnish.errors import FormatError
from shared.finnish.identity_code import IdentityCode
from shared.gate.mandates import KELA
from shared.ids import event_id, pseudonym

router = APIRouter(include_in_schema=False)
_AT_KELA = (Role.AGREEMENT_OFFICER, Role.CLAIM_HANDLER, Role.AUDITOR)


class Nothing(BaseModel):
    """A form that says nothing more."""

    model_config = ConfigDict(extra="forbid")


class FindForm(BaseModel):
    """Which worker: by identity code, or by the pseudonym of a row."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    worker: Pseudonym | None = None
    identity_code: Annotated[str, Field(max_length=32, repr=False)] = ""


class AccountForm(BaseModel):
    """What to do with an account, on the version that was seen."""

    model_config = ConfigDict(extra="forbid")

    idempotency_key: Annotated[str, Field(pattern=r"^[0-9a-zA-Z_-]{8,64}$")]
    worker: Pseudonym
    version: Annotated[int, Field(ge=0)]
    """0: there is no account yet."""
    act: Literal["open", "unlock", "left", "lock"]
    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class EndForm(BaseModel):
    """The last day of a mandate, on the version that was seen."""

    model_config = ConfigDict(extra="forbid")

    idempotency_key: Annotated[str, Field(pattern=r"^[0-9a-zA-Z_-]{8,64}$")]
    worker: Pseudonym
    mandate: Annotated[str, Field(min_length=1, max_length=100)]
    version: Annotated[int, Field(ge=1)]
    last: date
    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class GiveForm(BaseModel):
    """A new mandate."""

    model_config = ConfigDict(extra="forbid")

    idempotency_key: Annotated[str, Field(pattern=r"^[0-9a-zA-Z_-]{8,64}$")]
    worker: Pseudonym
    member: MunicipalityCode
    role: Role
    first: date
    last: date | None = None
    reason: Annotated[str, Field(min_length=1, max_length=1000)]


@router.get("/users")
async def users(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """What the review is; it is read by the button."""
    return render(request, parts, "users.html", session=session, rows=None, errors=())


@router.post("/users")
async def reviewed(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """Every account and mandate of the organisation, those with something to do first."""
    await sent(request, parts, session, Nothing)
    rows = await _reviewed(parts, parts.asker(session, Wish(), Channel.UI, language))
    if isinstance(rows, Refused):
        return shown(request, parts, session, "refused.html", rows)
    return render(request, parts, "users.html", session=session, rows=rows, errors=())


@router.post("/users/open")
async def open_(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """One worker's account and mandates."""
    form = await sent(request, parts, session, FindForm)
    worker = form.worker or _pseudonym(parts, form.identity_code)
    if worker is None:
        return render(request, parts, "users.html", session=session, status=422, rows=None, errors=("identity_code",))
    return await _page(request, parts, session, parts.asker(session, Wish(), Channel.UI, language), worker)


@router.post("/users/account")
async def account(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """Open, unlock or lock an account."""
    fields = await checked_form(request, parts, session)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    form = read(AccountForm, fields)
    if isinstance(form, Rejected):
        return await _wrong(request, parts, session, asker, fields, form)
    organisation = asker.acting.organisation
    history = await found(parts, asker, UserChanged, record=f"{organisation}/{form.worker}")
    if isinstance(history, Refused):
        return shown(request, parts, session, "refused.html", history)
    before = next((one for one in history.records if one.version == form.version), None)
    day = helsinki_date(parts.clock.now())
    record = record_acts.account_of(organisation, form.worker, before, form.act, day)
    return await _changed(request, parts, session, asker, form, record)


@router.post("/users/mandate/end")
async def end(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """Give a mandate its last day."""
    fields = await checked_form(request, parts, session)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    form = read(EndForm, fields)
    if isinstance(form, Rejected):
        return await _wrong(request, parts, session, asker, fields, form)
    history = await found(parts, asker, MandateChanged, record=form.mandate)
    if isinstance(history, Refused):
        return shown(request, parts, session, "refused.html", history)
    before = next((one for one in history.records if one.version == form.version), None)
    if before is None:
        return await _page(request, parts, session, asker, form.worker)
    return await _changed(request, parts, session, asker, form, record_acts.ended(before, form.last))


@router.post("/users/mandate/give")
async def give(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """Give a mandate."""
    fields = await checked_form(request, parts, session)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    form = read(GiveForm, fields)
    if isinstance(form, Rejected):
        return await _wrong(request, parts, session, asker, fields, form)
    organisation = asker.acting.organisation
    number = f"M-{organisation}-{event_id('mandate', organisation, form.idempotency_key).hex[:12]}"
    days = Validity(first=form.first, last=form.last)
    record = record_acts.mandated(number, organisation, form.worker, form.member, (form.role,), days)
    return await _changed(request, parts, session, asker, form, record)


async def _reviewed(parts: Parts, asker: Asker) -> tuple[Reviewed, ...] | Refused:
    """The review of the asker's own organisation, an officer's too."""
    users_found = await found(parts, asker, UserChanged)
    if isinstance(users_found, Refused):
        return users_found
    mandates = await found(parts, asker, MandateChanged)
    if isinstance(mandates, Refused):
        return mandates
    own = asker.acting.organisation
    return review(
        (one for one in users_found.records if one.organisation == own),
        (one for one in mandates.records if one.organisation == own),
        helsinki_date(parts.clock.now()),
    )


async def _wrong(
    request: Request, parts: Parts, session: Session, asker: Asker, fields: Mapping[str, str], form: Rejected
) -> Response:
    found_ = read(FindForm, {"worker": fields.get("worker", "")})
    if isinstance(found_, Rejected) or found_.worker is None:
        return render(request, parts, "users.html", session=session, status=422, rows=None, errors=form.fields)
    return await _page(request, parts, session, asker, found_.worker, errors=form.fields)


async def _changed(
    request: Request,
    parts: Parts,
    session: Session,
    asker: Asker,
    form: AccountForm | EndForm | GiveForm,
    record: Contract,
) -> Response:
    answer = await change(parts, asker, form.idempotency_key, form.reason, record)
    return await _page(request, parts, session, asker, form.worker, answer=answer)


async def _page(
    request: Request,
    parts: Parts,
    session: Session,
    asker: Asker,
    worker: Pseudonym,
    *,
    errors: tuple[str, ...] = (),
    answer: ChangesDone | ChangesRefused | Refused | None = None,
) -> Response:
    if isinstance(answer, Refused):
        return shown(request, parts, session, "refused.html", answer)
    rows = await _reviewed(parts, asker)
    if isinstance(rows, Refused):
        return shown(request, parts, session, "refused.html", rows)
    row = next((one for one in rows if one.worker == worker), None)
    own = asker.acting.organisation
    roles = [one for one in Role if (one in _AT_KELA) == (own == KELA)]
    return render(
        request,
        parts,
        "user.html",
        session=session,
        status=422 if errors or isinstance(answer, ChangesRefused) else 200,
        worker=worker,
        row=row,
        errors=errors,
        faults=answer.faults if isinstance(answer, ChangesRefused) else (),
        done=answer if isinstance(answer, ChangesDone) else None,
        key=uuid4().hex,
        roles=roles,
        members=sorted({option.member for option in parts.options_of(session.identity) if option.organisation == own}),
    )


def _pseudonym(parts: Parts, typed: str) -> Pseudonym | None:
    try:
        code = IdentityCode.parse(typed, allow_artificial=True)
    except FormatError:
        return None
    return pseudonym(parts.pseudonym_key, "worker", code.reveal())
