"""Settlement rows: what a municipality was paid, by reference, from the entries of the books (rule V20).

A row is made by what stood on the payday, and by every later entry that changed what the claim is paid: a part that
was held and is now paid, or a correction. Rows of one payment and claim sum to what stands now. Pure.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final

from services.claims.domain.allocation import NOTHING
from services.claims.domain.stated import Returned
from shared.clock.civil import Month
from shared.contracts.answers import SettlementRow, SettlementsPage

PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Stood:
    """One entry of a payment as one claim sees it.

    `day` is the Helsinki day on which it was written; `paid` what it gives the claim, held parts left out; `gross`
    and `withheld` specify `net` as the payment stood then, None when they were not kept yet; `others`: somebody whose
    figures the reader may not know has a share in it.
    """

    payment: str
    entry: int
    day: date
    payday: date
    first: date
    last: date
    net: Decimal
    to_client: Decimal
    paid: Decimal
    number: str
    reference: str
    gross: Decimal | None = None
    withheld: Decimal | None = None
    others: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """A row, the day on which the money moved, and its place in the order of rows."""

    day: date
    place: str
    row: SettlementRow


@dataclass(frozen=True, slots=True)
class GivenBack:
    """One return of a claim (palautus); `version` is that of the claim by the act, and tells its returns apart."""

    number: str
    version: int
    returned: Returned


def settled(entries: Iterable[Stood], today: date, returns: Iterable[GivenBack] = ()) -> list[Settled]:
    """The rows of any number of payments and claims, in order.

    Args:
        entries: All entries of each payment that a claim has ever had a part in, with what each gave it.
        today: Helsinki day; of paydays to come nothing has been paid.
        returns: What was given back: each is a row of its own, on the day when the municipality paid it.
    """
    ordered = sorted(entries, key=lambda one: (one.number, one.payment, one.entry))
    rows = [row for _, of in groupby(ordered, key=lambda one: (one.number, one.payment)) for row in _rows(list(of))]
    rows.extend(_given_back(one) for one in returns)
    return sorted((row for row in rows if row.day <= today), key=lambda one: one.place)


def page(rows: Sequence[Settled], month: Month, after: str | None) -> SettlementsPage:
    """One page of the rows of a month; the total is of all of the month."""
    of_month = [one for one in rows if one.day in month]
    rest = [one for one in of_month if after is None or one.place > after]
    shown, more = rest[:PAGE], len(rest) > PAGE
    total = sum((Decimal(one.row.to_municipality) for one in of_month), NOTHING)
    return SettlementsPage(
        rows=tuple(one.row for one in shown), total=f"{total:.2f}", next=shown[-1].place if more else None
    )


def _rows(entries: Sequence[Stood]) -> Iterable[Settled]:
    """Of entries before the payday only the last one took effect, on the payday."""
    early = [one for one in entries if one.day <= one.payday]
    paid = NOTHING
    told: Stood | None = None
    for one in [*early[-1:], *(one for one in entries if one.day > one.payday)]:
        if one.paid != paid:
            yield _row(one, one.paid - paid, told)
            told = one
        paid = one.paid


def _row(one: Stood, paid: Decimal, told: Stood | None) -> Settled:
    """A row; a correction tells by how much each figure differs from the row before, `told`.

    Of a payment in which somebody else has a share too, the reader's own is all that is told: the payment and what the
    client got of it, less that, would be the other one's. Look-ups tell the payment, so the client's part is left out
    as well, and so is every difference from or to such a row.
    """
    others = one.others or (told is not None and told.others)
    day = max(one.day, one.payday)
    mark = hashlib.sha256(one.payment.encode()).hexdigest()[:12]
    row = SettlementRow(
        reference=one.reference,
        number=one.number,
        payday=one.payday,
        first=one.first,
        last=one.last,
        **({} if others else _specification(one, told)),
        to_municipality=f"{paid:.2f}",
        others=others,
        correction=told is not None,
    )
    return Settled(day, f"{day}~{one.number}~{mark}~{one.entry:06}", row)


def _specification(one: Stood, told: Stood | None) -> dict[str, str | None]:
    """The payment and what went to the client, or by how much they differ from what was told before."""
    names = ("gross", "withheld", "net", "to_client")
    return {name: _more(getattr(one, name), NOTHING if told is None else getattr(told, name)) for name in names}


def _given_back(one: GivenBack) -> Settled:
    """The row of a return: nothing was shared out, and what went to the municipality is less by it."""
    returned = one.returned
    row = SettlementRow(
        reference=returned.reference,
        number=one.number,
        payday=returned.day,
        first=returned.day,
        last=returned.day,
        net="0.00",
        to_municipality=f"{-returned.amount:.2f}",
        to_client="0.00",
        correction=False,
        returned=True,
    )
    return Settled(returned.day, f"{returned.day}~{one.number}~return~{one.version:06}", row)


def _more(now: Decimal | None, before: Decimal | None) -> str | None:
    """By how much a figure grew; None when either was not kept."""
    return None if now is None or before is None else f"{now - before:.2f}"
