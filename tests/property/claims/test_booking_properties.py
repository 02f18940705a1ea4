"""Random histories of a client: every cent once, limits and order as a slow second bookkeeper has them, replayable."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from services.claims.data_files import protected_shares
from services.claims.domain.allocation import Claimed, Share, Standing
from services.claims.domain.booking import Books, Entry, Payment
from shared.clock.civil import helsinki_date
from shared.contracts.claims import Ground
from tests.property.claims.histories import Claiming, Dying, Event, Paying, a_history, a_payment, a_settled_history
from tests.property.claims.slow import SlowAllocator, Taking

if TYPE_CHECKING:
    from uuid import UUID

SEEDS = st.integers(0, 2**32).map(Random)


def empty() -> Books:
    return Books(claims=(), died=None, payments=(), standing=(), protected=protected_shares())


def play(books: Books, event: Event) -> list[Entry]:
    match event:
        case Paying():
            return books.pay(event.payment, event.at)
        case Claiming():
            return books.claim(event.claim, "claim", event.at)
        case Dying():
            return books.die(event.died, event.at)


def said(entries: Iterable[Entry]) -> dict[str, tuple[Payment, Decimal, tuple[Share, ...]]]:
    return {entry.payment.id: (entry.payment, entry.client, entry.shares) for entry in entries}


def by_taking(shares: Iterable[Share]) -> Counter[Taking]:
    cents = Counter[Taking]()
    for share in shares:
        cents[share.claim, (share.month.year, share.month.month)] += int(share.amount * 100)
    return cents


class World:
    """The facts of the client as the events tell them."""

    def __init__(self) -> None:
        self.claims: dict[UUID, Claimed] = {}
        self.payments: dict[str, Payment] = {}
        self.died: date | None = None
        self.day = date.min
        self.stands: dict[str, tuple[Payment, Counter[Taking], Counter[Taking]]] = {}
        """By payment: its version, cents by claim and month, and how many of them are held."""

    def learn(self, event: Event) -> Payment | None:
        """Take an event in; the payment that it is about when that is new. Raises LookupError when nothing is new."""
        trigger = None
        match event:
            case Paying(payment=payment):
                known = self.payments.get(payment.id)
                if known is not None and known.version >= payment.version:
                    raise LookupError
                trigger = self.payments[payment.id] = payment
            case Claiming(claim=claim):
                self.claims[claim.id] = claim
            case Dying(died=died):
                if died == self.died:
                    raise LookupError
                self.died = died
        self.day = max(self.day, helsinki_date(event.at))
        return trigger

    def living(self) -> list[Claimed]:
        return [
            claim if self.died is None else replace(claim, last=min(claim.last or self.died, self.died))
            for claim in self.claims.values()
        ]

    def book(self, trigger: Payment | None) -> None:
        """The rule of the books, slowly: settled ones first, then what is shared out anew in order of paydays."""
        slow = SlowAllocator(self.living())
        by_id = {claim.id: claim for claim in slow.every}
        anew = {id_ for id_, paid in self.payments.items() if paid.payday > self.day}
        if trigger is not None:
            anew.add(trigger.id)
        stays = sorted((paid.payday, id_) for id_, (paid, _, _) in self.stands.items() if id_ not in anew)
        for _, id_ in stays:
            slow.collected.update(self.stands[id_][1])
        for _, id_ in stays:
            paid, won, held = self.stands[id_]
            for taking in sorted(held, key=list(won).index):
                self._follow(slow, by_id[taking[0]], paid, taking, won, held)
        for id_ in sorted(anew, key=lambda id_: (self.payments[id_].payday, id_)):
            won, _ = slow.share(self.payments[id_])
            gone = self._paid(id_)
            waiting = Counter({t: won[t] - gone[t] for t in won if by_id[t[0]].standing is Standing.HELD})
            if won or id_ in self.stands:
                self.stands[id_] = (self.payments[id_], won, +waiting)

    def _paid(self, id_: str) -> Counter[Taking]:
        """Cents that have gone out: those of a payment that was settled before it came anew."""
        if id_ not in self.stands:
            return Counter()
        known, won, held = self.stands[id_]
        return won - held if max(known.payday, self.payments[id_].payday) <= self.day else Counter()

    def _follow(
        self,
        slow: SlowAllocator,
        claim: Claimed,
        paid: Payment,
        taking: Taking,
        won: Counter[Taking],
        held: Counter[Taking],
    ) -> None:
        """A held part is given up and, cent by cent, taken again as far as its claim still may."""
        was = held.pop(taking)
        slow.collected[taking] -= was
        kept = won.pop(taking) - was
        if kept:
            won[taking] = kept
        stopped = claim.stops_from is not None and claim.stops_from <= paid.payday
        if claim.standing is Standing.ENDED or stopped:
            return
        size = dict(slow.months(paid))[taking[1]]
        may = min(was, slow.portion(claim, paid, taking[1], size) - kept)
        now = 0
        while now < may and slow.room(claim, taking[1]):
            slow.collected[taking] += 1
            now += 1
        if now:
            won[taking] += now
            if claim.standing is Standing.HELD:
                held[taking] = now


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_the_books_of_a_random_history_are_those_of_a_slow_bookkeeper(chance: Random) -> None:
    as_the_slow_bookkeeper(chance.choice((a_history, a_settled_history))(chance))


def as_the_slow_bookkeeper(history: Iterable[Event]) -> None:
    """After each event of a history the books say what the slow ones say."""
    books, world = empty(), World()
    for event in history:
        made = play(books, event)
        try:
            trigger = world.learn(event)
        except LookupError:
            assert made == []
            continue
        world.book(trigger)
        stands = {
            id_: (
                entry.payment,
                by_taking(entry.shares),
                by_taking(share for share in entry.shares if share.held),
            )
            for id_, entry in books.standing.items()
        }
        assert stands == {id_: (paid, won, held) for id_, (paid, won, held) in world.stands.items()}


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_every_cent_stands_once_and_the_protected_share_is_left(chance: Random) -> None:
    books, world = empty(), World()
    for event in a_history(chance):
        made = play(books, event)
        try:
            world.learn(event)
        except LookupError:
            continue
        for id_, entry in books.standing.items():
            assert entry.payment == world.payments[id_]
            assert entry.client >= 0
            assert entry.client + sum(share.amount for share in entry.shares) == entry.payment.net
            assert len({(share.claim, share.month, share.held) for share in entry.shares}) == len(entry.shares)
        for entry in made:
            if event.at.date() < entry.payment.payday:
                leaves_the_protected_share(entry, books, world)


def leaves_the_protected_share(entry: Entry, books: Books, world: World) -> None:
    """When care takes of a month, the client keeps the share, whatever was taken of the month before it."""
    order = (entry.payment.payday, entry.payment.id)
    before = [e for e in books.standing.values() if (e.payment.payday, e.payment.id) < order]
    for place, share in enumerate(entry.shares):
        claim = world.claims[share.claim]
        if claim.ground is not Ground.AML_14:
            continue
        care = claim.care_in(share.month)
        assert care is not None
        until = [*(s for e in before for s in e.shares), *entry.shares[: place + 1]]
        taken = sum(s.amount for s in until if s.month == share.month)
        assert taken + care.others + protected_shares().of(care.income, share.month) <= care.income


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_replayed_events_give_the_same_books_also_when_they_are_read_anew_before_each(chance: Random) -> None:
    history = a_history(chance)
    at_once, again, reread, world = empty(), empty(), empty(), World()
    for event in history:
        made = play(at_once, event)
        assert play(again, event) == made
        reread = Books(
            claims=world.claims.values(),
            died=world.died,
            payments=world.payments.values(),
            standing=reread.standing.values(),
            protected=protected_shares(),
            day=world.day,
        )
        assert play(reread, event) == made
        try:
            world.learn(event)
        except LookupError:
            assert made == []


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_repeated_and_older_versions_change_nothing(chance: Random) -> None:
    plain, noisy = empty(), empty()
    past: list[Paying] = []
    for event in a_history(chance):
        assert play(noisy, event) == play(plain, event)
        if isinstance(event, Paying):
            past.append(event)
        for old in chance.sample(past, min(2, len(past))):
            assert play(noisy, replace(old, at=event.at)) == []


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_open_payments_and_claims_give_the_same_books_in_any_order(chance: Random) -> None:
    at = datetime(2016, 10, 31, tzinfo=UTC)
    claims = {e.claim.id: e for e in a_history(chance) if isinstance(e, Claiming)}
    events: list[Event] = [replace(event, at=at) for event in claims.values()]
    events += [Paying(a_payment(chance, f"P{n}"), at) for n in range(4)]
    ordered, mixed = empty(), empty()
    for event in events:
        play(ordered, event)
    chance.shuffle(events)
    for event in events:
        play(mixed, event)
    without_nothing = [
        {id_: one for id_, one in said(books.standing.values()).items() if one[2]} for books in (ordered, mixed)
    ]
    assert without_nothing[0] == without_nothing[1]
