"""SQL of the lists of claims, of what claims have taken, and of the entries behind settlement rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.claims.bearing import Scope
from services.claims.domain.acts import Took
from services.claims.domain.lists import IN_HAND, LONG, PAGE, RUNNING, SOON, View
from services.claims.domain.settlements import Stood
from shared.clock.civil import Month, at_helsinki, helsinki_date

SCOPE: Final = """
    (cast(:members as text[]) is null or claim.member = any(:members))
    and (cast(:organisation as text) is null or claim.organisation = :organisation)
    """
"""Which claims somebody may see, of a statement in which `claim` stands."""
_STANDS: Final = """
    not exists (select from allocation as later where later.payment = share.payment and later.entry > share.entry)
    """
_OWED: Final = f"""
    id in (
        select one.claim from claim_return as one group by one.claim having sum(one.amount) > coalesce((
            select sum(share.amount) from allocation_share as share join allocation using (payment, entry)
            where share.claim = one.claim and not share.held and payday <= :day and {_STANDS}
        ), 0)
    )
    """
"""V16: the municipality gave back more than it was paid, as corrections left it."""
_REASONS: Final[dict[View, str]] = {
    "team": "true",
    "queue": f"state = any(:in_hand) or (state = 'active' and widening is not null) or {_OWED}",
    "ending_soon": "state = any(:running) and last between :day and :soon",
    "overdue": """(state = 'in_hearing' and (hearing_deadline is null or hearing_deadline < :day))
        or (state in ('registered', 'waiting_for_decision') and arrived < :long)""",
    "cannot_bite": "(state = any(:in_hand) or state = any(:running)) and effective_payday is null and earliest is null",
    "to_confirm": "(state = any(:in_hand) or state = any(:running)) and amounts_asked is not null",
}
_NEEDING: Final[tuple[View, ...]] = ("to_confirm", "overdue", "cannot_bite", "ending_soon")
_WHERE: Final = {**_REASONS, "needs_action": " or ".join(f"({_REASONS[view]})" for view in _NEEDING)}
_SOONEST: Final = "coalesce(effective_payday, earliest, date '9999-12-31') - date '2000-01-01'"
_ORDER: Final[dict[View, str]] = {
    "team": "-extract(epoch from arrived)",
    "queue": _SOONEST,
    "ending_soon": "last - date '2000-01-01'",
    "overdue": "extract(epoch from arrived)",
    "cannot_bite": "extract(epoch from arrived)",
    "to_confirm": "amounts_asked - date '2000-01-01'",
    "needs_action": "extract(epoch from arrived)",
}
_PAGES: Final = {
    view: text(
        f"""
        select id, place, number from (
            select id, number, cast({_ORDER[view]} as bigint) as place from claim where {SCOPE} and ({_WHERE[view]})
        ) as found
        where cast(:place as bigint) is null or (place, number) > (:place, :number)
        order by place, number limit {PAGE + 1}
        """
    )
    for view in _WHERE
}
_SUMS: Final = text(
    f"""
    select share.claim, coalesce(sum(amount) filter (where not held and payday <= :day), 0) as paid,
        coalesce(sum(amount) filter (where held), 0) as held
    from allocation_share as share join allocation using (payment, entry)
    where share.claim = any(:claims) and {_STANDS} group by share.claim
    """
)
_OVERLAPPED: Final = text(
    """
    select claim.id from claim where claim.id = any(:claims) and exists (
        select from claim as other where other.client = claim.client and other.benefit = claim.benefit
        and (other.organisation, other.member) <> (claim.organisation, claim.member)
        and (other.state = any(:in_hand) or other.state = any(:running))
        and (other.last is null or claim.first <= other.last) and (claim.last is null or other.first <= claim.last)
    )
    """
)
_TOOK: Final = text(
    f"""
    select payday, month, last, amount, held from allocation_share as share join allocation using (payment, entry)
    where share.claim = :claim and {_STANDS} order by payday, payment, month
    """
)
_ENTRIES: Final = text(
    f"""
    with concerned as (
        select distinct share.payment, share.claim, claim.number, claim.reference
        from allocation as moved join allocation_share as share using (payment)
        join claim on claim.id = share.claim
        where (moved.payday between :first and :last or (moved.at >= :since and moved.at < :until)) and {SCOPE}
    )
    select payment, entry, at, payday, first, last, gross, withheld, net, to_client, number, reference, (
        select coalesce(sum(amount), 0) from allocation_share as share
        where share.payment = allocation.payment and share.entry = allocation.entry
        and share.claim = concerned.claim and not share.held
    ) as paid, exists (
        select from allocation_share as share
        where share.payment = allocation.payment and share.entry = allocation.entry
        and (cast(:members as text[]) is not null or cast(:organisation as text) is not null)
        and not exists (select from claim where claim.id = share.claim and {SCOPE})
    ) as others
    from concerned join allocation using (payment)
    """
)
_CLIENT: Final = text("select client from claim where number = :number")
_IDS: Final = text("select id from claim where number = any(:numbers) order by number")
_CURSOR: Final = re.compile(r"(?P<place>-?[0-9]{1,14})~(?P<number>[0-9A-Za-z-]{1,40})")
"""What `page` gives as the next one."""
_STATES: Final = {"in_hand": sorted(IN_HAND), "running": sorted(RUNNING)}


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list: the claims in order, and after which to go on."""

    claims: tuple[UUID, ...]
    next: str | None


