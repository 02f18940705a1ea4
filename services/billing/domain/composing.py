"""From a rated month or an instalment to an invoice document."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from services.billing.domain.book import PriceBook
from services.billing.domain.instalments import SERVICE_YEAR, FeeLine, Instalment, YearFee
from services.billing.domain.invoice import (
    KELA,
    Charged,
    Invoice,
    Line,
    MemberPart,
    MemberShare,
    Numbering,
    Payer,
    Why,
    rectification_until,
)
from services.billing.domain.rating import Portion, Rated, RatedLine
from services.billing.domain.texts import ASSUMED_PRICE, LINES, RECTIFICATION
from shared.clock.civil import Month, helsinki_date
from shared.contracts.base import Text
from shared.finnish.banking_days import on_or_after
from shared.finnish.municipalities import municipalities
from shared.money import ZERO

INHABITANTS = "INHABITANTS"
DAYS = "DAYS"
CORRECTION = "CORRECTION"
RECTIFIED = "RECTIFICATION"
RECTIFICATION_LAW = "L 150/1992 11 b §"
TIMES = "\u00d7"
"""The multiplication sign in calculations."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a document says besides its lines."""

    numbering: Numbering
    payer: Payer
    agreement: str
    book: PriceBook
    period: str
    first_day: date
    last_day: date
    issued_at: datetime
    due: date
    credits: str | None = None
    credits_issued_on: date | None = None

    @property
    def charged(self) -> Charged:
        """What its own lines charge for; a correction's line names another period."""
        return Charged(agreement=self.agreement, price_book=self.book.id, period=self.period)


@dataclass(frozen=True, slots=True)
class ExtraLine:
    """A line that no rating of the document's own period gives: a correction, or what a decision gives back."""

    charged: Charged
    why: Why
    text: Text
    calculation: str
    amount: Decimal
    parts: Mapping[str, Decimal]
    book: PriceBook


def month_heading(
    numbering: Numbering, payer: Payer, agreement: str, book: PriceBook, month: Month, issued_at: datetime
) -> Heading:
    """The heading of a month's invoice; due after the book's term, moved to a banking day."""
    due = on_or_after(helsinki_date(issued_at) + timedelta(days=book.payment_term_days))
    return Heading(numbering, payer, agreement, book, str(month), month.first, month.last, issued_at, due)


def usage_invoice(heading: Heading, rated: Rated, extras: Sequence[ExtraLine] = ()) -> Invoice:
    """The invoice of a rated month, and what corrections it carries of earlier periods."""
    lines = [_usage_line(row, heading, line) for row, line in enumerate(rated.lines, start=1)]
    counts: dict[str, dict[str, int]] = {}
    for line in lines:
        for part in line.parts:
            if part.quantity is not None:
                counts.setdefault(part.municipality, {})[line.product] = part.quantity
    return _invoice(heading, [*lines, *_extra_lines(extras, len(lines))], counts)


def instalment_invoice(
    heading: Heading, fee: YearFee, due: Instalment, number: int, count: int, extras: Sequence[ExtraLine] = ()
) -> Invoice:
    """The invoice of an instalment that is to be invoiced, and what corrections it carries of earlier periods."""
    calculation = f"{_basis(fee)}; {number}/{count}"
    lines = [
        _fee_line(row, heading, fee, line, calculation if line.product == SERVICE_YEAR else "")
        for row, line in enumerate(due.lines, start=1)
    ]
    counts = {member.municipality: {INHABITANTS: member.inhabitants, DAYS: member.days} for member in fee.members}
    return _invoice(heading, [*lines, *_extra_lines(extras, len(lines))], counts)


def extra_invoice(heading: Heading, extras: Sequence[ExtraLine]) -> Invoice:
    """A document of such lines only: a correction that no invoice can carry, or a credit note (hyvityslasku)."""
    return _invoice(heading, _extra_lines(extras, 0), {})


def _invoice(heading: Heading, lines: Sequence[Line], counts: dict[str, dict[str, int]]) -> Invoice:
    numbering, book, payer = heading.numbering, heading.book, heading.payer
    issued_on = helsinki_date(heading.issued_at)
    return Invoice(
        number=numbering.number,
        series=numbering.series,
        year=numbering.year,
        sequence=numbering.sequence,
        kind=numbering.kind,
        credits=heading.credits,
        credits_issued_on=heading.credits_issued_on,
        seller=KELA,
        payer=payer,
        delivery=payer.delivery,
        agreement=heading.agreement,
        price_book=book.id,
        period=heading.period,
        first_day=heading.first_day,
        last_day=heading.last_day,
        issued_at=heading.issued_at,
        issued_on=issued_on,
        due=heading.due,
        legal_basis=book.legal_basis,
        vat=book.vat,
        lines=tuple(lines),
        members=_shares(lines, counts, payer),
        total=sum((line.amount for line in lines), ZERO),
        reference=numbering.reference,
        reference_rf=numbering.reference_rf,
        assumed=any(line.assumed for line in lines),
        price_notice=ASSUMED_PRICE,
        rectification=RECTIFICATION,
        rectification_until=rectification_until(issued_on),
    )


