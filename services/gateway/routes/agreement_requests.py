"""The way to an agreement: request, security statement, acceptance, signature, opening, each by whose step it is."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal
from uuid import uuid4

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.responses import Response

from services.gateway.domain import record_acts
from services.gateway.domain.acting import Wish
from services.gateway.domain.record_acts import KELA_ACTS, OWN_ACTS, PathAct
from services.gateway.forms import Rejected, checked_form, read
from services.gateway.inquiring import Asker
from services.gateway.officers import is_officer
from services.gateway.parts import LanguageOf, NeedsSession, Parts, PartsOf
from services.gateway.records_desk import Found, change, found
from services.gateway.rendering import render, shown
from services.gateway.sending import sent
from services.gateway.sessions import Session
from shared.contracts.agreements import AgreementPath
from shared.contracts.answers import ChangesDone, ChangesRefused, Refused
from shared.contracts.base import Channel, Contract, MunicipalityCode, Purpose
from shared.ids import event_id

router = APIRouter(include_in_schema=False)
LAW = "L 812/2000 21 §"
"""The section on which nearly every agreement rests; the form offers it and takes another."""
WINDOW = 24
"""Months shown back by a new agreement unless the officer says otherwise (assumed)."""


class Nothing(BaseModel):
    """A form that says nothing more."""

    model_config = ConfigDict(extra="forbid")


class RequestForm(BaseModel):
    """A request for an agreement."""

    model_config = ConfigDict(extra="forbid")

    idempotency_key: Annotated[str, Field(pattern=r"^[0-9a-zA-Z_-]{8,64}$")]
    municipalities: Annotated[tuple[MunicipalityCode, ...], Field(min_length=1, max_length=50)]
    law: Annotated[str, Field(min_length=1, max_length=200)]
    reason: Annotated[str, Field(min_length=1, max_length=1000)]

    @field_validator("municipalities", mode="before")
    @classmethod
    def _split(cls, typed: object) -> object:
        return tuple(typed.replace(",", " ").split()) if isinstance(typed, str) else typed


class StepForm(BaseModel):
    """The next step of a request, on the version that was seen."""

    model_config = ConfigDict(extra="forbid")

    idempotency_key: Annotated[str, Field(pattern=r"^[0-9a-zA-Z_-]{8,64}$")]
    path: Annotated[str, Field(min_length=1, max_length=100)]
    version: Annotated[int, Field(ge=1)]
    act: Literal["statement", "withdraw", "accept", "sign", "open"]
    reason: Annotated[str, Field(min_length=1, max_length=1000)]
    signatory: Annotated[str, Field(max_length=200)] | None = None
    first: date | None = None
    months: Annotated[int, Field(ge=1, le=240)] = WINDOW
    covers_charge: bool = False
    covers_verify: bool = False
    covers_claim: bool = False
    covers_tmt_list: bool = False
    covers_invoice_list: bool = False
    covers_etotu: bool = False

    @property
    def purposes(self) -> tuple[Purpose, ...]:
        """The purposes that the agreement is to cover."""
        return tuple(one for one in Purpose if getattr(self, f"covers_{one.lower()}"))

    @property
    def missing(self) -> tuple[str, ...]:
        """What the step needs and was left empty."""
        if self.act == "sign" and not self.signatory:
            return ("signatory",)
        return ("first",) if self.act == "open" and self.first is None else ()

    def records(self, before: AgreementPath) -> tuple[Contract, ...]:
        """What the step changes: opening makes the agreement too, in the same command."""
        if self.act != "open" or self.first is None:
            return (record_acts.stepped(before, self.act, signatory=self.signatory, agreement=None),)
        number = f"A-{before.id.removeprefix('P-')}"
        agreement = record_acts.opened(before, number, self.first, self.months, self.purposes)
        return (agreement, record_acts.stepped(before, "open", signatory=None, agreement=number))


@router.get("/agreements/request")
async def requests(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """How an agreement is made; the requests are read by the button."""
    return _page(request, parts, session, None)


@router.post("/agreements/request")
async def read_requests(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """The requests that the reader may see, each with its next step."""
    await sent(request, parts, session, Nothing)
    return await _found(request, parts, session, parts.asker(session, Wish(), Channel.UI, language))


@router.post("/agreements/request/new")
async def ask(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """Ask for an agreement."""
    fields = await checked_form(request, parts, session)
    form = read(RequestForm, fields)
    if isinstance(form, Rejected):
        return _page(request, parts, session, None, fields=fields, errors=form.fields, status=422)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    organisation = asker.acting.organisation
    number = f"P-{organisation}-{event_id('path', organisation, form.idempotency_key).hex[:8]}"
    path = record_acts.requested(number, organisation, form.municipalities, form.law)
    answer = await change(parts, asker, form.idempotency_key, form.reason, path)
    return await _found(request, parts, session, asker, fields=fields, answer=answer)


@router.post("/agreements/request/step")
async def step(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """Take the next step of a request."""
    fields = await checked_form(request, parts, session)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    form = read(StepForm, fields)
    wrong = form.fields if isinstance(form, Rejected) else form.missing
    if isinstance(form, Rejected) or wrong:
        return await _found(request, parts, session, asker, errors=wrong)
    history = await found(parts, asker, AgreementPath, record=form.path)
    if isinstance(history, Refused):
        return shown(request, parts, session, "refused.html", history)
    before = next((one for one in history.records if one.version == form.version), None)
    answer = None
    if before is not None:
        answer = await change(parts, asker, form.idempotency_key, form.reason, *form.records(before))
    return await _found(request, parts, session, asker, answer=answer)


async def _found(
    request: Request,
    parts: Parts,
    session: Session,
    asker: Asker,
    *,
    fields: Mapping[str, str] | None = None,
    errors: tuple[str, ...] = (),
    answer: ChangesDone | ChangesRefused | Refused | None = None,
) -> Response:
    if isinstance(answer, Refused):
        return shown(request, parts, session, "refused.html", answer)
    paths = await found(parts, asker, AgreementPath)
    if isinstance(paths, Refused):
        return shown(request, parts, session, "refused.html", paths)
    refused = isinstance(answer, ChangesRefused)
    return _page(
        request,
        parts,
        session,
        paths,
        fields=fields if refused and fields else {},
        errors=errors,
        status=422 if errors or refused else 200,
        faults=answer.faults if isinstance(answer, ChangesRefused) else (),
        done=answer if isinstance(answer, ChangesDone) else None,
    )


def _page(
    request: Request,
    parts: Parts,
    session: Session,
    paths: Found[AgreementPath] | None,
    *,
    fields: Mapping[str, str] | None = None,
    status: int = 200,
    **shown_: object,
) -> Response:
    officer = is_officer(parts, session)
    acting = parts.acting_of(session, Wish())
    acts: Mapping[str, tuple[PathAct, ...]] = KELA_ACTS if officer else OWN_ACTS
    values = {"errors": (), "faults": (), "done": None, **shown_}
    return render(
        request,
        parts,
        "agreement_request.html",
        session=session,
        status=status,
        paths=paths,
        acts=acts,
        fields=fields or {},
        key=uuid4().hex,
        law=LAW,
        window=WINDOW,
        purposes=tuple(Purpose),
        member=acting.member if acting else None,
        officer=officer,
        **values,
    )
