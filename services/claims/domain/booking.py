"""The books of one client: which payments need a new entry, and what it says (ToTuL 23 §, AML 14 §; golden R2-R6).

The newest entry of a payment stands; the earlier ones stay on record. A payment without an entry is wholly the
client's: most clients have no claim, and nothing is written for them.

What is *open* and what is *settled*: a payment is open until its payday has come (Helsinki day of the trigger, and of
every entry before it, so that a late trigger reopens nothing). On its payday it is settled: the money has gone out.

The rule, for every trigger:

1. A settled payment keeps what was paid of it, to the claimants and to the client. A later claim, a later end and a
   death change none of it. Only its *held* parts follow their claim: an undecided claim holds them still; an accepted
   one is paid; one that was rejected, withdrawn or has expired, or that had stopped by that payday, loses them to the
   client (never to the next claim). A held part never grows; it shrinks when the claim came to state less. It is
   paid to the body that the claim stands under then (golden G8).
2. The payment that is itself the trigger is shared out wholly anew, settled or not, against what was taken of the
   settled others: a payment that arrives, or a new version of it (correction). A reversed or withdrawn payment, and one
   that is not paid to the client, has nothing to share: its entry is all zeros. What a claim was paid of a settled
   one stays paid as far as the new version gives it to the claim, also while the claim is suspended or its account is
   not confirmed: only what it gains is held.
3. Every open payment is shared out anew, in the order of paydays: nothing of it has gone out yet, so that a claim that
   came, was decided, changed, suspended or ended, and a death, all take effect on it, and it does not matter in which
   order open payments arrived.

An entry is written when it says something else than the one that stands, and for every new version of a payment that
has one. A version that is not above the known one changes nothing. Claims take nothing for days after the client's
death: until the register corrects a payment that was made too long, the rule above holds for it.
"""

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

from services.claims.domain.allocation import (
    NOTHING,
    Claimed,
    Paid,
    Share,
    Standing,
    Taken,
    allocate,
    most,
)
from services.claims.domain.lifecycle import UNDECIDED
from services.claims.domain.months import slices
from services.claims.domain.protected_share import ProtectedShares
from services.claims.domain.registration import Claim
from services.claims.domain.settled import joined, keeping, paid_to
from shared.clock.civil import helsinki_date
from shared.contracts.claims import ClaimState

