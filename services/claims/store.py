"""All SQL of the claims service. Nothing here commits: the consumer loop does, with offset, inbox and outbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.claims.domain.facts import ExistingClaim
from services.claims.domain.payday import Timing
from services.claims.domain.registration import Claim, notices_of
from shared.contracts.base import Channel, Refusal
from shared.contracts.claims import ClaimState, Ground

_ADD_CLIENTS: Final = text("insert into client select unnest(cast(:clients as text[])) on conflict do nothing")
_LOCK_CLIENTS: Final = text("select from client where pseudonym = any(:clients) order by pseudonym for update")
_EXISTING: Final = text(
    "select number, organisation, member, benefit, ground, first, last from claim where client = :client order by id"
)
_BEGIN: Final = text(
    """
    insert into registration (organisation, idempotency_key, request, content)
    values (:organisation, :key, :request, :content) on conflict do nothing
    """
)
_REGISTRATION: Final = text(
    """
    select content, claim, cast(refusal as text) as refusal, event from registration
    where organisation = :organisation and idempotency_key = :key
    """
)
_FINISH: Final = text(
    """
    update registration
    set request = :request, content = :content, claim = :claim, refusal = cast(:refusal as jsonb), event = :event
    where organisation = :organisation and idempotency_key = :key and claim is null
    """
)
_COLUMNS: Final = (
    "id, number, version, state, organisation, member, agreement, channel, worker, client, benefit, ground, first,"
    " last, amount, account, reference, assistance, arrived, effective_payday, earliest, missed_paydays, notices"
)
_INSERT: Final = text(
    f"""
    insert into claim ({_COLUMNS}, personal) values
        (:id, :number, :version, :state, :organisation, :member, :agreement, :channel, :worker, :client, :benefit,
         :ground, :first, :last, :amount, :account, :reference, :assistance, :arrived, :effective_payday, :earliest,
         :missed_paydays, :notices, :personal)
    """
)
_BY_ID: Final = text(f"select {_COLUMNS} from claim where id = :id")
_PERSONAL: Final = text("select personal from claim where id = :id")
_BY_NUMBER: Final = text(f"select {_COLUMNS} from claim where number = :number")
_NEWEST: Final = text(
    f"""
    select {_COLUMNS} from claim
    where cast(:organisation as text) is null or organisation = :organisation
    order by arrived desc, number desc limit :limit
    """
)


@dataclass(frozen=True, slots=True)
class Registration:
    """What is known of an idempotency key: a claim, or the last refusal and the event that tells of it."""

    content: bytes
    claim: UUID | None
    refusal: Refusal | None
    event: UUID | None


async def lock_clients(conn: AsyncConnection, clients: Sequence[str]) -> None:
    """Lock the clients until the transaction ends, in one order for all, so that nobody waits in a circle."""
    ordered = sorted(set(clients))
    if ordered:
        await conn.execute(_ADD_CLIENTS, {"clients": ordered})
        await conn.execute(_LOCK_CLIENTS, {"clients": ordered})


async def existing(conn: AsyncConnection, client: str) -> tuple[ExistingClaim, ...]:
    """The client's claims; ask under the client's lock."""
    found = await conn.execute(_EXISTING, {"client": client})
    return tuple(
        ExistingClaim(row.number, row.organisation, row.member, row.benefit, Ground(row.ground), row.first, row.last)
        for row in found
    )


async def begin_registration(
    conn: AsyncConnection, organisation: str, key: str, request: UUID, content: bytes
) -> Registration | None:
    """Take the key, waiting for whoever holds it at this moment: None when it is new."""
    taken = await conn.execute(
        _BEGIN, {"organisation": organisation, "key": key, "request": request, "content": content}
    )
    return None if taken.rowcount == 1 else await registration(conn, organisation, key)


async def registration(conn: AsyncConnection, organisation: str, key: str) -> Registration | None:
    """What is known of an organisation's key."""
    row = (await conn.execute(_REGISTRATION, {"organisation": organisation, "key": key})).one_or_none()
    if row is None:
        return None
    refusal = None if row.refusal is None else Refusal.model_validate_json(row.refusal)
    return Registration(bytes(row.content), row.claim, refusal, row.event)


async def finish_registration(
    conn: AsyncConnection,
    organisation: str,
    key: str,
    *,
    request: UUID,
    content: bytes,
    event: UUID,
    outcome: Claim | Refusal,
) -> None:
    """Note what came of a key. A key that has its claim keeps it."""
    claim, refusal = (None, outcome) if isinstance(outcome, Refusal) else (outcome.id, None)
    await conn.execute(
        _FINISH,
        {
            "organisation": organisation,
            "key": key,
            "request": request,
            "content": content,
            "event": event,
            "claim": claim,
            "refusal": None if refusal is None else refusal.model_dump_json(),
        },
    )


async def insert(conn: AsyncConnection, claim: Claim, personal: str) -> None:
    """Store a claim, and beside it what names persons, sealed for this service alone."""
    await conn.execute(
        _INSERT,
        {
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
            "notices": [notice.value for notice in claim.timing.notices],
            "personal": personal,
        },
    )


async def by_id(conn: AsyncConnection, id: UUID) -> Claim | None:
    """The claim with this id."""
    row = (await conn.execute(_BY_ID, {"id": id})).one_or_none()
    return None if row is None else _read(row)


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
    )
