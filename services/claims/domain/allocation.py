"""Who gets what of one payment: Kela, each municipality, the client; to the cent (rules V8, V11, V13, V14; R1-R6).

ToTuL 23 caps month by month at the advance given for the month. AML 14 takes up to the care fee of the month less what
the municipality collects elsewhere, and leaves the client the protected share of all income of the month. What nobody
takes is the client's. The parts always sum to the net payment.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.claims.domain.months import Slice, portion, slices
from services.claims.domain.payday import NOTICE
from services.claims.domain.protected_share import ProtectedShares
from services.claims.domain.sharing import period_fault
from shared.clock.civil import Month, helsinki_date
from shared.contracts.claims import Ground

KELA: Final = "kela"
"""The body of Kela's own claims (ToTuL 23.3 §)."""
SWITCH: Final = date(2017, 1, 1)
"""L 815/2015: claims that arose before this day keep the order of their origin, oldest first."""
NOTHING: Final = Decimal(0)


class Standing(StrEnum):
    """How far a claim has come, as far as payments are concerned."""

    PAID = "paid"
    """Accepted: the claimant is paid."""
    HELD = "held"
    """Not decided yet, or the account waits to be confirmed: the part is kept back (golden R4, G8)."""
    ENDED = "ended"
    """Takes nothing more; what it took still counts."""


@dataclass(frozen=True, slots=True)
class CareFee:
    """What an AML 14 claim states of a month: the fee, all net income, and what is collected from other payers."""

    fee: Decimal
    income: Decimal
    others: Decimal = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A claim as the allocation sees it.

    Attributes:
        id: The claim.
        body: Business id of the claimant, or `KELA`.
        ground: Peruste.
        benefit: The benefit claimed.
        origin: Day of the assistance decision (ToTuL 23): its order among claims of before 2017.
        arrived: Arrival; decides the fourteen days and the order.
        first: First day of the period.
        last: Last day; None: until further notice.
        amount: Euros a month at most; None: all.
        advances: ToTuL 23: assistance given as an advance, by month.
        care: AML 14: by the month from which it holds.
        standing: How far it has come.
        in_time: The claim handler lets it bite on payments nearer than fourteen days, though not before its arrival.
        stops_from: Of payments with this payday or a later one it takes nothing (end notice); None: nothing ended it.
    """

    id: UUID
    body: str
    ground: Ground
    benefit: str
    arrived: datetime
    first: date
    last: date | None
    standing: Standing
    origin: date | None = None
    amount: Decimal | None = None
    advances: Mapping[Month, Decimal] = field(default_factory=dict)
    care: Mapping[Month, CareFee] = field(default_factory=dict)
    in_time: bool = False
    stops_from: date | None = None

    def care_in(self, month: Month) -> CareFee | None:
        """The care fee that holds in a month: the newest stated for it or before it."""
        held = max((begins for begins in self.care if begins.first <= month.first), default=None, key=lambda m: m.first)
        return None if held is None else self.care[held]

    def runs_on(self, payday: date) -> bool:
        """Whether nothing has ended it for payments of this payday."""
        return self.standing is not Standing.ENDED and (self.stops_from is None or payday < self.stops_from)

    def bites_on(self, payment: "Paid") -> bool:
        """Whether it may take of the payment at all."""
        return (
            self.runs_on(payment.payday)
            and self.benefit == payment.benefit
            and payment.payday >= helsinki_date(self.arrived) + (timedelta(0) if self.in_time else NOTICE)
            and self.first <= payment.last
            and (self.last is None or payment.first <= self.last)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A payment to be shared out. `net` is what is left after tax, Kela's recovery and enforcement (V13)."""

    id: str
    benefit: str
    payday: date
    first: date
    last: date
    net: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """What one claim takes of one month of a payment; held until the claim is decided, or paid."""

    claim: UUID
    body: str
    month: Month
    amount: Decimal
    held: bool


@dataclass(frozen=True, slots=True)
class Allocation:
    """The whole payment, shared out: `client` and the shares sum to its net."""

    payment: str
    client: Decimal
    shares: tuple[Share, ...]


