"""SQL of claims, of the steps of their lives, and of the lock that everything on a client is done under."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.claims.domain.allocation import CareFee
from services.claims.domain.booking import FRUITLESS
from services.claims.domain.facts import ExistingClaim
from services.claims.domain.payday import Timing
from services.claims.domain.registration import Claim, notices_of, remarks_of, told
from services.claims.store import proposals
from shared.clock.civil import Month
from shared.contracts.base import Channel
from shared.contracts.claims import ClaimState, Ground

if TYPE_CHECKING:
    from asyncpg import Connection

_CARE_LAST: Final = "last"
_ADD_CLIENTS: Final = text("insert into client select unnest(cast(:clients as text[])) on conflict do nothing")
_LOCK_CLIENTS: Final = text("select from client where pseudonym = any(:clients) order by pseudonym for update")
_EXISTING: Final = """
    select client, number, organisation, member, benefit, ground, first, last from claim
    where client = any($1::text[]) and (state <> all($2::text[]) or stops_from is not null) order by id
    """
PLAIN: Final = (
    "id, number, version, state, organisation, member, agreement, channel, worker, client, benefit, ground, first,"
    " last, amount, account, reference, assistance, arrived, effective_payday, earliest, missed_paydays, notices,"
    " origin, in_time, hearing_deadline, stops_from, end_reason"
)
_COLUMNS: Final = (
    f"{PLAIN}, cast(advances as text) as advances, cast(care as text) as care, amounts_asked,"
    " cast(widening as text) as widening"
)
WRITTEN: Final = tuple(name.strip() for name in PLAIN.split(","))
"""The columns of a claim that `written` gives as they are; `advances` and `care` are JSON beside them."""
_UPDATE: Final = text(
    f"""
    update claim set {", ".join(f"{name} = :{name}" for name in WRITTEN if name != "id")},
        advances = cast(:advances as jsonb), care = cast(:care as jsonb),
        amounts_asked = :amounts_asked, widening = cast(:widening as jsonb)
    where id = :id and version = :version - 1
    """
)
_STEP: Final = text(
    """
    insert into claim_step (claim, version, act, state, party, worker, at, reason)
    values (:claim, :version, :act, :state, :party, :worker, :at, :reason)
    """
)
_STEPS: Final = text(
    "select version, act, state, party, worker, at, reason from claim_step where claim = :claim order by version"
)
_BY_ID: Final = text(f"select {_COLUMNS} from claim where id = :id")
_BY_IDS: Final = text(f"select {_COLUMNS} from claim where id = any(:ids)")
_PERSONAL: Final = text("select personal from claim where id = :id")
_OF_CLIENTS: Final = text(f"select {_COLUMNS} from claim where client = any(:clients) order by arrived, id")
_BY_NUMBER: Final = text(f"select {_COLUMNS} from claim where number = :number")
_NEWEST: Final = text(
    f"""
    select {_COLUMNS} from claim
    where cast(:organisation as text) is null or organisation = :organisation
    order by arrived desc, number desc limit :limit
    """
)


@dataclass(frozen=True, slots=True)
class Step:
    """One act in a claim's life: what was done to it by which party, and where it stood then.

    `reason` is sealed for this service: people write names into it.
    """

    version: int
    act: str
    state: ClaimState
    party: str
    worker: str | None
    at: datetime
    reason: str | None


async def lock_clients(conn: AsyncConnection, clients: Sequence[str]) -> None:
    """Lock the clients until the transaction ends, in one order for all, so that nobody waits in a circle."""
    ordered = sorted(set(clients))
    if ordered:
        await conn.execute(_ADD_CLIENTS, {"clients": ordered})
        await conn.execute(_LOCK_CLIENTS, {"clients": ordered})


async def existing(connection: "Connection", clients: Sequence[str]) -> dict[str, tuple[ExistingClaim, ...]]:
    """The clients' claims that still count, those among them by which something was paid before they were withdrawn.

    Ask under the clients' lock.
    """
    found: dict[str, tuple[ExistingClaim, ...]] = dict.fromkeys(clients, ())
    for client, number, organisation, member, benefit, ground, first, last in await connection.fetch(
        _EXISTING, clients, list(FRUITLESS)
    ):
        found[client] += (ExistingClaim(number, organisation, member, benefit, Ground(ground), first, last),)
    return found


async def update(conn: AsyncConnection, claim: Claim) -> bool:
    """Store the next version of a claim, under its client's lock; what stands sealed beside it stays.

    Returns:
        Whether the stored version was the one before.
    """
    widening = None if claim.widening is None else proposals.written(claim.widening)
    later = {"amounts_asked": claim.amounts_asked, "widening": widening}
    return (await conn.execute(_UPDATE, {**written(claim), **later})).rowcount == 1


async def add_steps(conn: AsyncConnection, claim: UUID, steps: Sequence[Step]) -> None:
    """Note acts that took effect."""
    await conn.execute(
        _STEP,
        [
            {
                "claim": claim,
                "version": step.version,
                "act": step.act,
                "state": step.state.value,
                "party": step.party,
                "worker": step.worker,
                "at": step.at,
                "reason": step.reason,
            }
            for step in steps
        ],
    )


async def steps(conn: AsyncConnection, claim: UUID) -> list[Step]:
    """The acts of a claim's life, in order."""
    return [
        Step(row.version, row.act, ClaimState(row.state), row.party, row.worker, row.at, row.reason)
        for row in await conn.execute(_STEPS, {"claim": claim})
    ]


