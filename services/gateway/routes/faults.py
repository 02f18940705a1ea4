"""Fault reports (vikailmoitus): a user tells of a fault and gets its number; Kela's officer sees and answers them."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal
from uuid import uuid4

from fastapi import APIRouter, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.responses import Response

from services.gateway.domain.acting import Wish
from services.gateway.domain.plain_text import impersonal, names_a_person
from services.gateway.forms import Rejected, checked_form, read
from services.gateway.keeping import form_key
from services.gateway.officers import is_officer, officer_of, worker_of
from services.gateway.parts import NeedsSession, Parts, PartsOf
from services.gateway.rendering import render
from services.gateway.sessions import Session
from services.gateway.store.news import NewFault

router = APIRouter(include_in_schema=False)
AREAS: Final = ("search", "claims", "notices", "lists", "billing", "log", "agreements", "sign_in", "other")
"""Where a fault may have shown itself."""


Words = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(impersonal)]


class ReportForm(BaseModel):
    """A fault as it is reported."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    idempotency_key: Annotated[str, Field(pattern=r"^[0-9a-zA-Z-]{8,64}$")]
    area: Literal["search", "claims", "notices", "lists", "billing", "log", "agreements", "sign_in", "other"]
    text: Words


class StepForm(BaseModel):
    """What was done about a fault."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    number: Annotated[int, Field(ge=1, le=2**62)]
    step: Annotated[int, Field(ge=1, le=10_000)]
    state: Literal["taken", "solved"]
    remark: Words


@router.get("/faults")
async def faults(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """An empty form, the reader's own reports, and for Kela's officer everybody's."""
    return await _page(request, parts, session, {})


@router.post("/faults")
async def report(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """Keep a report and tell its number; what names a client is refused and kept nowhere."""
    worker = worker_of(parts, session)
    fields = await checked_form(request, parts, session)
    form = read(ReportForm, fields)
    if isinstance(form, Rejected):
        personal = names_a_person(*fields.values())
        kept = {"area": fields.get("area", "")} if personal else fields
        errors = (("text", "personal"),) if personal else tuple((name, "missing") for name in form.fields)
        return await _page(request, parts, session, kept, errors=errors, status=422)
    acting = parts.acting_of(session, Wish())
    fault = NewFault(
        key=form_key(worker, form.idempotency_key),
        organisation="" if acting is None else acting.organisation,
        worker=worker,
        page=form.area,
        text=form.text,
        at=parts.clock.now(),
    )
    return await _page(request, parts, session, {}, number=await parts.faults.report(fault))


@router.post("/faults/step")
async def step(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """Take a report up, or answer that it is solved."""
    worker = officer_of(parts, session)
    form = read(StepForm, await checked_form(request, parts, session))
    if isinstance(form, Rejected):
        errors = tuple((name, "missing") for name in form.fields)
        return await _page(request, parts, session, {}, errors=errors, status=422)
    by = (worker, parts.clock.now())
    if await parts.faults.step(form.number, form.step, form.state, form.remark, by):
        return await _page(request, parts, session, {}, stepped=form.number)
    return await _page(request, parts, session, {}, errors=(("", "stale"),), status=409)


async def _page(
    request: Request, parts: Parts, session: Session, fields: Mapping[str, str], *, status: int = 200, **shown: object
) -> Response:
    handles = is_officer(parts, session)
    person = session.identity.identity_code
    values = {"errors": (), "number": None, "stepped": None, **shown}
    return render(
        request,
        parts,
        "faults.html",
        session=session,
        status=status,
        fields=fields,
        key=fields.get("idempotency_key") or uuid4().hex,
        areas=AREAS,
        own=() if person is None else await parts.faults.own(worker_of(parts, session)),
        all=await parts.faults.all() if handles else (),
        handles=handles,
        **values,
    )
