"""The generic report (yleinen lokiraportti): one municipality, one organisation, one month, no person.

It is made once, from counted use, and kept as it was made; files are only ways of writing it down. Use that named no
municipality or no organisation (somebody whom nobody could verify) is a report of its own, under an empty name: left
out, it would be seen by nobody.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

from services.audit.domain.coarsening import EVERYTHING, Counted, Grain, Shown, banded, coarsen, possible
from services.audit.domain.indicators import ReportSettings
from shared.clock.civil import Month
from shared.contracts.access import Outcome, Relation
from shared.contracts.base import Contract, DataGroup, Instant
from shared.ids import event_id

NOT_SAID: Final = "-"
"""Key of a part for attempts that chose or named nothing."""
_TENTH: Final = 10
_SHARE: Final = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Use:
    """Attempts that are alike, counted.

    Attributes:
        records: Records shown, by data group.
        organisation: Business id; empty when none was stated.
        municipality: On whose behalf; empty when none was stated.
        worker: Pseudonym; empty for a sub-ID or a system, which count as one person.
        outside: Whether outside the unit's own hours.
        count: Attempts.
        persons: Persons shown or asked for.
    """

    records: Mapping[str, int]
    organisation: str
    municipality: str
    worker: str
    action: str
    outcome: str
    rule: str
    purpose: str
    channel: str
    relation: str
    emergency: bool
    outside: bool
    count: int
    persons: int


class Band(Contract):
    """A figure as it may be told: exact when both are equal."""

    least: int
    most: int

    @classmethod
    def of(cls, shown: Shown) -> "Band":
        """What coarsening left of a figure."""
        return cls(least=shown.least, most=shown.most)

    @property
    def exact(self) -> int | None:
        """The figure; None when only its band is told."""
        return self.least if self.least == self.most else None


class Figure(Contract):
    """One indicator: a figure, or a share; neither when it is not known or not told."""

    indicator: str
    value: Band | None = None
    share: Decimal | None = None
    before: Band | None = None
    """A month earlier."""


class Part(Contract):
    """One part of an indicator that is told in parts."""

    indicator: str
    key: str
    value: Band


class Override(Contract):
    """One use of the emergency override: when and with what outcome. No person; the event leads a proof to it."""

    event: UUID
    time: Instant
    outcome: str


class TrendMonth(Contract):
    """All use of an earlier month; None when there is no report of it."""

    month: Month
    volume: Band | None


class GenericReport(Contract):
    """The report as it is kept."""

    id: UUID
    month: Month
    organisation: str
    municipality: str
    made: Instant
    log_size: int
    """Entries of the log when it was made: what came later is not in it."""
    figures: tuple[Figure, ...]
    parts: tuple[Part, ...]
    overrides: tuple[Override, ...]
    trend: tuple[TrendMonth, ...]

    def value(self, indicator: str) -> Band | None:
        """The figure of an indicator."""
        return next((one.value for one in self.figures if one.indicator == indicator), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a report tells besides use.

    Attributes:
        idle_accounts: How many accounts were idle at the end of the month.
        gaps: Log events found missing; None when the month was not compared.
        overrides: Every use of the emergency override.
        earlier: Earlier reports of the same organisation and municipality.
        made: Business clock.
        log_size: Entries of the log.
    """

    idle_accounts: int
    gaps: int | None
    overrides: Sequence[Override]
    earlier: Sequence[GenericReport]
    made: Instant
    log_size: int


def report_id(month: Month, organisation: str, municipality: str) -> UUID:
    """Its id follows from what it is about, so that it is made once."""
    return event_id("audit-generic-report", str(month), organisation, municipality)


def generic_report(
    month: Month, organisation: str, municipality: str, uses: Iterable[Use], about: Surroundings, by: ReportSettings
) -> GenericReport:
    """Make a report.

    Args:
        month: Of which month.
        organisation: In whose name.
        municipality: On whose behalf.
        uses: All use of the three.
        about: What else is told.
        by: Settings of the reports.
    """
    uses, grain = tuple(uses), Grain(by.people, by.band)
    wholes = _wholes(uses, grain)
    before = next((one for one in about.earlier if one.month == month.plus(-1)), None)
    exact = wholes["outcomes"][EVERYTHING].exact is not None
    values = {**_outcomes(wholes["outcomes"]), **_singly(uses, about, grain, exact=exact)}
    figures = [
        Figure(indicator=name, value=None if value is None else Band.of(value), before=before and before.value(name))
        for name, value in values.items()
    ]
    trend = {one.month: one.value("volume") for one in about.earlier}
    return GenericReport(
        id=report_id(month, organisation, municipality),
        month=month,
        organisation=organisation,
        municipality=municipality,
        made=about.made,
        log_size=about.log_size,
        figures=(*figures, Figure(indicator="top_decile", share=_top_decile(uses, grain))),
        parts=tuple(
            Part(indicator=name, key=key, value=Band.of(value))
            for name, shown in wholes.items()
            if name != "outcomes"
            for key, value in sorted(shown.items())
            if key != EVERYTHING
        ),
        overrides=tuple(sorted(about.overrides, key=lambda one: (one.time, one.event))),
        trend=tuple(
            TrendMonth(month=one, volume=trend.get(one)) for one in month.plus(-by.trend_months).until(month.plus(-1))
        ),
    )


