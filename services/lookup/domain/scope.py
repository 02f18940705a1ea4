"""How much of a client's records one look-up may show, and why a record stays out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from shared.clock.civil import Month
from shared.contracts.answers import ClaimRow
from shared.contracts.asking import PersonQuery
from shared.contracts.base import Contract, DataGroup
from shared.contracts.register import Application, Decision, Insurance, Interruption, Medicine, Payment, Recovery
from shared.gate.facts import Facts
from shared.gate.tables import visible_groups

Why = Literal["window", "benefit", "group", "size", "withdrawn", "filter"]
MEDICINE: Final = "laakekatto"
"""The benefit that records of the annual medicine ceiling belong to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What the worker asked to see of what may be seen.

    Attributes:
        benefit: This benefit only; None for all.
        first: Decisions and payments from this day on.
        last: Decisions and payments up to this day.
    """

    benefit: str | None = None
    first: date | None = None
    last: date | None = None

    def touches(self, first: date | None, last: date | None) -> bool:
        """Whether the days from `first` to `last` (None: open) share a day with the period asked for."""
        return not (
            (self.first is not None and last is not None and last < self.first)
            or (self.last is not None and first is not None and first > self.last)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """How much may be seen.

    Attributes:
        groups: Data groups open to both the worker's roles and the agreement.
        benefits: Benefit codes that the agreement covers; None for all.
        since: First day of the agreement's window: what is older is not shown.
        since_of: The same by benefit code, where the agreement sets a window of the benefit's own.
        chosen: What the worker asked for of that.
    """

    groups: frozenset[DataGroup]
    benefits: frozenset[str] | None
    since: date
    since_of: Mapping[str, date] = field(default_factory=dict)
    chosen: Filter = Filter()

    def window_of(self, benefit: str | None) -> date:
        """The first day of the window for a benefit; None: for what belongs to no benefit."""
        return self.since if benefit is None else self.since_of.get(benefit, self.since)

    def why_not(self, group: DataGroup, body: Contract) -> Why | None:
        """Why a record is not shown; None when it is. What the agreement withholds comes before the filter."""
        if group not in self.groups:
            return "group"
        benefit = benefit_of(body)
        # An organisation's own claims are its own: neither the benefit list nor the window is about them.
        own = isinstance(body, ClaimRow)
        if not own and benefit is not None and self.benefits is not None and benefit not in self.benefits:
            return "benefit"
        if not own and not _within(body, self.window_of(benefit)):
            return "window"
        return None if self._asked_for(body, benefit) else "filter"

    def why_not_interruption(self, benefit: str, interruption: Interruption) -> Why | None:
        """Why an interruption (keskeytys) of a shown decision is not shown: it is over, or was not asked for."""
        if interruption.last is not None and interruption.last < self.window_of(benefit):
            return "window"
        return None if self.chosen.touches(interruption.first, interruption.last) else "filter"

    def _asked_for(self, body: Contract, benefit: str | None) -> bool:
        chosen = self.chosen
        if chosen.benefit is not None and benefit is not None and benefit != chosen.benefit:
            return False
        match body:
            case Payment():
                return chosen.touches(body.payday, body.payday)
            case Decision():
                return chosen.touches(body.decided, body.decided) or (
                    body.result == "granted" and body.first is not None and chosen.touches(body.first, body.last)
                )
            case _:
                return True


def benefit_of(body: Contract) -> str | None:
    """The benefit that a record belongs to; None for insurance, which belongs to none."""
    match body:
        case Application() | Decision() | Payment() | Recovery() | ClaimRow():
            return body.benefit
        case Medicine():
            return MEDICINE
        case _:
            return None


def window_start(day: date, months: int) -> date:
    """The first day of the window that looks back so many months: the same day of the month, or its last."""
    month = Month.of(day).plus(-months)
    return date(month.year, month.month, min(day.day, month.length))


def scope_of(facts: Facts, query: PersonQuery) -> Scope:
    """How much a granted look-up may show.

    Raises:
        ValueError: there is no agreement or no day: nothing may be shown.
    """
    agreement, day = facts.agreement, facts.day
    if agreement is None or day is None:
        raise ValueError("nothing may be shown without an agreement and a day")
    return Scope(
        groups=visible_groups(facts),
        benefits=None if agreement.benefits is None else frozenset(agreement.benefits),
        since=window_start(day, agreement.window_months),
        since_of={code: window_start(day, months) for code, months in agreement.benefit_windows.items()},
        chosen=Filter(benefit=query.benefit, first=query.first, last=query.last),
    )


def _within(body: Contract, since: date) -> bool:
    """Whether a record reaches into the window: what is still in force or still owed does, whatever its age."""
    match body:
        case Decision():
            in_force = body.result == "granted" and (body.last is None or body.last >= since)
            return body.decided >= since or in_force
        case Payment():
            return body.payday >= since
        case Insurance():
            return body.last is None or body.last >= since
        case Recovery():
            return body.decided >= since or body.remaining > 0
        case Medicine():
            return body.year >= since.year
        case _:
            return True
