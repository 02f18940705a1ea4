"""All rules, in the order in which they are asked and told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from services.audit.domain.anomalies import (
    many_of_one_address,
    many_of_one_case,
    many_of_one_surname,
    many_organisations,
    many_workers,
    night_work,
    own_colleagues,
    unusual_volume,
    without_action,
)
from services.audit.domain.anomalies.limits import Limits
from services.audit.domain.anomalies.seen import Finding, Known
from shared.contracts.base import Text


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name, how it explains itself, and the function that decides."""

    name: str
    text: Text
    find: Callable[[Known, Limits], Finding | None]

    def explain(self, finding: Finding) -> Text:
        """What was found, in words."""
        fi, sv, en = (text.format(**finding.figures) for text in (self.text.fi, self.text.sv, self.text.en))
        return Text(fi=fi, sv=sv, en=en)


RULES: Final = tuple(
    Rule(module.NAME, module.TEXT, module.find)
    for module in (
        unusual_volume,
        many_of_one_case,
        many_of_one_surname,
        many_of_one_address,
        own_colleagues,
        night_work,
        without_action,
        many_workers,
        many_organisations,
    )
)


def findings(known: Known, limits: Limits) -> Iterator[tuple[Rule, Finding]]:
    """What every rule finds at one look-up, in order."""
    for rule in RULES:
        found = rule.find(known, limits)
        if found is not None:
            yield rule, found
