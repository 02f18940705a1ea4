"""Three months of look-ups that never happened: access events as lookup would have published them.

Deterministic by seed. Only what the agreements allow: each event's worker has a mandate for its municipality on its
day, under the agreement that bears the municipality then. Clients are drawn from the synthetic register.
"""

import calendar
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from typing import Final
from uuid import UUID

from deploy.demo.agreements.bearers import eras
from deploy.demo.agreements.odd_ones import BY_MUNICIPALITY
from deploy.demo.agreements.parties import agreement_id, business_id
from deploy.demo.agreements.seed import workers
from deploy.demo.agreements.workers import DemoWorker, Grant
from shared.bus.messages import Outgoing
from shared.bus.sealing import KeyRing, commit
from shared.bus.topics import ACCESS_EVENTS
from shared.clock.civil import at_helsinki
from shared.contracts.access import AccessDecided, AccessPersonal, Outcome
from shared.contracts.base import Channel, DataGroup, Purpose, Role
from shared.finnish.municipalities import municipality
from shared.ids import event_id

FIRST: Final = date(2016, 10, 1)
LAST: Final = date(2016, 12, 31)
LAW: Final = "L 812/2000 21 §"
_OUTCOMES: Final = ((Outcome.GRANTED, 93), (Outcome.EMPTY, 4), (Outcome.REFUSED, 3))
_LOOKING: Final = frozenset({Role.FEE_CLERK, Role.ASSISTANCE_HANDLER, Role.VIEWER})


@dataclass(frozen=True, slots=True)
class Post:
    """A worker and one of the mandates under which look-ups are made."""

    worker: DemoWorker
    grant: Grant
    code: str
    pseudonym: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the history needs from outside: sealing keys, pseudonyms, and whom to look up."""

    ring: KeyRing
    pseudonym: Callable[[str], str]
    clients: Sequence[str]
    """Identity codes of the register's persons."""


def history(count: int, seed: int, around: Surroundings) -> Iterator[Outgoing]:
    """Yield `count` access events in order of time."""
    rng = random.Random(seed)
    posts = [post for post in _posts(around.pseudonym) if post.grant.member not in BY_MUNICIPALITY]
    weights = list(accumulate(municipality(post.grant.member).populations[2015] for post in posts))
    for number, instant in enumerate(_instants(rng, count)):
        post = rng.choices(posts, cum_weights=weights)[0]
        while not post.grant.days.covers(instant.date()):
            post = rng.choices(posts, cum_weights=weights)[0]
        yield _event(rng, event_id("demo-request", str(seed), str(number)), instant, post, around)


def late_look_ups(count: int, member: str, around: Surroundings) -> Iterator[Outgoing]:
    """Yield look-ups that one worker made for a municipality in December and that only now arrive (golden G9)."""
    rng = random.Random(member)
    day = date(2016, 12, 28)
    post = next(
        post for post in _posts(around.pseudonym) if post.grant.member == member and post.grant.days.covers(day)
    )
    for number in range(count):
        instant = at_helsinki(day, time(9)) + timedelta(minutes=number)
        yield _event(rng, event_id("demo-late", member, str(number)), instant, post, around, Outcome.GRANTED)


def _posts(pseudonym: Callable[[str], str]) -> Iterator[Post]:
    for worker in workers():
        code = worker.identity_code()
        for grant in worker.grants:
            if code is not None and not grant.left_over and _LOOKING & set(grant.roles):
                yield Post(worker, grant, code, pseudonym(code))


def _instants(rng: random.Random, count: int) -> list[datetime]:
    """Office hours of weekdays mostly; some evenings and weekends, and the last minute of the year."""
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    weights = list(accumulate(20 if day.weekday() < calendar.SATURDAY else 1 for day in days))
    end = at_helsinki(LAST, time(23, 59, 29))
    found = [end]
    while len(found) < count:
        day = rng.choices(days, cum_weights=weights)[0]
        hour = min(23, max(0, round(rng.gauss(12, 2.5))))
        instant = at_helsinki(day, time(hour, rng.randrange(60), rng.randrange(60)))
        if instant <= end:
            found.append(instant)
    return sorted(found)


def _event(
    rng: random.Random,
    request: UUID,
    instant: datetime,
    post: Post,
    around: Surroundings,
    outcome: Outcome | None = None,
) -> Outgoing:
    outcome = outcome or rng.choices([o for o, _ in _OUTCOMES], [w for _, w in _OUTCOMES])[0]
    shown = _shown(rng) if outcome is Outcome.GRANTED else {}
    personal = AccessPersonal(
        salt=f"{rng.getrandbits(128):032x}",
        client=rng.choice(around.clients),
        worker=post.code,
        worker_name=post.worker.name,
        records=tuple(f"P-{rng.randrange(10**6)}" for _ in range(sum(shown.values()))),
        informed=outcome is not Outcome.REFUSED,
    )
    plain = personal.model_dump_json().encode()
    id_ = event_id("access", str(request))
    agreement = agreement_of(post.grant.member, instant.date())
    body = AccessDecided(
        request=request,
        time=instant,
        outcome=outcome,
        rule="client_informed" if outcome is Outcome.REFUSED else None,
        law=LAW,
        channel=Channel.UI,
        service="lookup",
        purpose=rng.choice((Purpose.VERIFY, Purpose.VERIFY, Purpose.CHARGE)),
        organisation=business_id(post.grant.party),
        member=post.grant.member,
        agreement=agreement,
        worker=post.pseudonym,
        shown=shown,
        commitment=commit(plain),
        personal=around.ring.seal("access", plain, id=id_, type=AccessDecided.ce_type),
    )
    return Outgoing.of(ACCESS_EVENTS, agreement, id_, body, source="upstream", time=instant)


def _shown(rng: random.Random) -> dict[DataGroup, int]:
    return {
        DataGroup.PENDING: rng.randrange(2),
        DataGroup.DECISIONS: rng.randrange(1, 3),
        DataGroup.PAYMENTS: rng.randrange(1, 6),
    }


def agreement_of(member: str, day: date) -> str:
    """The agreement that bears a municipality on a day, by the seed's own table."""
    for era in eras(member):
        if era.days.covers(day):
            return agreement_id(era.party)
    raise LookupError(f"nobody bears {member} on {day}")
