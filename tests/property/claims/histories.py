"""Random claims, payments and histories of one client, small enough for the slow allocator."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from services.claims.domain.allocation import KELA, CareFee, Claimed, Standing
from services.claims.domain.booking import Payment
from shared.clock.civil import Month
from shared.contracts.claims import Ground

MONTHS = (Month(2016, 11), Month(2016, 12), Month(2017, 1), Month(2017, 2))
BENEFITS = ("kansanelake", "tyomarkkinatuki", "sairauspaivaraha")
BEGIN = date(2016, 11, 1)
MOST = 400
"""Cents of one payment, at most."""


def cents(chance: Random, most: int = MOST) -> Decimal:
    return Decimal(chance.randint(0, most)) / 100


def a_day(chance: Random, after: date = BEGIN, within: int = 110) -> date:
    return after + timedelta(days=chance.randint(0, within))


def an_income(chance: Random) -> Decimal:
    """Near 107 €, where the euro minimum binds, or near 720 €, where 15 % is just above it."""
    return Decimal(chance.choice((107, 720, 724))) + cents(chance, 900)


def a_care(chance: Random) -> CareFee:
    income = an_income(chance)
    others = cents(chance, 300) if income < 200 else Decimal(610) + cents(chance, 400)
    return CareFee(fee=others + cents(chance), income=income, others=others)


def a_claim(chance: Random, number: int) -> Claimed:
    ground = chance.choice(list(Ground))
    first = a_day(chance)
    return Claimed(
        id=UUID(int=number),
        body=chance.choice(("a", "b", KELA)) if ground is Ground.TOTUL_23 else chance.choice("ab"),
        ground=ground,
        benefit=chance.choice(BENEFITS[: chance.randint(1, 3)]),
        origin=chance.choice((None, a_day(chance, within=80))),
        arrived=datetime(2016, 10, 1, tzinfo=UTC) + timedelta(hours=chance.randint(0, 24 * 120)),
        first=first,
        last=chance.choice((None, a_day(chance, first, 60))),
        amount=chance.choice((None, None, cents(chance))),
        advances={month: cents(chance) for month in MONTHS if chance.random() < 0.8},
        care={month: a_care(chance) for month in MONTHS if chance.random() < 0.6},
        standing=chance.choice(list(Standing)),
        in_time=chance.random() < 0.3,
        stops_from=a_day(chance) if chance.random() < 0.2 else None,
    )


def a_payment(chance: Random, id: str, version: int = 1, most: int = MOST) -> Payment:
    first = a_day(chance)
    return Payment(
        id=id,
        version=version,
        benefit=chance.choice(BENEFITS[: chance.randint(1, 3)]),
        payday=a_day(chance, within=150),
        first=first,
        last=a_day(chance, first, 45),
        net=cents(chance, most),
    )


@dataclass(frozen=True)
class Paying:
    payment: Payment
    at: datetime


@dataclass(frozen=True)
class Claiming:
    claim: Claimed
    at: datetime


@dataclass(frozen=True)
class Dying:
    died: date | None
    at: datetime


Event = Paying | Claiming | Dying


def a_history(chance: Random, events: int = 14) -> list[Event]:
    """Claims that come, are decided, change and end; payments, corrections, reversals, repeats; maybe a death."""
    at = datetime(2016, 11, 10, 10, tzinfo=UTC)
    claims: dict[UUID, Claimed] = {}
    paid: dict[str, Payment] = {}
    made: list[Event] = []
    for _ in range(events):
        at += timedelta(hours=chance.randint(1, 24 * 15))
        what = chance.random()
        if what < 0.3 or not claims:
            claim = a_claim(chance, len(claims))
            claims[claim.id] = claim
            made.append(Claiming(claim, at))
        elif what < 0.5:
            claim = _changed(chance, claims[chance.choice(list(claims))], at)
            claims[claim.id] = claim
            made.append(Claiming(claim, at))
        elif what < 0.53:
            made.append(Dying(chance.choice((None, a_day(chance))), at))
        elif what < 0.6 and made:
            made.append(replace(chance.choice(made), at=at))
        else:
            id_ = f"P{chance.randint(0, 4)}"
            paid[id_] = _version(chance, id_, paid.get(id_))
            made.append(Paying(paid[id_], at))
    return made


def a_settled_history(chance: Random) -> list[Event]:
    """Claims that are suspended and resume, over payments that are corrected after their paydays."""
    at = datetime(2016, 11, 1, 10, tzinfo=UTC)
    claims = [
        replace(a_claim(chance, n), benefit=BENEFITS[0], first=BEGIN, last=None, stops_from=None, in_time=True)
        for n in range(2)
    ]
    made: list[Event] = [Claiming(replace(claim, standing=Standing.PAID), at) for claim in claims]
    paid: dict[str, Payment] = {}
    for _ in range(12):
        at += timedelta(hours=chance.randint(1, 24 * 30))
        if chance.random() < 0.5:
            id_ = f"P{chance.randint(0, 2)}"
            paid[id_] = replace(_version(chance, id_, paid.get(id_)), benefit=BENEFITS[0])
            made.append(Paying(paid[id_], at))
        else:
            standing = chance.choice((Standing.PAID, Standing.HELD, Standing.HELD))
            made.append(Claiming(replace(chance.choice(claims), standing=standing), at))
    return made


def _version(chance: Random, id_: str, before: Payment | None) -> Payment:
    """A payment's first version, a correction of its euros, or one of everything; now and then a reversal."""
    version = 1 if before is None else before.version + 1
    if before is not None and chance.random() < 0.6:
        anew = replace(before, version=version, net=cents(chance))
    else:
        anew = a_payment(chance, id_, version)
    return replace(anew, net=Decimal(0)) if chance.random() < 0.1 else anew


def _changed(chance: Random, claim: Claimed, at: datetime) -> Claimed:
    """A decision, an end, or other months."""
    match chance.randint(0, 3):
        case 0:
            return replace(claim, standing=Standing.PAID)
        case 1:
            return replace(claim, standing=chance.choice((Standing.ENDED, Standing.HELD)))
        case 2:
            return replace(claim, stops_from=at.date() + timedelta(days=1))
        case _:
            return replace(claim, advances={month: cents(chance) for month in MONTHS})
