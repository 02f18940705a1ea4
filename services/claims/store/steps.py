"""SQL of acts by idempotency key, and of what the clock finds to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.claims.domain.booking import FRUITLESS
from shared.contracts.claims import ClaimState

_BEGIN: Final = text(
    """
    insert into claim_command (organisation, idempotency_key, content) values (:organisation, :key, :content)
    on conflict do nothing
    """
)
_KNOWN: Final = text(
    """
    select content, claim, cast(answer as text) as answer from claim_command
    where organisation = :organisation and idempotency_key = :key
    """
)
_FINISH: Final = text(
    """
    update claim_command set claim = :claim, answer = cast(:answer as jsonb)
    where organisation = :organisation and idempotency_key = :key
    """
)
_FORGET: Final = text("delete from claim_command where organisation = :organisation and idempotency_key = :key")
_HOLDS: Final = """
    exists (
        select from allocation_share as share join allocation using (payment, entry)
        where share.claim = claim.id and share.held and not exists (
            select from allocation as later where later.payment = share.payment and later.entry > share.entry
        )
    )
    """
_HOLDS_OF: Final = text(f"select {_HOLDS} from claim where id = :claim")
_DEAD: Final = """
    exists (
        select from register_person
        where register_person.client = claim.client and died < :day and not register_person.withdrawn
    )
    """
_NEXT: Final = "(cast(:after as uuid) is null or {id} > :after) order by {id} limit :limit"
_DUE: Final = text(
    f"""
    select id, client from (
    select id, client from claim where state in ('in_hearing', 'active') and hearing_deadline < :day
    union
    select id, client from claim where state in ('registered', 'waiting_for_decision', 'in_hearing') and {_DEAD}
    union
    select id, client from claim where state = 'waiting_for_decision' and exists (
        select from register_decision as told
        where (told.payee = claim.client or told.client = claim.client) and told.benefit = claim.benefit
            and not told.granted and not told.withdrawn
            and told.decided >= cast(claim.arrived at time zone 'Europe/Helsinki' as date)
            and (told.first is null or claim.last is null or told.first <= claim.last)
            and (told.last is null or told.last >= claim.first)
    ) and not exists (
        select from register_decision as told
        where (told.payee = claim.client or told.client = claim.client) and told.benefit = claim.benefit
            and told.granted and not told.withdrawn
            and (told.first is null or claim.last is null or told.first <= claim.last)
            and (told.last is null or told.last >= claim.first)
    )
    union
    select id, client from claim where state = 'waiting_for_decision' and ground = 'totul_23' and exists (
        select from register_decision as told
        where told.payee = claim.client and told.benefit = claim.benefit and told.granted and not told.withdrawn
            and told.decided <= :day
            and (told.first is null or claim.last is null or told.first <= claim.last)
            and (told.last is null or told.last >= claim.first)
    ) and not exists (select from claim_step where claim_step.claim = claim.id and act = 'ask_amounts')
    union
    select id, client from claim
    where state in ('accepted', 'active', 'suspended', 'ending') and (last < :day or {_DEAD}) and not {_HOLDS}
    union
    select id, client from claim where state = 'ending' and stops_from <= :day and not {_HOLDS}
    ) as found where {_NEXT.format(id="id")}
    """
)
_BODIES: Final = text(
    """
    select distinct on (organisation, member, agreement, account) id from claim where state <> all(:closed)
    order by organisation, member, agreement, account, id
    """
)
_LIKE: Final = text(
    f"""
    select one.id, one.client from claim as one join claim as like_it using (organisation, member, agreement, account)
    where like_it.id = :claim and one.state <> all(:closed) and {_NEXT.format(id="one.id")}
    """
)
_WAITING_FOR_ACCOUNT: Final = text(
    f"""
    select id, client from claim
    where state in ('accepted', 'active', 'ending') and {_HOLDS} and {_NEXT.format(id="id")}
    """
)
CLOSED: Final = sorted({*FRUITLESS, ClaimState.ENDED})


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an idempotency key: what was sent with it, and the answer once the act took effect."""

    content: bytes
    claim: UUID | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim to look at again under its client's lock."""

    claim: UUID
    client: str


@dataclass(frozen=True, slots=True)
class Page:
    """How many claims to read, by their ids, and after which one; None: from the first on."""

    limit: int
    after: UUID | None = None

    def values(self) -> dict[str, object]:
        """What a statement binds."""
        return {"limit": self.limit, "after": self.after}


async def begin(conn: AsyncConnection, organisation: str, key: str, content: bytes) -> Known | None:
    """Take the key, waiting for whoever holds it at this moment: None when it is new."""
    taken = await conn.execute(_BEGIN, {"organisation": organisation, "key": key, "content": content})
    if taken.rowcount == 1:
        return None
    row = (await conn.execute(_KNOWN, {"organisation": organisation, "key": key})).one()
    return Known(bytes(row.content), row.claim, row.answer)


async def finish(conn: AsyncConnection, organisation: str, key: str, claim: UUID | None, answer: str) -> None:
    """Note the answer to a key's act, and on which claim it was where it was on one."""
    await conn.execute(_FINISH, {"organisation": organisation, "key": key, "claim": claim, "answer": answer})


async def forget(conn: AsyncConnection, organisation: str, key: str) -> None:
    """Give the key back: its act was refused."""
    await conn.execute(_FORGET, {"organisation": organisation, "key": key})


async def holds(conn: AsyncConnection, claim: UUID) -> bool:
    """Whether a part of some payment is held for the claim."""
    return bool((await conn.execute(_HOLDS_OF, {"claim": claim})).scalar_one())


async def due(conn: AsyncConnection, day: date, page: Page) -> list[Candidate]:
    """Claims to which time may do something by the day."""
    return _candidates((await conn.execute(_DUE, {"day": day, **page.values()})).all())


async def bodies(conn: AsyncConnection) -> list[UUID]:
    """One open claim of each body, municipality, agreement and account."""
    return [row.id for row in await conn.execute(_BODIES, {"closed": CLOSED})]


async def like(conn: AsyncConnection, claim: UUID, page: Page) -> list[Candidate]:
    """Open claims of the same body, municipality, agreement and account."""
    return _candidates((await conn.execute(_LIKE, {"claim": claim, "closed": CLOSED, **page.values()})).all())


async def waiting_for_account(conn: AsyncConnection, page: Page) -> list[Candidate]:
    """Accepted claims of which a part is held all the same."""
    return _candidates((await conn.execute(_WAITING_FOR_ACCOUNT, page.values())).all())


def _candidates(rows: Sequence[tuple[UUID, str]]) -> list[Candidate]:
    return [Candidate(*row) for row in rows]
