"""What Kela announces, every version kept, and faults that users reported with what was done about them."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, TextClause, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.domain.announcing import Announcement, Change, Version
from shared.contracts.base import Text

Kept = Literal["kept", "repeated", "stale"]
"""Kept now; kept before by the same form; or somebody else changed it meanwhile and nothing was kept."""
FaultState = Literal["taken", "solved"]
_COLUMNS = (
    "id, version, kind, title_fi, title_sv, title_en, text_fi, text_sv, text_en, first, last, withdrawn,"
    " worker, reason, at"
)
_CURRENT = text(
    f"select * from (select distinct on (id) {_COLUMNS} from announcement_version"
    " order by id, version desc) as newest order by first desc, id limit :limit"
)
_HISTORY = text(f"select {_COLUMNS} from announcement_version where id = :id order by version desc")
_ADD = text(
    f"insert into announcement_version ({_COLUMNS}, key) values (:id, :version, :kind, :title_fi, :title_sv,"
    " :title_en, :text_fi, :text_sv, :text_en, :first, :last, :withdrawn, :worker, :reason, :at, :key)"
)
_KNOWN = text("select 1 from announcement_version where key = :key")
_REPORT = text(
    "with added as (insert into fault_report (key, organisation, worker, page, text, at)"
    " values (:key, :organisation, :worker, :page, :text, :at) on conflict (key) do nothing returning number)"
    " select number from added union all select number from fault_report where key = :key limit 1"
)
_FAULTS = (
    "select f.number, f.organisation, f.worker, f.page, f.text, f.at, s.step, s.state, s.remark, s.at as stepped"
    " from fault_report f left join lateral"
    " (select * from fault_step where number = f.number order by step desc limit 1) s on true"
)
_OWN = text(f"{_FAULTS} where f.worker = :worker order by f.number desc limit :limit")
_ALL = text(f"{_FAULTS} order by (s.state is not distinct from 'solved'), f.number desc limit :limit")
_STEP = text(
    "insert into fault_step (number, step, state, remark, worker, at)"
    " select :number, :step, :state, :remark, :worker, :at where exists"
    " (select from fault_report where number = :number) on conflict do nothing"
)
MOST = 200


@dataclass(frozen=True, slots=True)
class NewFault:
    """A fault as a user reports it. Its text was looked through: no identity code stands in it."""

    key: bytes
    organisation: str
    worker: str
    """Pseudonym."""
    page: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Fault:
    """A reported fault, and the newest of what was done about it."""

    number: int
    organisation: str
    worker: str
    page: str
    text: str
    at: datetime
    step: int | None
    state: FaultState | None
    """None: nobody has taken it yet."""
    remark: str | None
    stepped: datetime | None


class AnnouncementStore:
    """Announcements in the gateway's own PostgreSQL; history only grows."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def current(self) -> tuple[Version, ...]:
        """The newest version of each announcement, withdrawn ones too, newest beginning first."""
        async with self._engine.connect() as connection:
            return tuple(map(_version, await connection.execute(_CURRENT, {"limit": MOST})))

    async def history(self, announcement: UUID) -> tuple[Version, ...]:
        """All versions of one announcement, the newest first."""
        async with self._engine.connect() as connection:
            return tuple(map(_version, await connection.execute(_HISTORY, {"id": announcement})))

    async def add(self, one: Announcement, change: Change, key: bytes) -> Kept:
        """Keep a version; the primary key lets only one follow each version."""
        values = {
            "id": one.id,
            "version": one.version,
            "kind": one.kind,
            **{f"title_{language}": value for language, value in one.title.model_dump().items()},
            **{f"text_{language}": value for language, value in one.text.model_dump().items()},
            "first": one.first,
            "last": one.last,
            "withdrawn": one.withdrawn,
            **asdict(change),
            "key": key,
        }
        async with self._engine.connect() as connection:
            try:
                await connection.execute(_ADD, values)
            except IntegrityError:
                known = (await connection.execute(_KNOWN, {"key": key})).first()
                return "stale" if known is None else "repeated"
        return "kept"


class FaultStore:
    """Fault reports in the gateway's own PostgreSQL."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def report(self, fault: NewFault) -> int:
        """Keep a report and return its number; one that is sent twice keeps its number."""
        async with self._engine.connect() as connection:
            number: int | None = (await connection.execute(_REPORT, asdict(fault))).scalar()
            if number is None:  # Twice at once: the other's row was not visible to this statement, it is to the next.
                number = (await connection.execute(_REPORT, asdict(fault))).scalar_one()
        return number

    async def own(self, worker: str) -> tuple[Fault, ...]:
        """The reports of one worker, newest first."""
        return await self._faults(_OWN, worker=worker)

    async def all(self) -> tuple[Fault, ...]:
        """Every report, solved ones last."""
        return await self._faults(_ALL)

    async def step(self, number: int, step: int, state: FaultState, remark: str, by: tuple[str, datetime]) -> bool:
        """Note what was done; False when another has taken the same step, or there is no such report."""
        worker, at = by
        values = {"number": number, "step": step, "state": state, "remark": remark, "worker": worker, "at": at}
        async with self._engine.connect() as connection:
            return (await connection.execute(_STEP, values)).rowcount == 1

    async def _faults(self, statement: TextClause, **values: object) -> tuple[Fault, ...]:
        async with self._engine.connect() as connection:
            found = await connection.execute(statement, {"limit": MOST, **values})
            return tuple(Fault(**row) for row in found.mappings())


def _version(row: Row[Any]) -> Version:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for a row by column
    title, words = (
        Text(fi=values[f"{part}_fi"], sv=values[f"{part}_sv"], en=values[f"{part}_en"]) for part in ("title", "text")
    )
    one = Announcement(
        id=values["id"],
        version=values["version"],
        kind=values["kind"],
        title=title,
        text=words,
        first=values["first"],
        last=values["last"],
        withdrawn=values["withdrawn"],
    )
    return Version(one, Change(values["worker"], values["reason"], values["at"]))