class Taken:
    """What claims have taken of each month already, of other payments.

    Args:
        shares: Of every other payment of the client, as it is shared out now.
    """

    def __init__(self, shares: Iterable[Share] = ()) -> None:
        self._by_claim: dict[tuple[UUID, Month], Decimal] = {}
        for share in shares:
            self.add(share)

    def add(self, share: Share) -> None:
        """Count one share more."""
        key = (share.claim, share.month)
        self._by_claim[key] = self._by_claim.get(key, NOTHING) + share.amount

    def remove(self, share: Share) -> None:
        """Count one share less."""
        key = (share.claim, share.month)
        self._by_claim[key] = self._by_claim.get(key, NOTHING) - share.amount

    def of(self, claim: UUID, month: Month) -> Decimal:
        """What the claim has taken for the month."""
        return self._by_claim.get((claim, month), NOTHING)


def order_of(claim: Claimed) -> tuple[int, date, bool, datetime, str]:
    """The order in which claims take (golden R3): old claims by origin, then Kela, then municipalities; AML 14 last."""
    if claim.ground is Ground.AML_14:
        return (2, date.min, False, claim.arrived, str(claim.id))
    if claim.origin is not None and claim.origin < SWITCH:
        return (0, claim.origin, claim.body != KELA, claim.arrived, str(claim.id))
    return (1, date.min, claim.body != KELA, claim.arrived, str(claim.id))


def allocate(payment: Paid, claims: Sequence[Claimed], taken: Taken, protected: ProtectedShares) -> Allocation:
    """Share one payment out; one of which nobody can say what months it is for is wholly the client's.

    Args:
        payment: The payment, in its newest version.
        claims: Every claim on the client, ended ones too: what they took counts against the protected share.
        taken: What was taken of the client's other payments; grows by this payment's shares.
        protected: The table of the protected share.

    Returns:
        Who gets what. What no claim may take of, a benefit that this release does not know among them, is the client's.

    Raises:
        ValueError: The payment is negative, or a month of which a claim on care may take has no protected share.
    """
    if payment.net < 0:
        raise ValueError("a payment is not negative; a reversal is a new version with a smaller net")
    if period_fault(payment.benefit, payment.first, payment.last, payment.payday) is not None:
        return Allocation(payment.id, payment.net, ())
    biting = sorted((claim for claim in claims if claim.bites_on(payment)), key=order_of)
    if not biting:
        return Allocation(payment.id, payment.net, ())
    shares: list[Share] = []
    for part in slices(payment.benefit, payment.first, payment.last, payment.net):
        shares.extend(_share_month(part, biting, claims, taken, protected))
    client = payment.net - sum((share.amount for share in shares), NOTHING)
    return Allocation(payment.id, client, tuple(shares))


def _share_month(
    part: Slice, biting: Sequence[Claimed], claims: Sequence[Claimed], taken: Taken, protected: ProtectedShares
) -> Iterator[Share]:
    left = part.net
    for claim in biting:
        wanted = most(claim, part, claims, taken, protected)
        amount = min(left, wanted)
        if amount:
            share = Share(claim.id, claim.body, part.month, amount, claim.standing is Standing.HELD)
            taken.add(share)
            left -= amount
            yield share


def most(
    claim: Claimed,
    part: Slice,
    claims: Sequence[Claimed],
    taken: Taken,
    protected: ProtectedShares,
    kept: Decimal = NOTHING,
) -> Decimal:
    """What a claim may take of a month's part at most, were nobody before it (V8, V11); never below zero.

    Args:
        claim: The claim.
        part: The month's part of a payment.
        claims: Every claim on the client.
        taken: What was taken of everything else.
        protected: The table of the protected share.
        kept: What the claim keeps of this very part besides; it counts as taken too.
    """
    limits = [portion(claim.benefit, part, claim.first, claim.last) - kept]
    if limits[0] <= 0:  # of a month outside the claim's days nothing needs to be known
        return NOTHING
    already = taken.of(claim.id, part.month)
    if claim.amount is not None:
        limits.append(claim.amount - already)
    if claim.ground is Ground.TOTUL_23:
        limits.append(claim.advances.get(part.month, NOTHING) - already)
    else:
        limits.extend(_care_limits(claim, part.month, claims, taken, protected))
    return max(min(limits), NOTHING)


def _care_limits(
    claim: Claimed, month: Month, claims: Sequence[Claimed], taken: Taken, protected: ProtectedShares
) -> Iterator[Decimal]:
    """V11, golden R2: the fee not yet collected, and what leaves the client the protected share of all income."""
    care = claim.care_in(month)
    if care is None:
        yield NOTHING
        return
    yield care.fee - care.others - taken.of(claim.id, month)
    of_all = sum((taken.of(other.id, month) for other in claims), NOTHING)
    yield care.income - protected.of(care.income, month) - care.others - of_all