def _wholes(uses: Sequence[Use], grain: Grain) -> dict[str, dict[str, Shown]]:
    """Everything that is told in parts; parts of one whole never give away what another way of parting hides."""
    refused = [use for use in uses if use.outcome == Outcome.REFUSED]
    rules = _parted(refused, lambda use: use.rule or NOT_SAID)
    ways = {
        "outcomes": _parted(uses, lambda use: use.outcome),
        "purposes": _parted(uses, lambda use: use.purpose or NOT_SAID),
        "actions": _parted(uses, lambda use: use.action),
        "channels": _parted(uses, lambda use: use.channel),
    }
    shown_rules = coarsen(rules, grain)
    shown = {name: coarsen(parts, grain) for name, parts in ways.items()}
    told = shown["outcomes"].get(Outcome.REFUSED, Shown.exactly(0))
    if None in (told.exact, shown_rules[EVERYTHING].exact):
        # Told in one way of parting only within a band, the refused are told so in the other too: in the same one.
        shown_rules = banded(rules, grain)
        shown["outcomes"] = coarsen(ways["outcomes"], grain, {Outcome.REFUSED: possible(shown_rules)})
    if any(whole[EVERYTHING].exact is None for whole in shown.values()):
        shown_rules, shown = _banded(rules, ways, grain)
    return {**shown, "rules": shown_rules, "data_groups": coarsen(_records(uses), grain)}


def _banded(
    rules: Mapping[str, Counted], ways: Mapping[str, Mapping[str, Counted]], grain: Grain
) -> tuple[dict[str, Shown], dict[str, dict[str, Shown]]]:
    """Everything in bands, so wide that the ways of parting together do not tell the whole."""
    shown_rules = banded(rules, grain)
    refused: dict[str, Shown] = {Outcome.REFUSED: possible(shown_rules)} if rules else {}
    shown = {name: banded(parts, grain, refused if name == "outcomes" else {}) for name, parts in ways.items()}
    wholes = [whole[EVERYTHING] for whole in shown.values()]
    whole = Shown(min(one.least for one in wholes), max(one.most for one in wholes))
    shown = {name: {**parts, EVERYTHING: whole} for name, parts in shown.items()}
    known = [possible(parts) for parts in shown.values()]
    if max(one.least for one in known) < min(one.most for one in known):
        return shown_rules, shown
    return _banded(rules, ways, replace(grain, width=2 * grain.width))


def _parted(uses: Iterable[Use], key: Callable[[Use], str]) -> dict[str, Counted]:
    counts, people = Counter[str](), defaultdict[str, set[str]](set)
    for use in uses:
        counts[key(use)] += use.count
        people[key(use)].add(use.worker)
    return {one: Counted(counts[one], len(people[one])) for one in counts}


def _records(uses: Iterable[Use]) -> dict[str, Counted]:
    counts, people = Counter[str](), defaultdict[str, set[str]](set)
    for use in uses:
        for group, records in use.records.items():
            if records:
                counts[group] += records
                people[group].add(use.worker)
    return {str(group): Counted(counts[group], len(people[group])) for group in DataGroup}


def _outcomes(shown: Mapping[str, Shown]) -> dict[str, Shown]:
    nothing = Shown.exactly(0)
    return {"volume": shown[EVERYTHING], **{str(one): shown.get(one, nothing) for one in Outcome}}


def _singly(uses: Sequence[Use], about: Surroundings, grain: Grain, *, exact: bool) -> dict[str, Shown | None]:
    """Figures that are parts of nothing that is told."""

    def counted(chosen: Callable[[Use], bool]) -> Shown:
        found = [use for use in uses if chosen(use)]
        return grain.alone(Counted(sum(use.count for use in found), len({use.worker for use in found})))

    users = len({use.worker for use in uses})
    return {
        "outside_hours": counted(lambda use: use.outside and not use.emergency),
        "emergency_duty": counted(lambda use: use.outside and use.emergency),
        "stated_relation": counted(lambda use: use.outcome == Outcome.GRANTED and use.relation == Relation.STATED),
        # Not coarsened: each use was told to the log supervisor at once, and each is listed below.
        "emergency": Shown.exactly(len(about.overrides)),
        # As a rule one person an attempt: exact only where the attempts are.
        "persons": grain.alone(Counted(sum(use.persons for use in uses), users if exact else 1)),
        "users": grain.alone(Counted(users, users)),
        "idle_accounts": grain.alone(Counted(about.idle_accounts, about.idle_accounts)),
        "gaps": None if about.gaps is None else Shown.exactly(about.gaps),
    }


def _top_decile(uses: Iterable[Use], grain: Grain) -> Decimal | None:
    """The share of use of the tenth of users who used most; None when that would tell of too few people."""
    counts = Counter[str]()
    for use in uses:
        counts[use.worker] += use.count
    busiest = -(-len(counts) // _TENTH)
    if busiest < grain.people:
        return None
    share = Fraction(sum(count for _, count in counts.most_common(busiest)), counts.total())
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(_SHARE)