Why = Literal["payment", "correction", "decision", "claim", "death"]
"""What an entry was written for: the payment itself, or what happened to a claim or the client."""
FRUITLESS: Final = frozenset({ClaimState.REJECTED, ClaimState.WITHDRAWN, ClaimState.EXPIRED})
"""Ends of a claim that was never active."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment(Paid):
    """A payment in one of its versions.

    `net` is what there is to share out: zero when it was reversed or withdrawn, or is not paid to the client.
    `gross` and `withheld` specify it for the municipality's accounts and decide nothing: two payments that differ in
    them alone are the same. None: told before they were kept.
    """

    version: int
    gross: Decimal | None = field(default=None, compare=False)
    withheld: Decimal | None = field(default=None, compare=False)

    def emptied(self) -> "Payment":
        """The same with nothing to share out."""
        return replace(self, net=NOTHING, gross=NOTHING, withheld=NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """How one version of a payment was shared out. `client` and the shares sum to the payment's net.

    `bodies`: whom the entry concerns, also those who took part before and no longer do; known when it is made.
    """

    payment: Payment
    number: int
    why: Why
    at: datetime
    client: Decimal
    shares: tuple[Share, ...]
    bodies: frozenset[str] = frozenset()


def claimed(claim: Claim, *, confirmed: bool) -> Claimed:
    """A municipality's claim as the allocation sees it.

    Args:
        claim: The claim.
        confirmed: Whether its account is confirmed; what it takes waits until then (golden G8).
    """
    if claim.state in FRUITLESS and claim.stops_from is None:
        standing = Standing.ENDED
    else:
        standing = Standing.HELD if claim.state in UNDECIDED or not confirmed else Standing.PAID
    return Claimed(
        id=claim.id,
        body=claim.organisation,
        ground=claim.ground,
        benefit=claim.benefit,
        arrived=claim.arrived,
        first=claim.first,
        last=claim.last,
        standing=standing,
        origin=claim.origin,
        amount=claim.amount,
        advances=claim.advances,
        care=claim.care,
        in_time=claim.in_time,
        stops_from=claim.stops_from,
    )


def next_unpaid(claim: UUID, state: ClaimState, standing: Iterable[Entry], day: date) -> date:
    """From which payday on a claim that ends now takes nothing: that of the next unpaid instalment.

    Args:
        claim: The claim.
        state: Where it stands before it ends: of a suspended one the held instalments are unpaid.
        standing: The entries that stand for its client.
        day: Helsinki day of the act; what has its payday by then is paid.
    """
    tomorrow = date.fromordinal(day.toordinal() + 1)
    if state is not ClaimState.SUSPENDED:
        return tomorrow
    # One that was paid before and of which only a correction's growth is held, is not unpaid.
    unpaid = (
        entry.payment.payday
        for entry in standing
        if {share.held for share in entry.shares if share.claim == claim} == {True}
    )
    return min(unpaid, default=tomorrow)


class Books:
    """What is known of one client, in memory; each trigger gives the entries to be written, which stand from then on.

    Args:
        claims: Every claim on the client, Kela's among them, whatever has become of it.
        died: Day of the client's death.
        payments: Payments that may need a new entry: the open ones, and those that a trigger will name.
        standing: The newest entry of each payment that has one.
        protected: The table of the protected share.
        numbers: The number of the newest entry of a payment, whoever's it was then; grows.
        day: Helsinki day of the newest entry of all; what has its payday by then is settled.
    """

    def __init__(
        self,
        *,
        claims: Iterable[Claimed],
        died: date | None,
        payments: Iterable[Payment],
        standing: Iterable[Entry],
        protected: ProtectedShares,
        numbers: MutableMapping[str, int] | None = None,
        day: date = date.min,
    ) -> None:
        self._claims = {claim.id: claim for claim in claims}
        self._died = died
        self._payments = {payment.id: payment for payment in payments}
        self._standing = {entry.payment.id: entry for entry in standing}
        self._protected = protected
        self._numbers: MutableMapping[str, int] = {} if numbers is None else numbers
        for id_, entry in self._standing.items():
            self._numbers[id_] = max(entry.number, self._numbers.get(id_, 0))
        self._day = day

    @property
    def standing(self) -> Mapping[str, Entry]:
        """The entries that stand, by payment."""
        return self._standing

    def pay(self, payment: Payment, at: datetime, why: Why | None = None) -> list[Entry]:
        """A payment arrived, or a version of it; `why` is given when it arrived for another reason."""
        known = self._payments.get(payment.id)
        if known is not None and payment.version <= known.version:
            return []
        self._payments[payment.id] = payment
        return self._book(why or ("payment" if known is None else "correction"), at, payment)

    def lose(self, payment: Payment, at: datetime) -> list[Entry]:
        """A payment turned out to be another person's: nothing of it is shared out here."""
        gone = payment.emptied()
        made = self._book("decision", at, gone)
        self._payments.pop(payment.id, None)
        return made

    def claim(self, claim: Claimed, why: Why, at: datetime) -> list[Entry]:
        """A claim came, or something became of it."""
        self._claims[claim.id] = claim
        return self._book(why, at)

    def die(self, died: date | None, at: datetime) -> list[Entry]:
        """The client died, or the day was corrected."""
        if died == self._died:
            return []
        self._died = died
        return self._book("death", at)

    def rebook(self, why: Why, at: datetime) -> list[Entry]:
        """Something happened to the claims that were given."""
        return self._book(why, at)

    def _book(self, why: Why, at: datetime, trigger: Payment | None = None) -> list[Entry]:
        """The rule of this module."""
        self._day = max(self._day, helsinki_date(at))
        if not self._claims and not self._standing:
            return []
        claims = [self._alive(claim) for claim in self._claims.values()]
        again = self._again(trigger)
        taken = Taken(
            share for entry in self._standing.values() if entry.payment.id not in again for share in entry.shares
        )
        made: list[Entry] = []
        for entry in self._held(again):
            shares = self._followed(entry, claims, taken)
            self._write(made, entry.payment, shares, why, at)
        for payment in again.values():
            shares = allocate(payment, claims, taken, self._protected).shares
            self._write(made, payment, self._keeping(payment, shares), why, at)
        return made

    def _keeping(self, payment: Payment, shares: tuple[Share, ...]) -> tuple[Share, ...]:
        """Of a payment that was settled before its new version, what was paid stays paid."""
        stands = self._standing.get(payment.id)
        if stands is None or max(payment.payday, stands.payment.payday) > self._day:
            return shares
        return keeping(shares, stands.shares)

    def _again(self, trigger: Payment | None) -> dict[str, Payment]:
        """What is shared out anew: the trigger and the open ones, settled before open, then by payday."""
        found = {payment.id: payment for payment in self._payments.values() if payment.payday > self._day}
        if trigger is not None:
            found[trigger.id] = trigger
        return dict(sorted(found.items(), key=lambda item: (item[1].payday, item[0])))

    def _held(self, again: Mapping[str, Payment]) -> list[Entry]:
        held = (
            entry
            for entry in self._standing.values()
            if entry.payment.id not in again and any(share.held for share in entry.shares)
        )
        return sorted(held, key=lambda entry: (entry.payment.payday, entry.payment.id))

    def _followed(self, entry: Entry, claims: Sequence[Claimed], taken: Taken) -> tuple[Share, ...]:
        return joined(
            followed
            for share in entry.shares
            if (followed := self._follow(share, entry, claims, taken) if share.held else share) is not None
        )

    def _follow(self, share: Share, entry: Entry, claims: Sequence[Claimed], taken: Taken) -> Share | None:
        """A held part after what became of its claim; None when it is the client's now."""
        payment = entry.payment
        taken.remove(share)
        claim = next(claim for claim in claims if claim.id == share.claim)
        if not claim.runs_on(payment.payday):
            return None
        parts = slices(payment.benefit, payment.first, payment.last, payment.net)
        part = next(part for part in parts if part.month == share.month)
        limit = most(claim, part, claims, taken, self._protected, kept=paid_to(share, entry.shares))
        amount = min(share.amount, limit)
        if not amount:
            return None
        followed = replace(share, amount=amount, held=claim.standing is Standing.HELD, body=claim.body)
        taken.add(followed)
        return followed

    def _write(self, made: list[Entry], payment: Payment, shares: tuple[Share, ...], why: Why, at: datetime) -> None:
        stands = self._standing.get(payment.id)
        if (not shares) if stands is None else (stands.shares == shares and stands.payment == payment):
            return
        number = self._numbers.get(payment.id, 0) + 1
        client = payment.net - sum((share.amount for share in shares), NOTHING)
        bodies = frozenset(share.body for share in (*shares, *(stands.shares if stands else ())))
        entry = Entry(payment=payment, number=number, why=why, at=at, client=client, shares=shares, bodies=bodies)
        self._numbers[payment.id] = number
        self._standing[payment.id] = entry
        made.append(entry)

    def _alive(self, claim: Claimed) -> Claimed:
        if self._died is None or (claim.last is not None and claim.last <= self._died):
            return claim
        return replace(claim, last=self._died)
