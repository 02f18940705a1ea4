"""Corrections (jälkikäteiskorjaus): what a closed period is worth now minus what its documents charged for it.

Above zero it becomes a line on the next invoice of whoever pays now; below zero a credit note at once; zero is only
recorded. So all documents of a period sum to rating it from zero (invariant 4), whatever comes late or is taken back.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from services.billing.domain.book import PopulationTerms
from services.billing.domain.instalments import YearFee
from services.billing.domain.invoice import Charged
from services.billing.domain.rating import MonthUsage
from shared.contracts.base import Text
from shared.money import ZERO, allocate


class Key(NamedTuple):
    """What documents charge for: a period of an agreement, by a price book."""

    agreement: str
    book: str
    period: str
    """A month `2016-12`, or an instalment `2017/2`."""

    @property
    def charged(self) -> Charged:
        """As it stands on a line."""
        return Charged(agreement=self.agreement, price_book=self.book, period=self.period)


@dataclass(frozen=True, slots=True)
class Difference:
    """A closed period whose rating differs from its documents, or whose use changed without changing its price.

    Attributes:
        key: The period; a year by inhabitants stands under its last instalment.
        rated: What it is worth now.
        charged: What its documents charged, decisions on rectification apart.
        parts: `amount` by member municipality.
        basis: Fingerprint of what was rated.
        keys: The periods whose documents were summed: one month, or the instalments of a year.
    """

    key: Key
    rated: Decimal
    charged: Decimal
    basis: str
    keys: tuple[Key, ...]
    parts: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def amount(self) -> Decimal:
        """What is still to be charged; below zero what is to be given back."""
        return self.rated - self.charged


@dataclass(frozen=True, slots=True)
class Carrier:
    """A document that charged for a period, notes already taken off.

    Attributes:
        number: The document.
        charged: What it charges for.
        amount: How much of that charge stands.
        left: How much of the whole document stands: no notes may ever exceed it.
    """

    number: str
    charged: Charged
    amount: Decimal
    left: Decimal


@dataclass(frozen=True, slots=True)
class Taken:
    """What one credit note takes back (above zero), and its members' parts."""

    carrier: Carrier
    amount: Decimal
    parts: Mapping[str, Decimal]


def take_back(amount: Decimal, parts: Mapping[str, Decimal], carriers: Sequence[Carrier]) -> list[Taken]:
    """Share out what is to be given back over the documents that charged it, the earliest first.

    Args:
        amount: Above zero.
        parts: The same by member; the notes' parts sum to it.
        carriers: The documents, in order of issue.

    Returns:
        One note a document. Together less than `amount` only when decisions on rectification have given back the
        rest before: a document is never credited beyond itself.
    """
    shares: list[tuple[Carrier, Decimal]] = []
    open_amount = amount
    for carrier in carriers:
        here = min(open_amount, carrier.amount, carrier.left)
        if here > 0:
            shares.append((carrier, here))
            open_amount -= here
    taken = []
    rest = dict(parts)
    for place, (carrier, here) in enumerate(shares):
        own = balanced(rest if place == len(shares) - 1 else {}, here, parts)
        rest = {code: value - own.get(code, ZERO) for code, value in rest.items()}
        taken.append(Taken(carrier, here, own))
    return taken


def balanced(parts: Mapping[str, Decimal], amount: Decimal, weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Members' parts that sum to the amount: what is missing is shared by the sizes of the weights."""
    missing = amount - sum(parts.values(), ZERO)
    members = sorted(weights)
    if not missing or not members:
        return {code: value for code, value in sorted(parts.items()) if value}
    sizes = [abs(weights[code]) for code in members]
    shares = allocate(missing, sizes if any(sizes) else [1] * len(members))
    found = {code: parts.get(code, ZERO) + share for code, share in zip(members, shares, strict=True)}
    return {code: value for code, value in found.items() if value}


def subtract(rated: Mapping[str, Decimal], charged: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """By member, one minus the other; members without a difference are left out."""
    found = {code: rated.get(code, ZERO) - charged.get(code, ZERO) for code in sorted(rated.keys() | charged.keys())}
    return {code: value for code, value in found.items() if value}


def year_worth(terms: PopulationTerms, fee: YearFee, charged: Decimal, *, waived: bool) -> Decimal:
    """What a year by inhabitants is worth once its last instalment has been run.

    What was too little to invoice at the year's end stays so while it is below the limit; any other cent counts.

    Args:
        terms: The book's terms.
        fee: The year's fee by what is known now.
        charged: What its documents charged.
        waived: Whether its last instalment was waived.
    """
    due = fee.total - charged
    small = ZERO < due < terms.waive_below_at_year_end.amount
    return charged if small and (waived or not charged) else fee.total


def month_basis(usage: MonthUsage) -> str:
    """Fingerprint of a month's use: another one means that use was added or taken back since."""
    counts = sorted((count.member, count.product, count.quantity) for count in usage.counts if count.quantity)
    return _fingerprint([*map(repr, counts), str(usage.users)])


def year_basis(fee: YearFee) -> str:
    """Fingerprint of a year's members, inhabitants and days."""
    return _fingerprint(
        [f"{fee.year} {fee.item.price}", *(repr((m.municipality, m.inhabitants, m.days)) for m in fee.members)]
    )


def _fingerprint(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def period_name(period: str) -> str:
    """As it stands on a document: `12/2016` for a month, the year for instalments."""
    year, _, month = period.partition("-")
    return f"{int(month)}/{year}" if month else period.partition("/")[0]


def line_text(name: Text, period: str, what: Text) -> Text:
    """What a correction's line says: whose period, and why it stands there (golden G9: Juankoski 12/2016)."""
    when = period_name(period)
    return Text(fi=f"{name.fi} {when}, {what.fi}", sv=f"{name.sv} {when}, {what.sv}", en=f"{name.en} {when}, {what.en}")
