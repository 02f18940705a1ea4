"""Invoices and credit notes of every kind, drawn from a seed: the same seed gives the same documents."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Literal

from services.billing.book_files import load_prices
from services.billing.domain.invoice import (
    KELA,
    Charged,
    Invoice,
    Kind,
    Line,
    MemberPart,
    MemberShare,
    Numbering,
    Payer,
    Why,
    rectification_until,
)
from services.billing.domain.texts import ASSUMED_PRICE, LINES, RECTIFICATION
from shared.clock.civil import Month, helsinki_date
from shared.contracts.base import Text
from shared.finnish.banking_days import on_or_after
from shared.finnish.municipalities import Municipality, municipalities
from shared.money import ZERO, allocate, cents

BOOK = load_prices().books.files["KELMU-2016.yaml"]
PRICES = [(item.code, item.text, item.unit, item.price) for item in BOOK.items if item.price is not None]
ADDRESSES = ("003702014696", "003702012566OVT", "FI2112345600000785", "TE003702014696", "  ", None)
STREETS = ("Kirkkokatu 1", "Pitkänsillanrannanpuistokatuvarsi 1234 A 56, kerros 7", "A", "", "Tie <1> & \u0007polku")
ODD_NAMES = ("=HYPERLINK(1)", 'Kunta & "Kumppanit" <oy>', "X", "Hyvin pitkä nimi " * 9, "Kunta\x0b\n rivi")


def documents(seed: int, count: int) -> Iterator[Invoice]:
    """As many documents as asked for."""
    draw = Random(seed)
    known = list(municipalities().values())
    for sequence in range(1, count + 1):
        yield _document(draw, known, sequence)


def _document(draw: Random, known: list[Municipality], sequence: int) -> Invoice:
    kind: Kind = draw.choices(("usage_month", "population_instalment", "correction", "credit_note"), (5, 3, 1, 2))[0]
    month = Month(2016, 1).plus(draw.randrange(30))
    issued_at = datetime(2017, 1, 2, 8, 30, tzinfo=UTC) + timedelta(minutes=draw.randrange(500_000))
    issued_on = helsinki_date(issued_at)
    agreement = f"A-{draw.randrange(1, 400)}"
    charged = Charged(agreement=agreement, price_book=BOOK.id, period=str(month))
    members = draw.sample(known, draw.choices((0, 1, 2, 12), (20, 60, 18, 2))[0])
    while True:
        count = draw.choices((1, 2, 3, 20), (50, 30, 18, 2))[0]
        drawn = [_line(draw, row, charged, members) for row in range(1, count + 1)]
        total = sum((line.amount for line in drawn), ZERO)
        if (kind == "credit_note") == (total < 0):
            break
    numbering = Numbering(kind, issued_on.year, sequence)
    payer = _payer(draw, known)
    return Invoice(
        number=numbering.number,
        series=numbering.series,
        year=numbering.year,
        sequence=sequence,
        kind=kind,
        credits="K2017-00001" if kind == "credit_note" else None,
        credits_issued_on=issued_on - timedelta(days=sequence % 400) if kind == "credit_note" else None,
        seller=KELA,
        payer=payer,
        delivery=payer.delivery,
        agreement=agreement,
        price_book=BOOK.id,
        period=str(month),
        first_day=month.first,
        last_day=month.last,
        issued_at=issued_at,
        issued_on=issued_on,
        due=on_or_after(issued_on + timedelta(days=30)),
        legal_basis=BOOK.legal_basis,
        vat="outside_scope_public_law",
        lines=tuple(drawn),
        members=_shares(drawn, members, payer.language),
        total=total,
        reference=numbering.reference,
        reference_rf=numbering.reference_rf,
        assumed=True,
        price_notice=ASSUMED_PRICE,
        rectification=RECTIFICATION,
        rectification_until=rectification_until(issued_on),
    )


def _payer(draw: Random, known: list[Municipality]) -> Payer:
    language: Literal["fi", "sv"] = draw.choice(("fi", "sv"))
    name = draw.choice(ODD_NAMES) if draw.random() < 0.1 else draw.choice(known).name(language)
    address = draw.choice(ADDRESSES)
    return Payer(
        business_id="0201469-6",
        name=name,
        language=language,
        e_invoice_address=address,
        intermediary=draw.choice(("003714377140", "DABAFIHH", None)) if address else None,
        billing_reference=draw.choice(("Sosiaalitoimi 12", "4500001234 / =1+1", " ", None)),
        street=draw.choice(STREETS),
        postal_code=draw.choice(("00100", "")),
        town=draw.choice(("Helsinki", "Ii", "")),
    )


def _line(draw: Random, row: int, own: Charged, members: list[Municipality]) -> Line:
    why: Why = draw.choices(("rated", "correction", "rectification"), (4, 2, 2))[0]
    charged, text, unit, product = own, LINES["MINIMUM_INVOICE"], "adjustment", "MINIMUM_INVOICE"
    quantity, price = 1, Decimal(draw.randrange(1, 70_000)) / 100
    if draw.random() < 0.7:
        product, text, unit, price = draw.choice(PRICES)
        quantity = draw.choice((0, 1, 7, 1234, 99_999))
    if why != "rated":
        charged = Charged(agreement=f"A-{draw.randrange(1, 400)}", price_book=BOOK.id, period=draw.choice(_PERIODS))
        name = f"Juankoski {charged.period}"
        text = Text(fi=f"{text.fi}, {name}", sv=f"{text.sv}, {name}", en=f"{text.en}, {name}")
        if draw.random() < 0.5:
            quantity = -quantity
        else:
            price = -price
    amount = cents(quantity * price)
    shares = allocate(amount, [draw.randrange(1, 9) for _ in members]) if members else []
    return Line(
        row=row,
        charged=charged,
        why=why,
        product=product,
        text=text,
        law=BOOK.legal_basis,
        price_row=f"{charged.price_book} {product}",
        source="A 1063/2014 (VRK)",
        assumed=True,
        calculation=f"{quantity} \u00d7 {price} = {amount}",
        quantity=quantity,
        unit=unit,
        unit_price=price,
        amount=amount,
        parts=tuple(
            MemberPart(municipality=member.code, quantity=None, amount=share)
            for member, share in zip(members, shares, strict=True)
        ),
    )


_PERIODS = ("2015-11", "2016-12", "2017/1", "2016")


def _shares(lines: list[Line], members: list[Municipality], language: Literal["fi", "sv"]) -> tuple[MemberShare, ...]:
    amounts = {member.code: ZERO for member in members}
    for line in lines:
        for part in line.parts:
            amounts[part.municipality] += part.amount
    return tuple(
        MemberShare(
            municipality=member.code,
            name=member.name(language),
            counts={"QUERY_PERSON": 12, "QUERY_NOHIT": 3},
            amount=amounts[member.code],
        )
        for member in members
    )
