"""SQL of what allocation needs of the register, and of Kela's own claims: no names, no identity codes in clear.

Everything is read and written under the locks of the clients concerned. Every client's payments are kept, claimed or
not: a claim may come later and find the open ones.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Final, TypeVar
from uuid import UUID

from services.claims.domain.allocation import KELA, Claimed, Standing
from services.claims.domain.booking import Payment
from services.claims.store.claims import read_advances
from shared.contracts.claims import Ground

if TYPE_CHECKING:
    from asyncpg import Connection


@dataclass(frozen=True, slots=True)
class PersonRow:
    """The newest version of a person: whether and when the client died."""

    id: str
    version: int
    client: str
    died: date | None
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """The newest version of a decision: what was granted, and to whom it is paid."""

    id: str
    version: int
    client: str
    benefit: str
    decided: date
    granted: bool
    first: date | None
    last: date | None
    payee: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """The newest version of a payment. `payee`: to whom it is paid by the decision, as far as that is known.

    `gross` and `withheld` are None in a version that was told before they were kept.
    """

    id: str
    version: int
    client: str
    payee: str
    decision: str
    benefit: str
    payday: date
    first: date
    last: date
    net: Decimal
    paid_to: str
    withdrawn: bool
    gross: Decimal | None = None
    withheld: Decimal | None = None

    def payment(self) -> Payment:
        """The payment as it is shared out: nothing of one that was withdrawn or is not paid to the client."""
        nothing = self.withdrawn or self.paid_to != "client"
        whole = Payment(
            id=self.id,
            version=self.version,
            benefit=self.benefit,
            payday=self.payday,
            first=self.first,
            last=self.last,
            net=self.net,
            gross=self.gross,
            withheld=self.withheld,
        )
        return whole.emptied() if nothing else whole


@dataclass(frozen=True, slots=True)
class KelaRow:
    """The newest version of one of Kela's own claims; `personal` is the client's identity code, sealed."""

    id: UUID
    version: int
    client: str
    benefit: str
    decided: date
    arrived: datetime
    first: date
    last: date | None
    stops_from: date | None
    advances: str
    personal: str

    def claimed(self) -> Claimed:
        """The claim as the allocation sees it: Kela has decided it."""
        return Claimed(
            id=self.id,
            body=KELA,
            ground=Ground.TOTUL_23,
            benefit=self.benefit,
            arrived=self.arrived,
            first=self.first,
            last=self.last,
            standing=Standing.PAID,
            origin=self.decided,
            advances=read_advances(self.advances),
            stops_from=self.stops_from,
        )


R = TypeVar("R", PersonRow, DecisionRow, PaymentRow, KelaRow)
_TYPES: Final = {
    PersonRow: ("register_person", ("text", "int", "text", "date", "bool")),
    DecisionRow: (
        "register_decision",
        ("text", "int", "text", "text", "date", "bool", "date", "date", "text", "bool"),
    ),
    PaymentRow: (
        "register_payment",
        (
            "text",
            "int",
            "text",
            "text",
            "text",
            "text",
            "date",
            "date",
            "date",
            "numeric",
            "text",
            "bool",
            "numeric",
            "numeric",
        ),
    ),
    KelaRow: (
        "kela_claim",
        ("uuid", "int", "text", "text", "date", "timestamptz", "date", "date", "date", "text", "text"),
    ),
}
"""The table of each kind of row and the types of its columns, in the order of its fields."""


def _upsert(kind: type[R]) -> str:
    table, types = _TYPES[kind]
    names = [field.name for field in fields(kind)]
    read = ", ".join("advances::jsonb" if name == "advances" else name for name in names)
    arrays = ", ".join(f"${n}::{type_}[]" for n, type_ in enumerate(types, 1))
    changed = ", ".join(f"{name} = excluded.{name}" for name in names if name != "id")
    return (
        f"insert into {table} as known ({', '.join(names)}) select {read}"
        f" from unnest({arrays}) as new ({', '.join(names)})"
        f" on conflict (id) do update set {changed} where excluded.version >= known.version"
    )


def _select(kind: type[R], where: str) -> str:
    table, _ = _TYPES[kind]
    names = ", ".join("advances::text" if field.name == "advances" else field.name for field in fields(kind))
    return f"select {names} from {table} where {where}"


_VALUES: Final = {kind: attrgetter(*(field.name for field in fields(kind))) for kind in _TYPES}
"""The values of a row in the order of its fields; `dataclasses.astuple` copies each of them deeply."""
_UPSERTS: Final = {kind: _upsert(kind) for kind in _TYPES}
_BY_ID: Final = {kind: _select(kind, "id = any($1)") for kind in _TYPES}
_OF_DECISIONS: Final = _select(PaymentRow, "decision = any($1::text[])")
_TO_BE_SHARED: Final = _select(PaymentRow, "payee = any($1::text[]) and (payday > $2 or id = any($3::text[]))")
_KELA: Final = _select(KelaRow, "client = any($1::text[])")
_DEATHS: Final = """
    select client, min(died) from register_person
    where client = any($1::text[]) and died is not null and not withdrawn group by client
    """
_HOLDERS: Final = """
    select client from claim where client = any($1::text[])
    union select client from kela_claim where client = any($1::text[])
    """

_TOUCHES: Final = """
    select client from unnest($1::text[], $2::text[], $3::date[]) as asked (client, benefit, since)
    where exists (select from allocation where allocation.client = asked.client) or exists (
        select from register_payment as paid where paid.payee = asked.client and paid.payday > asked.since and (
            paid.benefit = asked.benefit
            or exists (select from claim where claim.client = asked.client and claim.benefit = paid.benefit)
            or exists (select from kela_claim as own where own.client = asked.client and own.benefit = paid.benefit)
        )
    )
    """


async def upsert(connection: "Connection", kind: type[R], rows: Iterable[R]) -> None:
    """Store the newest versions; of each id at most one row."""
    columns = list(zip(*map(_VALUES[kind], rows), strict=True))
    if columns:
        await connection.execute(_UPSERTS[kind], *columns)


async def by_id(connection: "Connection", kind: type[R], ids: Collection[str] | Collection[UUID]) -> dict[str, R]:
    """What is known of these ids."""
    if not ids:
        return {}
    rows = [kind(*row) for row in await connection.fetch(_BY_ID[kind], list(ids))]
    return {str(row.id): row for row in rows}


async def of_decisions(connection: "Connection", decisions: Collection[str]) -> list[PaymentRow]:
    """Payments of these decisions."""
    if not decisions:
        return []
    return [PaymentRow(*row) for row in await connection.fetch(_OF_DECISIONS, list(decisions))]


async def to_be_shared(
    connection: "Connection", payees: Sequence[str], since: date, ids: Collection[str]
) -> list[PaymentRow]:
    """Payments to these clients with a later payday, and those of these ids."""
    return [PaymentRow(*row) for row in await connection.fetch(_TO_BE_SHARED, payees, since, list(ids))]


async def touched(connection: "Connection", asked: Sequence[tuple[str, str | None, date]]) -> set[str]:
    """Of which clients the books may change by an act on a claim, or by a new one.

    They may where there are entries, or an open payment of a claimed benefit.

    Args:
        connection: The transaction's connection.
        asked: A client, the benefit of a claim that is on its way, and the day after which payments are open.
    """
    columns = [list(column) for column in zip(*asked, strict=True)]
    return {client for (client,) in await connection.fetch(_TOUCHES, *columns)}


async def holders(connection: "Connection", clients: Sequence[str]) -> set[str]:
    """Which of the clients somebody claims of, or has claimed of."""
    return {client for (client,) in await connection.fetch(_HOLDERS, clients)}


async def kela_claims(connection: "Connection", clients: Sequence[str]) -> list[KelaRow]:
    """Kela's claims on these clients."""
    return [KelaRow(*row) for row in await connection.fetch(_KELA, clients)]


async def deaths(connection: "Connection", clients: Sequence[str]) -> dict[str, date]:
    """The day of death of those who died."""
    return dict(await connection.fetch(_DEATHS, clients))
