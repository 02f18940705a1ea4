"""A child in care, which is no claim in Kelmu (golden R7, G7): from when its benefit could be paid, and by which form.

The care must last longer than a calendar month; the benefit goes to the municipality from the start of the calendar
month after it began (V12; LLL 11.1 §, ElTL 11.4 §), maintenance allowance at most three months back.
"""

from datetime import date
from typing import Final

from shared.clock.civil import Month
from shared.finnish.claim_matrix import OtherGround, Policy

GROUNDS: Final = {"lapsilisa": "lll_11", "elatustuki": "eltl_11"}
"""Benefits that are paid for a child, and the ground on which a child in care is claimed for."""
_MONTHS_BACK: Final = {"elatustuki": 3}


def ground_of(policy: Policy, benefit: str) -> OtherGround | None:
    """The ground for a child in care; None for benefits that are not paid for a child."""
    code = GROUNDS.get(benefit)
    return None if code is None else policy.other_ground(code)


def earliest(benefit: str, began: date, arrived: date) -> date:
    """The first day for which the benefit could go to the municipality.

    Args:
        benefit: one of `GROUNDS`.
        began: first day of the care.
        arrived: day of the proposal.
    """
    day = Month.of(began).plus(1).first
    back = _MONTHS_BACK.get(benefit)
    return day if back is None else max(day, Month.of(arrived).plus(-back).first)