async def page(conn: AsyncConnection, view: View, scope: Scope, day: date, after: str | None) -> Found:
    """One page of a list.

    Args:
        conn: The transaction.
        view: Which list.
        scope: Whose claims.
        day: Helsinki day.
        after: A cursor as the page before told it; one that is none begins at the beginning.
    """
    place, number = cursor(after)
    values = {
        **scoped(scope),
        **_STATES,
        "day": day,
        "soon": day + SOON,
        "long": at_helsinki(day - LONG),
        "place": place,
        "number": number,
    }
    statement = _PAGES[view]
    rows = (await conn.execute(statement, {name: values[name] for name in statement.compile().params})).all()
    shown = rows[:PAGE]
    more = f"{shown[-1].place}~{shown[-1].number}" if len(rows) > PAGE else None
    return Found(tuple(row.id for row in shown), more)


async def sums(conn: AsyncConnection, claims: Sequence[UUID], day: date) -> dict[UUID, tuple[Decimal, Decimal]]:
    """What each claim has been paid up to the day, and what is held for it; claims without either are left out."""
    found = await conn.execute(_SUMS, {"claims": list(claims), "day": day})
    return {row.claim: (row.paid, row.held) for row in found}


async def overlapped(conn: AsyncConnection, claims: Sequence[UUID]) -> set[UUID]:
    """Which of the claims meet an open one of another body on the same benefit and a shared day."""
    return {row.id for row in await conn.execute(_OVERLAPPED, {"claims": list(claims), **_STATES})}


async def took(conn: AsyncConnection, claim: UUID) -> list[Took]:
    """What the claim takes of each payment and month, as the books stand, by payday."""
    found = []
    for row in await conn.execute(_TOOK, {"claim": claim}):
        month = Month.parse(row.month)
        found.append(Took(row.payday, month, min(row.last, month.last), row.amount, row.held))
    return found


async def entries(conn: AsyncConnection, scope: Scope, month: Month) -> list[Stood]:
    """All entries of the payments in which claims of the scope had a part and of which something moved in the month."""
    values = {
        **scoped(scope),
        "first": month.first,
        "last": month.last,
        "since": month.starts_at,
        "until": month.ends_before,
    }
    return [
        Stood(
            payment=row.payment,
            entry=row.entry,
            day=helsinki_date(row.at),
            payday=row.payday,
            first=row.first,
            last=row.last,
            gross=row.gross,
            withheld=row.withheld,
            net=row.net,
            to_client=row.to_client,
            paid=row.paid,
            number=row.number,
            reference=row.reference,
            others=row.others,
        )
        for row in await conn.execute(_ENTRIES, values)
    ]


async def client_of(conn: AsyncConnection, number: str) -> str | None:
    """The client of the claim with this number."""
    client: str | None = (await conn.execute(_CLIENT, {"number": number})).scalar_one_or_none()
    return client


async def ids_of(conn: AsyncConnection, numbers: Sequence[str]) -> list[UUID]:
    """The ids of the claims with these numbers."""
    return [row.id for row in await conn.execute(_IDS, {"numbers": list(numbers)})]


def scoped(scope: Scope) -> dict[str, object]:
    """The values of `SCOPE`."""
    members = None if scope.members is None else list(scope.members)
    return {"members": members, "organisation": scope.organisation}


def cursor(after: str | None) -> tuple[int | None, str]:
    """The place and the number after which a page goes on; of a text that is no cursor, the beginning."""
    read = _CURSOR.fullmatch(after or "")
    return (None, "") if read is None else (int(read["place"]), read["number"])