async def of_clients(conn: AsyncConnection, clients: Sequence[str]) -> list[Claim]:
    """The clients' claims in order of arrival; ask under the clients' lock."""
    return [_read(row) for row in await conn.execute(_OF_CLIENTS, {"clients": list(clients)})]


async def by_id(conn: AsyncConnection, id: UUID) -> Claim | None:
    """The claim with this id."""
    row = (await conn.execute(_BY_ID, {"id": id})).one_or_none()
    return None if row is None else _read(row)


async def by_ids(conn: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, Claim]:
    """The claims with these ids."""
    return {row.id: _read(row) for row in await conn.execute(_BY_IDS, {"ids": list(ids)})}


async def sealed_row(conn: AsyncConnection, id: UUID) -> str:
    """What stands sealed beside the claim with this id."""
    personal: str = (await conn.execute(_PERSONAL, {"id": id})).scalar_one()
    return personal


async def by_number(conn: AsyncConnection, number: str) -> Claim | None:
    """The claim with this number."""
    row = (await conn.execute(_BY_NUMBER, {"number": number})).one_or_none()
    return None if row is None else _read(row)


async def newest(conn: AsyncConnection, organisation: str | None, limit: int) -> list[Claim]:
    """The claims that arrived last, of one organisation or of all."""
    return [_read(row) for row in await conn.execute(_NEWEST, {"organisation": organisation, "limit": limit})]


def written(claim: Claim) -> dict[str, object]:
    """A claim as it stands in its row."""
    return {
        "id": claim.id,
        "number": claim.number,
        "version": claim.version,
        "state": claim.state.value,
        "organisation": claim.organisation,
        "member": claim.member,
        "agreement": claim.agreement,
        "channel": claim.channel.value,
        "worker": claim.worker,
        "client": claim.client,
        "benefit": claim.benefit,
        "ground": claim.ground.value,
        "first": claim.first,
        "last": claim.last,
        "amount": claim.amount,
        "account": claim.account,
        "reference": claim.reference,
        "assistance": claim.assistance,
        "arrived": claim.arrived,
        "effective_payday": claim.timing.effective,
        "earliest": claim.timing.earliest,
        "missed_paydays": list(claim.timing.missed),
        "notices": told(claim),
        "origin": claim.origin,
        "in_time": claim.in_time,
        "hearing_deadline": claim.hearing_deadline,
        "stops_from": claim.stops_from,
        "end_reason": claim.end_reason,
        "advances": written_advances(claim.advances),
        "care": _written_care(claim),
    }


def _written_care(claim: Claim) -> str:
    """The fees by month; beside them the last day of the care, where it is known."""
    fees: dict[str, object] = {
        str(month): {"fee": str(care.fee), "income": str(care.income), "others": str(care.others)}
        for month, care in claim.care.items()
    }
    return json.dumps(fees if claim.care_last is None else {**fees, _CARE_LAST: claim.care_last.isoformat()})


def read_care_last(stored: str) -> date | None:
    """The last day of the care, out of a row."""
    last = json.loads(stored).get(_CARE_LAST)
    return None if last is None else date.fromisoformat(last)


def written_advances(advances: Mapping[Month, Decimal]) -> str:
    """Advances by month, as they stand in a row."""
    return json.dumps({str(month): str(amount) for month, amount in advances.items()})


def read_advances(stored: str) -> dict[Month, Decimal]:
    """Advances by month, out of a row."""
    return {Month.parse(month): Decimal(amount) for month, amount in json.loads(stored).items()}


def read_care(stored: str) -> dict[Month, CareFee]:
    """Care fees by the month from which they hold, out of a row."""
    return {
        Month.parse(month): CareFee(Decimal(care["fee"]), Decimal(care["income"]), Decimal(care["others"]))
        for month, care in json.loads(stored).items()
        if month != _CARE_LAST
    }


def _read(row: Row[Any]) -> Claim:
    return Claim(
        id=row.id,
        number=row.number,
        state=ClaimState(row.state),
        version=row.version,
        organisation=row.organisation,
        member=row.member,
        agreement=row.agreement,
        channel=Channel(row.channel),
        worker=row.worker,
        client=row.client,
        benefit=row.benefit,
        ground=Ground(row.ground),
        first=row.first,
        last=row.last,
        amount=row.amount,
        account=row.account,
        reference=row.reference,
        assistance=row.assistance,
        arrived=row.arrived,
        timing=Timing(row.effective_payday, row.earliest, tuple(row.missed_paydays), notices_of(list(row.notices))),
        origin=row.origin,
        advances=read_advances(row.advances),
        care=read_care(row.care),
        care_last=read_care_last(row.care),
        in_time=row.in_time,
        hearing_deadline=row.hearing_deadline,
        stops_from=row.stops_from,
        end_reason=row.end_reason,
        amounts_asked=row.amounts_asked,
        widening=None if row.widening is None else proposals.read(row.widening),
        remarks=remarks_of(list(row.notices)),
    )
