"""Random histories of a year, as plain facts: who agreed what, who used what when, when it became known here.

Nothing of the service is used: the engine and the slow rater both read these.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

FINLAND = ZoneInfo("Europe/Helsinki")
OPEN = datetime(2014, 12, 31, tzinfo=UTC)
END = datetime(2018, 3, 1, 8, tzinfo=UTC)
"""Everything is known by now, and settled."""
NEVER = datetime.max.replace(tzinfo=UTC)
MERGED = {"174": "297", "442": "051"}
"""Juankoski into Kuopio, Luvia into Eurajoki, on 1.1.2017."""
PARTIES = {
    "297": "0171450-7",
    "174": "0172471-1",
    "051": "0134230-1",
    "442": "0135000-2",
    "joint": "0135010-9",
    "020": "2050864-5",
}
Span = tuple[date, date | None]


@dataclass(frozen=True)
class Event:
    """A raw access event, and when it arrived."""

    number: int
    arrives: datetime
    time: datetime
    agreement: str
    member: str
    worker: str
    action: str
    outcome: str
    channel: str
    service: str


@dataclass(frozen=True)
class Agreement:
    """A version of an agreement, and when it was published."""

    published: datetime
    id: str
    version: int
    party: str
    span: Span
    members: tuple[tuple[str, Span], ...]


@dataclass
class History:
    """One random year."""

    months: list[tuple[int, int]]
    agreements: list[Agreement] = field(default_factory=list)
    inhabitants: dict[tuple[str, int], int] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    reversals: dict[int, datetime] = field(default_factory=dict)
    """Number of an event and when its reversal arrived."""


def history(random: Random) -> History:
    """Draw one."""
    first = random.randrange(13)
    months = [(2016 + n // 12, n % 12 + 1) for n in range(first, first + 12)]
    drawn = History(months)
    _agreements(drawn, random)
    for code in (*MERGED, "297", "051", "020", "837", "398"):
        for year in (2015, 2016):
            drawn.inhabitants[code, year] = random.choice([0, 3, 150, 999, 6667, random.randrange(130_000)])
    _events(drawn, random)
    return drawn


def _agreements(drawn: History, random: Random) -> None:
    always: Span = (date(2015, 1, 1), None)
    until_merger: Span = (date(2015, 1, 1), random.choice([date(2016, 12, 31), None]))
    for old, new in MERGED.items():
        if random.random() < 0.5:
            drawn.agreements.append(Agreement(OPEN, f"A-{new}", 1, PARTIES[new], always, ((new, always),)))
            drawn.agreements.append(Agreement(OPEN, f"A-{old}", 1, PARTIES[old], until_merger, ((old, always),)))
    if random.random() < 0.7 or not drawn.agreements:
        _joint_body(drawn, random, always)


def _joint_body(drawn: History, random: Random, always: Span) -> None:
    """A joint body of three; one may join or leave in mid-year, which may become known long after."""
    start = Agreement(OPEN, "A-joint", 1, PARTIES["joint"], always, tuple((m, always) for m in ("020", "837", "398")))
    drawn.agreements.append(start)
    last = date(2017, 1, 1) + timedelta(days=random.randrange(364))
    published = datetime(2016, 9, 1, tzinfo=UTC) + timedelta(days=random.randrange(540))
    match random.choice(["leaves", "leaves for its own", "joins", "stays"]):
        case "leaves":
            _change(drawn, start, published, (date(2015, 1, 1), last))
        case "leaves for its own":
            _change(drawn, start, published, (date(2015, 1, 1), last))
            own: Span = (last + timedelta(days=1), None)
            drawn.agreements.append(Agreement(published, "A-020", 1, PARTIES["020"], own, (("020", own),)))
        case "joins":
            _change(drawn, start, published, (last, None))


def _change(drawn: History, start: Agreement, published: datetime, span: Span) -> None:
    members = (("020", span), *start.members[1:])
    drawn.agreements.append(Agreement(published, start.id, 2, start.party, start.span, members))


def _events(drawn: History, random: Random) -> None:
    every = sorted({(one.id, code) for one in drawn.agreements for code, _ in one.members})
    bulk = random.random() < 0.1
    for number in range(random.randrange(150, 400) if bulk else random.randrange(70)):
        agreement, member = every[0] if bulk and random.random() < 0.9 else random.choice(every)
        time = _instant(drawn, random)
        late = timedelta(days=random.randrange(400)) if random.random() < 0.3 else timedelta(minutes=5)
        arrives = min(time + late, END - timedelta(days=1))
        drawn.events.append(
            Event(
                number,
                arrives,
                time,
                agreement,
                member,
                f"v1.{random.randrange(8):026d}",
                random.choice(["look_up"] * 6 + ["redisplay", "list"]),
                random.choice(["granted"] * 6 + ["empty", "empty", "refused", "failed"]),
                random.choice(["ui", "ui", "interface"]),
                random.choice(["lookup"] * 8 + ["claims", "audit"]),
            )
        )
        if random.random() < 0.12:
            # It may come before what it takes back.
            moved = arrives + timedelta(days=random.randrange(-3, 300))
            drawn.reversals[number] = min(max(moved, time), END - timedelta(days=1))


def _instant(drawn: History, random: Random) -> datetime:
    """Anywhere in the year, but often near a midnight at which months, books or clocks change."""
    year, month = random.choice(drawn.months)
    start = datetime(year, month, 1, tzinfo=FINLAND)
    after = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=FINLAND)
    first, last = int(start.timestamp()), int(after.timestamp()) - 1
    near = random.choice([first, last, first + random.randrange(7200), last - random.randrange(7200)])
    return datetime.fromtimestamp(random.choice([near, random.randint(first, last)]), UTC)
