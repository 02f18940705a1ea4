"""The invoice (lasku): one immutable document from which every file is made and every cent is explained.

It holds what L 150/1992 11 a § asks for: the legal basis of each line, how it was calculated, and how to demand
rectification (11 b §, six months). It names municipalities and counts, never a person.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from shared.clock.civil import Month, helsinki_date
from shared.contracts.base import BusinessId, Text
from shared.finnish.reference import make_reference, make_rf
from shared.money import ZERO, Money, UnitPrice, cents

RECTIFICATION_MONTHS = 6
Kind = Literal["usage_month", "population_instalment", "correction", "credit_note"]
"""`correction` (korjauslasku): only lines of earlier periods, when no invoice comes that could carry them."""
Why = Literal["rated", "correction", "rectification"]
"""Why a line stands on a document: the period as first rated; what a later rating of it adds or takes back
(jälkikäteiskorjaus); or what a decision on a demand for rectification (oikaisuvaatimus) gives back."""


@dataclass(frozen=True, slots=True)
class Series:
    """A series of invoice numbers: its letter in the number, its digit in the payment reference."""

    letter: str
    digit: int


SERIES = MappingProxyType(
    {
        "usage_month": Series("K", 1),
        "population_instalment": Series("V", 2),
        "credit_note": Series("H", 3),
        "correction": Series("J", 4),
    }
)


class Part(BaseModel):
    """A part of the document: immutable, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Seller(Part):
    """Who sends the invoice."""

    business_id: BusinessId
    name_fi: str
    name_sv: str


KELA = Seller(business_id="0246246-0", name_fi="Kansaneläkelaitos", name_sv="Folkpensionsanstalten")


class Payer(Part):
    """The agreement's party that pays (maksaja), with what finance needs to reach it."""

    business_id: BusinessId
    name: str
    language: Literal["fi", "sv"]
    e_invoice_address: str | None
    intermediary: str | None
    billing_reference: str | None
    street: str
    postal_code: str
    town: str

    @property
    def delivery(self) -> Literal["e_invoice", "paper"]:
        """How the invoice reaches the payer: on paper when there is no e-invoice address."""
        return "e_invoice" if self.e_invoice_address else "paper"


class MemberPart(Part):
    """A member municipality's part of one line."""

    municipality: str
    quantity: int | None
    amount: Money


class Charged(Part):
    """What a line charges for (veloituksen kohde): the period of an agreement that some price book rates.

    Over all documents, the lines of one such period sum to what rating it from zero gives (invariant 4), decisions on
    rectification apart. A correction stands on a later document, often of another agreement (golden G9).
    """

    agreement: str
    price_book: str
    period: str


class Line(Part):
    """One line; quantity times unit price rounded half up is the amount."""

    row: Annotated[int, Field(ge=1)]
    charged: Charged
    why: Why = "rated"
    product: str
    text: Text
    law: str
    price_row: str
    """The row of the price book, such as `KELMU-2016 QUERY_PERSON`."""
    source: str
    assumed: bool
    calculation: str
    quantity: int
    unit: str
    unit_price: UnitPrice
    amount: Money
    parts: tuple[MemberPart, ...]


class MemberShare(Part):
    """The specification of one member: its counts by product and its share of the total (golden G10, G11)."""

    municipality: str
    name: str
    counts: dict[str, int]
    amount: Money


class Invoice(Part):
    """The document."""

    form: Literal["kelmu.invoice.v1"] = "kelmu.invoice.v1"
    number: str
    series: str
    year: int
    sequence: Annotated[int, Field(ge=1)]
    kind: Kind
    credits: str | None = None
    """The number of the invoice from which a credit note (hyvityslasku) takes back; its amounts are below zero."""
    credits_issued_on: date | None = None
    """The date of that invoice (EN 16931 BT-26); None on notes from before it was kept."""
    seller: Seller
    payer: Payer
    delivery: Literal["e_invoice", "paper"]
    agreement: str
    price_book: str
    period: str
    first_day: date
    last_day: date
    issued_at: AwareDatetime
    issued_on: date
    due: date
    legal_basis: str
    vat: Literal["outside_scope_public_law"]
    lines: Annotated[tuple[Line, ...], Field(min_length=1)]
    members: tuple[MemberShare, ...]
    total: Money
    reference: str
    reference_rf: str
    assumed: bool
    price_notice: Text
    rectification: Text
    rectification_until: date

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        for line in self.lines:
            if cents(line.quantity * line.unit_price) != line.amount:
                raise ValueError(f"line {line.row}: quantity times unit price is not the amount")
            if line.parts and sum((part.amount for part in line.parts), ZERO) != line.amount:
                raise ValueError(f"line {line.row}: the members' parts are not the amount")
        if sum((line.amount for line in self.lines), ZERO) != self.total:
            raise ValueError("the lines do not sum to the total")
        if self.members and sum((member.amount for member in self.members), ZERO) != self.total:
            raise ValueError("the members' shares do not sum to the total")
        if (self.kind == "credit_note") != (self.credits is not None) or (self.credits is not None) != (self.total < 0):
            raise ValueError("a credit note names the invoice it credits and is below zero; an invoice is neither")
        if self.credits_issued_on is not None and (self.credits is None or self.credits_issued_on > self.issued_on):
            raise ValueError("the date of a credited invoice stands on its credit note, which is not older")
        return self

    def canonical(self) -> bytes:
        """The document as canonical JSON: sorted keys, no spaces, UTF-8; equal documents give equal bytes."""
        content = self.model_dump(mode="json")
        return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(document: bytes) -> str:
    """SHA-256 of a canonical document, in hex."""
    return hashlib.sha256(document).hexdigest()


@dataclass(frozen=True, slots=True)
class Numbering:
    """The identity of an invoice: gapless within its series and year."""

    kind: Kind
    year: int
    sequence: int

    @property
    def series(self) -> str:
        """Letter of the series."""
        return SERIES[self.kind].letter

    @property
    def number(self) -> str:
        """The invoice number, such as `K2017-00001`."""
        return f"{self.series}{self.year}-{self.sequence:05d}"

    @property
    def reference(self) -> str:
        """The payment reference (viitenumero)."""
        return make_reference(f"{self.year}{SERIES[self.kind].digit}{self.sequence:05d}")

    @property
    def reference_rf(self) -> str:
        """The same as an RF reference (ISO 11649)."""
        return make_rf(self.reference)


def issue_year(issued_at: datetime) -> int:
    """The year of the number: the Helsinki year in which the invoice is issued."""
    return helsinki_date(issued_at).year


def rectification_until(issued_on: date) -> date:
    """The last day for a demand: the same day six months later, or that month's last day."""
    month = Month.of(issued_on).plus(RECTIFICATION_MONTHS)
    return month.first.replace(day=min(issued_on.day, month.length))
