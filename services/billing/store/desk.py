"""What a clerk is shown of tallies, documents, corrections and demands: rows within the asker's scope, in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.domain.invoice import Invoice
from services.billing.domain.scope import Scope

_OWN: Final = "(:everything or i.payer = :organisation or i.agreement = any(cast(:own as text[])))"

# Not told of in pages either: the place of the next page names the last document of this one.
_BEARS: Final = """
    convert_from(i.document, 'UTF8')::jsonb -> 'members' @>
        jsonb_build_array(jsonb_build_object('municipality', cast(:municipality as text)))
"""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as it was issued."""

    invoice: Invoice
    content: bytes
    digest: str


def _of(scope: Scope) -> dict[str, object]:
    return {"everything": scope.everything, "organisation": scope.organisation, "own": sorted(scope.own)}


@dataclass(frozen=True, slots=True)
class Use:
    """A row of usage: how often on a day."""

    day: date
    agreement: str
    member: str
    product: str
    quantity: int


async def usage(
    conn: AsyncConnection,
    scope: Scope,
    days: tuple[date, date],
    product: str | None,
    after: tuple[date, str, str, str] | None,
    limit: int,
    *,
    sums: bool = False,
) -> list[Use]:
    """Use within the scope, by day, agreement, member and product; what was used and taken back wholly is left out.

    With `sums`, all days count as the first of them.
    """
    rows = await conn.execute(
        text(
            """
            select case when :sums then cast(:first as date) else day end as day, agreement, member, product,
                sum(quantity)::bigint as quantity
            from tally
            where day between :first and :last
                and (cast(:product as text) is null or product = :product)
                and (:everything or agreement = any(cast(:own as text[]))
                    or (agreement = any(cast(:joint as text[])) and member = cast(:municipality as text)))
                and (cast(:day as date) is null
                    or (case when :sums then cast(:first as date) else day end, agreement, member, product)
                        > (:day, :agreement, :member, :after_product))
            group by 1, 2, 3, 4 having sum(quantity) <> 0
            order by 1, 2, 3, 4 limit :limit
            """
        ),
        {
            "first": days[0],
            "last": days[1],
            "product": product,
            "everything": scope.everything,
            "own": sorted(scope.own),
            "joint": sorted(scope.joint),
            "municipality": scope.municipality,
            "day": after[0] if after else None,
            "agreement": after[1] if after else "",
            "member": after[2] if after else "",
            "after_product": after[3] if after else "",
            "limit": limit,
            "sums": sums,
        },
    )
    return [Use(row.day, row.agreement, row.member, row.product, row.quantity) for row in rows]


async def active_users(conn: AsyncConnection, scope: Scope, month: date) -> dict[str, int]:
    """Active users of a month by agreement, of those that are the asker's alone; known twice, a worker counts once."""
    rows = await conn.execute(
        text(
            "select u.agreement, count(distinct coalesce(a.same_as, u.worker)) as users from active_user u "
            "left join worker_alias a on a.worker = u.worker "
            "where u.month = :month and (:everything or u.agreement = any(cast(:own as text[]))) group by u.agreement"
        ),
        {"month": month, "everything": scope.everything, "own": sorted(scope.own)},
    )
    return {row.agreement: row.users for row in rows}


async def documents(
    conn: AsyncConnection, scope: Scope, after: tuple[datetime, str] | None, limit: int
) -> list[StoredDocument]:
    """Documents of the scope, the newest first; those of joint bodies too, of which a part is the asker's."""
    rows = await conn.execute(
        text(
            f"""
            select i.document, i.digest from invoice i
            where ({_OWN} or i.agreement = any(cast(:joint as text[])) and {_BEARS})
                and (cast(:at as timestamptz) is null or (i.issued_at, i.number) < (:at, :number))
            order by i.issued_at desc, i.number desc limit :limit
            """
        ),
        {
            **_of(scope),
            "joint": sorted(scope.joint),
            "municipality": scope.municipality,
            "at": after[0] if after else None,
            "number": after[1] if after else "",
            "limit": limit,
        },
    )
    return _read(rows.all())


async def document(conn: AsyncConnection, number: str) -> StoredDocument | None:
    """One document."""
    rows = await conn.execute(text("select document, digest from invoice where number = :number"), {"number": number})
    return next(iter(_read(rows.all())), None)


async def corrections(conn: AsyncConnection, scope: Scope, skip: int, limit: int) -> Sequence[Row[tuple[object, ...]]]:
    """Corrections of the scope's own agreements in the order in which they were made."""
    rows = await conn.execute(
        text(
            "select agreement, book, period, rated, charged, document, rated_at from rating where correction "
            "and (:everything or agreement = any(cast(:own as text[]))) "
            "order by rated_at, book, period, agreement, ordinal offset :skip limit :limit"
        ),
        {"everything": scope.everything, "own": sorted(scope.own), "skip": skip, "limit": limit},
    )
    return rows.all()


async def demands(conn: AsyncConnection, scope: Scope, skip: int, limit: int) -> Sequence[Row[tuple[object, ...]]]:
    """Demands on the scope's own documents, with their decisions, in the order in which they were registered."""
    rows = await conn.execute(
        text(
            f"""
            select d.id, d.invoice, d.row as on_row, d.received, d.grounds, x.outcome, x.amount, x.document
            from demand d join invoice i on i.number = d.invoice left join decision x on x.demand = d.id
            where {_OWN} order by d.registered_at, d.id offset :skip limit :limit
            """
        ),
        {**_of(scope), "skip": skip, "limit": limit},
    )
    return rows.all()


def _read(rows: Sequence[Row[tuple[object, ...]]]) -> list[StoredDocument]:
    return [StoredDocument(Invoice.model_validate_json(row.document), row.document, row.digest) for row in rows]
