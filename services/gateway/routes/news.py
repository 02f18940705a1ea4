"""What Kela announces: read by everybody, kept by Kela's agreement officer, every version with who, when and why."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final, Self
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from starlette.responses import Response

from services.gateway.domain.announcing import KINDS, Announcement, Change, Kind, holds
from services.gateway.domain.plain_text import impersonal
from services.gateway.forms import Rejected, checked_form, read
from services.gateway.keeping import form_key
from services.gateway.officers import officer_of
from services.gateway.parts import MaybeSession, NeedsSession, Parts, PartsOf
from services.gateway.rendering import render
from services.gateway.sending import sent
from services.gateway.sessions import Session
from shared.clock.civil import at_helsinki, helsinki
from shared.contracts.base import Text
from shared.ids import event_id

router = APIRouter(include_in_schema=False)
YEARS: Final = (2010, 2100)


def _as_finns_write(value: datetime) -> datetime:
    if value.tzinfo is not None or not YEARS[0] <= value.year <= YEARS[1]:
        raise ValueError("the time of the clock on the wall in Finland")
    return at_helsinki(value.date(), value.time())


Title = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(impersonal)]
Body = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(impersonal)]
WallClock = Annotated[datetime, AfterValidator(_as_finns_write)]


class EditForm(BaseModel):
    """One version of an announcement, as the editor sends it."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    idempotency_key: Annotated[str, Field(pattern=r"^[0-9a-zA-Z-]{8,64}$")]
    id: UUID | None = None
    version: Annotated[int, Field(ge=0)] = 0
    """The version that was open in the editor; 0 for a new announcement."""
    kind: Kind
    title_fi: Title
    title_sv: Title
    title_en: Title
    text_fi: Body
    text_sv: Body
    text_en: Body
    first: WallClock
    last: WallClock | None = None
    withdrawn: bool = False
    reason: Annotated[str, Field(min_length=1, max_length=500), AfterValidator(impersonal)]

    @model_validator(mode="after")
    def _ends_after_its_beginning(self) -> Self:
        if (self.id is None) != (self.version == 0):
            raise ValueError("an announcement that stands has an id and a version")
        return self

    @property
    def wrong_end(self) -> bool:
        """Whether its end is missing, or not after its beginning: a break has one."""
        return self.kind == "break" if self.last is None else self.last <= self.first

    def announcement(self, key: bytes) -> Announcement:
        """The version to keep; the same form makes the same id again."""
        return Announcement(
            id=self.id or event_id("announcement", key.hex()),
            version=self.version + 1,
            kind=self.kind,
            title=Text(fi=self.title_fi, sv=self.title_sv, en=self.title_en),
            text=Text(fi=self.text_fi, sv=self.text_sv, en=self.text_en),
            first=self.first,
            last=self.last,
            withdrawn=self.withdrawn,
        )


class OpenForm(BaseModel):
    """Which announcement to open in the editor."""

    model_config = ConfigDict(extra="forbid")

    id: UUID


@router.get("/news")
async def news(request: Request, parts: PartsOf, session: MaybeSession) -> Response:
    """The news of today, for everybody."""
    return render(request, parts, "news.html", session=session, news=parts.news.news())


@router.get("/news/edit")
async def editor(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """Every announcement, and an empty form."""
    officer_of(parts, session)
    return await _page(request, parts, session, {})


@router.post("/news/open")
async def open_(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """One announcement in the editor, with its history."""
    officer_of(parts, session)
    asked = await sent(request, parts, session, OpenForm)
    history = await parts.news.store.history(asked.id)
    if not history:
        return await _page(request, parts, session, {}, status=404, told="gone")
    return await _page(request, parts, session, _typed(history[0].announcement), history=history)


@router.post("/news/edit")
async def save(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """Keep the form as the next version, or show it again with what is wrong."""
    worker = officer_of(parts, session)
    fields = await checked_form(request, parts, session)
    form = read(EditForm, fields)
    if isinstance(form, Rejected):
        return await _page(request, parts, session, fields, errors=form.fields or ("id",), status=422)
    if form.wrong_end:
        return await _page(request, parts, session, fields, errors=("last",), status=422)
    key = form_key(worker, form.idempotency_key)
    kept = await parts.news.store.add(form.announcement(key), Change(worker, form.reason, parts.clock.now()), key)
    if kept == "stale":
        return await _page(request, parts, session, fields, told="stale", status=409)
    await parts.news.refresh()
    return await _page(request, parts, session, {}, told=kept)


async def _page(
    request: Request, parts: Parts, session: Session, fields: Mapping[str, str], *, status: int = 200, **shown: object
) -> Response:
    values = {"errors": (), "told": "", "history": (), **shown}
    now = parts.clock.now()
    rows = [(one, holds(one.announcement, now)) for one in await parts.news.store.current()]
    key = fields.get("idempotency_key") or uuid4().hex
    return render(
        request,
        parts,
        "news_edit.html",
        session=session,
        status=status,
        fields=fields,
        key=key,
        kinds=KINDS,
        rows=rows,
        **values,
    )


def _typed(one: Announcement) -> dict[str, str]:
    """An announcement as the fields of its form."""
    texts = {f"title_{language}": value for language, value in one.title.model_dump().items()}
    texts |= {f"text_{language}": value for language, value in one.text.model_dump().items()}
    return {
        "id": str(one.id),
        "version": str(one.version),
        "kind": one.kind,
        **texts,
        "first": _wall_clock(one.first),
        "last": "" if one.last is None else _wall_clock(one.last),
        "withdrawn": "yes" if one.withdrawn else "",
    }


def _wall_clock(value: datetime) -> str:
    return helsinki(value).strftime("%Y-%m-%dT%H:%M")
