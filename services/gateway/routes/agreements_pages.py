"""Agreements as pages: seen as known on one day and valid on another, with history, and changed by one act at a time.

No client's data stands in them, so they are read without a purpose. Who may see and change what, the agreements
service decides: Kela's officer everything, a main user the own organisation's.
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
from services.gateway.domain.differing import changes
from services.gateway.forms import Rejected, checked_form, read
from services.gateway.inquiring import Asker
from services.gateway.officers import is_officer
from services.gateway.parts import LanguageOf, NeedsSession, Parts, PartsOf
from services.gateway.records_desk import change, found
from services.gateway.rendering import render, shown
from services.gateway.sending import sent
from services.gateway.sessions import Session
from shared.contracts.agreements import AgreementChanged, Contact
from shared.contracts.answers import ChangesDone, ChangesRefused, Refused
from shared.contracts.base import Channel, Validity

router = APIRouter(include_in_schema=False)


class AsOfForm(BaseModel):
    """Which agreements to see; days that are left out are today."""

    model_config = ConfigDict(extra="forbid")

    known: date | None = None
    valid: date | None = None


class OpenForm(BaseModel):
    """Which agreement to see."""

    model_config = ConfigDict(extra="forbid")

    agreement: Annotated[str, Field(min_length=1, max_length=100)]


class ActForm(OpenForm):
    """One act on one agreement, on the version that was seen."""

    version: Annotated[int, Field(ge=1)]
    idempotency_key: Annotated[str, Field(pattern=r"^[0-9a-zA-Z_-]{8,64}$")]
    act: Literal["suspend", "resume", "suspend_days", "terminate", "add_account", "confirm_account", "contact"]
    reason: Annotated[str, Field(min_length=1, max_length=1000)]
    first: date | None = None
    last: date | None = None
    account: Annotated[str, Field(max_length=40)] = ""
    iban: Annotated[str, Field(max_length=50)] = ""
    contact: Literal["administrative", "technical", "billing", "log_supervisor"] = "administrative"
    name: Annotated[str, Field(max_length=100)] = ""
    email: Annotated[str, Field(max_length=200)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """Fields that the act needs and that were left empty."""
        needed: Mapping[str, tuple[str, ...]] = {
            "suspend_days": ("first", "last"),
            "terminate": ("last",),
            "add_account": ("account", "iban"),
            "confirm_account": ("account",),
            "contact": ("name",),
        }
        return tuple(name for name in needed.get(self.act, ()) if not getattr(self, name))

    def done_to(self, before: AgreementChanged) -> AgreementChanged:
        """The next version.

        Raises:
            ValueError: The act has no days; `missing` tells so before.
        """
        match self.act:
            case "suspend":
                after = record_acts.suspended(before)
            case "resume":
                after = record_acts.resumed(before)
            case "suspend_days":
                days = Validity.model_validate(self.model_dump(include={"first", "last"}))
                after = record_acts.suspended_for(before, days)
            case "terminate" if self.last is not None:
                after = record_acts.terminated(before, self.last)
            case "add_account":
                after = record_acts.with_account(before, self.account, self.iban.replace(" ", ""))
            case "confirm_account":
                after = record_acts.with_confirmed(before, self.account)
            case "contact":
                contact = Contact(kind=self.contact, name=self.name, email=self.email, phone=self.phone)
                after = record_acts.with_contact(before, contact)
            case _:
                raise ValueError("a termination has a last day")
        return after


@router.get("/agreements")
async def agreements(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """How to look: the days of the as-of view."""
    return render(
        request,
        parts,
        "agreements.html",
        session=session,
        answer=None,
        asked=AsOfForm(),
        officer=is_officer(parts, session),
    )


@router.post("/agreements")
async def as_of(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """The agreements as known on one day and valid on another."""
    asked = await sent(request, parts, session, AsOfForm)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    answer = await found(parts, asker, AgreementChanged, known=asked.known, valid=asked.valid)
    if isinstance(answer, Refused):
        return shown(request, parts, session, "refused.html", answer)
    return render(
        request,
        parts,
        "agreements.html",
        session=session,
        answer=answer,
        asked=asked,
        officer=is_officer(parts, session),
    )


@router.post("/agreements/open")
async def open_(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """One agreement with its whole history, and what may be done to it."""
    asked = await sent(request, parts, session, OpenForm)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    return await _page(request, parts, session, asker, asked.agreement)


@router.post("/agreements/change")
async def act(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """Do one act, and show the agreement as it stands then, or what is wrong."""
    fields = await checked_form(request, parts, session)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    form = read(ActForm, fields)
    wrong = form.fields if isinstance(form, Rejected) else form.missing
    if isinstance(form, Rejected) or wrong:
        return await _page(request, parts, session, asker, fields.get("agreement", ""), fields=fields, errors=wrong)
    history = await found(parts, asker, AgreementChanged, record=form.agreement)
    if isinstance(history, Refused):
        return shown(request, parts, session, "refused.html", history)
    before = next((one for one in history.records if one.version == form.version), None)
    if before is None:
        return await _page(request, parts, session, asker, form.agreement)
    answer = await change(parts, asker, form.idempotency_key, form.reason, form.done_to(before))
    return await _page(request, parts, session, asker, form.agreement, fields=fields, answer=answer)


async def _page(
    request: Request,
    parts: Parts,
    session: Session,
    asker: Asker,
    number: str,
    *,
    fields: Mapping[str, str] | None = None,
    errors: tuple[str, ...] = (),
    answer: ChangesDone | ChangesRefused | Refused | None = None,
) -> Response:
    if isinstance(answer, Refused):
        return shown(request, parts, session, "refused.html", answer)
    history = await found(parts, asker, AgreementChanged, record=number[:100])
    if isinstance(history, Refused):
        return shown(request, parts, session, "refused.html", history)
    if not history.records:
        return render(request, parts, "agreement.html", session=session, status=404, agreement=None)
    refused = isinstance(answer, ChangesRefused)
    return render(
        request,
        parts,
        "agreement.html",
        session=session,
        status=422 if errors or refused else 200,
        agreement=history.records[-1],
        versions=tuple(reversed(history.versions)),
        changes=changes(history.versions),
        fields=fields if fields and (errors or refused) else {},
        errors=errors,
        faults=answer.faults if isinstance(answer, ChangesRefused) else (),
        done=answer if isinstance(answer, ChangesDone) else None,
        key=uuid4().hex,
        officer=is_officer(parts, session),
        contacts=("administrative", "technical", "billing", "log_supervisor"),
    )