def _usage_line(row: int, heading: Heading, line: RatedLine) -> Line:
    item, book = line.item, heading.book
    if item is None:
        return _minimum_line(row, heading, line)
    return Line(
        row=row,
        charged=heading.charged,
        product=line.product,
        text=item.text,
        law=item.law,
        price_row=f"{book.name} {line.product}",
        source=item.source,
        assumed=item.assumed,
        calculation=f"{_product_of(line.quantity, line.unit_price)} = {line.amount}",
        quantity=line.quantity,
        unit=item.unit,
        unit_price=line.unit_price,
        amount=line.amount,
        parts=_parts(line.portions),
    )


def _minimum_line(row: int, heading: Heading, line: RatedLine) -> Line:
    book = heading.book
    if book.usage is None:
        raise ValueError(f"{book.id} has no minimum invoice.")
    minimum = book.usage.minimum_invoice
    return Line(
        row=row,
        charged=heading.charged,
        product=line.product,
        text=LINES[line.product],
        law=book.legal_basis,
        price_row=f"{book.name} {line.product}",
        source=minimum.source,
        assumed=minimum.assumed,
        calculation=f"{minimum.amount} - {minimum.amount - line.amount} = {line.amount}",
        quantity=1,
        unit="adjustment",
        unit_price=line.amount,
        amount=line.amount,
        parts=_parts(line.portions),
    )


def _extra_lines(extras: Iterable[ExtraLine], after: int) -> list[Line]:
    return [_extra_line(row, extra) for row, extra in enumerate(extras, start=after + 1)]


def _extra_line(row: int, extra: ExtraLine) -> Line:
    product = CORRECTION if extra.why == "correction" else RECTIFIED
    parts = (MemberPart(municipality=code, quantity=None, amount=part) for code, part in sorted(extra.parts.items()))
    return Line(
        row=row,
        charged=extra.charged,
        why=extra.why,
        product=product,
        text=extra.text,
        law=extra.book.legal_basis if extra.why == "correction" else RECTIFICATION_LAW,
        price_row=f"{extra.book.name} {product}",
        source=f"{extra.book.name}: the rows that price {extra.charged.period}",
        assumed=any(item.assumed for item in extra.book.items),
        calculation=extra.calculation,
        quantity=1,
        unit="adjustment",
        unit_price=extra.amount,
        amount=extra.amount,
        parts=tuple(parts),
    )


def _fee_line(row: int, heading: Heading, fee: YearFee, line: FeeLine, calculation: str) -> Line:
    return Line(
        row=row,
        charged=heading.charged,
        product=line.product,
        text=LINES.get(line.product, fee.item.text),
        law=fee.item.law,
        price_row=f"{heading.book.name} {SERVICE_YEAR}",
        source=fee.item.source,
        assumed=fee.item.assumed,
        calculation=calculation or _basis(fee),
        quantity=1,
        unit="instalment",
        unit_price=line.amount,
        amount=line.amount,
        parts=_parts(line.portions),
    )


def _basis(fee: YearFee) -> str:
    by_days = {member.days for member in fee.members}
    whole = len(by_days) == 1 and by_days == {(date(fee.year, 12, 31) - date(fee.year, 1, 1)).days + 1}
    inhabitants = (
        _product_of(fee.inhabitants, fee.item.price or ZERO)
        if whole
        else f"Σ inhabitants {TIMES} price {TIMES} days/year"
    )
    return f"{fee.year}: {inhabitants} = {fee.total}"


def _product_of(quantity: int, price: Decimal) -> str:
    return f"{quantity} {TIMES} {price}"


def _parts(portions: Iterable[Portion]) -> tuple[MemberPart, ...]:
    return tuple(MemberPart(municipality=p.member, quantity=p.quantity, amount=p.amount) for p in portions)


def _shares(lines: Sequence[Line], counts: dict[str, dict[str, int]], payer: Payer) -> tuple[MemberShare, ...]:
    amounts: dict[str, Decimal] = dict.fromkeys(counts, ZERO)
    for line in lines:
        for part in line.parts:
            amounts[part.municipality] = amounts.get(part.municipality, ZERO) + part.amount
    known = municipalities()
    return tuple(
        MemberShare(
            municipality=code,
            name=known[code].name(payer.language) if code in known else code,
            counts=counts.get(code, {}),
            amount=amounts[code],
        )
        for code in sorted(amounts)
    )
