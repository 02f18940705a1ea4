"""SQL of the books: entries are added and never changed; the newest entry of a payment stands."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final
from uuid import UUID

from services.claims.domain.allocation import Share
from services.claims.domain.booking import Entry, Payment
from shared.clock.civil import Month, helsinki_date

if TYPE_CHECKING:
    from asyncpg import Connection

_STANDING: Final = """
    select distinct on (client, payment) client, payment, entry, payment_version, benefit, payday, first, last, net,
        gross, withheld, to_client, why, at
    from allocation where client = any($1::text[]) order by client, payment, entry desc
    """
_SHARES: Final = """
    select share.payment, share.entry, share.claim, share.body, share.month, share.amount, share.held
    from unnest($1::text[], $2::int[]) as wanted (payment, entry)
    join allocation_share as share on share.payment = wanted.payment and share.entry = wanted.entry
    order by share.payment, share.position
    """
_NUMBERS: Final = "select payment, max(entry) from allocation where payment = any($1::text[]) group by payment"
_DAYS: Final = "select client, max(at) from allocation where client = any($1::text[]) group by client"
_SEALED: Final = "select id, personal from claim where id = any($1::uuid[])"
_ADD: Final = """
    insert into allocation (payment, entry, payment_version, client, benefit, payday, first, last, net, to_client,
        holds, why, at, event, gross, withheld)
    select * from unnest($1::text[], $2::int[], $3::int[], $4::text[], $5::text[], $6::date[], $7::date[], $8::date[],
        $9::numeric[], $10::numeric[], $11::bool[], $12::text[], $13::timestamptz[], $14::uuid[],
        $15::numeric[], $16::numeric[])
    """
_ADD_SHARES: Final = """
    insert into allocation_share (payment, entry, position, claim, month, amount, held, body)
    select * from unnest($1::text[], $2::int[], $3::int[], $4::uuid[], $5::text[], $6::numeric[], $7::bool[],
        $8::text[])
    """


async def standing(connection: "Connection", clients: Sequence[str]) -> dict[str, list[Entry]]:
    """The entries that stand, by client: all of them, for what was taken once counts in the limits of its month.

    A payment that became another person's has an emptied entry with the one and the newest with the other.

    Args:
        connection: The transaction's connection.
        clients: Pseudonyms, locked.
    """
    rows = await connection.fetch(_STANDING, clients)
    shares: defaultdict[tuple[str, int], list[Share]] = defaultdict(list)
    if rows:
        wanted = [row["payment"] for row in rows], [row["entry"] for row in rows]
        for payment, entry, claim, body, month, amount, held in await connection.fetch(_SHARES, *wanted):
            shares[payment, entry].append(Share(claim, body, Month.parse(month), amount, held))
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for client, id_, number, version, benefit, payday, first, last, net, gross, withheld, to_client, why, at in rows:
        payment = Payment(
            id=id_, version=version, benefit=benefit, payday=payday, first=first, last=last, net=net,
            gross=gross, withheld=withheld,
        )  # fmt: skip
        found[client].append(
            Entry(payment=payment, number=number, why=why, at=at, client=to_client, shares=tuple(shares[id_, number]))
        )
    return found


async def numbers(connection: "Connection", payments: Collection[str]) -> dict[str, int]:
    """The number of the newest entry of each payment that has one, whoever's it was."""
    return dict(await connection.fetch(_NUMBERS, list(payments))) if payments else {}


async def days(connection: "Connection", clients: Sequence[str]) -> dict[str, date]:
    """The Helsinki day of the newest entry of each client who has one."""
    return {client: helsinki_date(at) for client, at in await connection.fetch(_DAYS, clients)}


async def sealed_rows(connection: "Connection", claims: Collection[UUID]) -> dict[UUID, str]:
    """What stands sealed beside these claims."""
    return dict(await connection.fetch(_SEALED, list(claims))) if claims else {}


async def add(connection: "Connection", entries: Sequence[tuple[str, Entry, UUID]]) -> None:
    """Write entries: the client, the entry, the id of the event that tells of it."""
    if not entries:
        return
    rows = [
        (
            entry.payment.id, entry.number, entry.payment.version, client, entry.payment.benefit, entry.payment.payday,
            entry.payment.first, entry.payment.last, entry.payment.net, entry.client,
            any(share.held for share in entry.shares), entry.why, entry.at, event,
            entry.payment.gross, entry.payment.withheld,
        )
        for client, entry, event in entries
    ]  # fmt: skip
    await connection.execute(_ADD, *_columns(rows))
    shares = [
        (entry.payment.id, entry.number, place, share.claim, str(share.month), share.amount, share.held, share.body)
        for _, entry, _ in entries
        for place, share in enumerate(entry.shares)
    ]
    if shares:
        await connection.execute(_ADD_SHARES, *_columns(shares))


def _columns(rows: Iterable[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return list(zip(*rows, strict=True))
