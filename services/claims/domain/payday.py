"""V6, golden R1: on which payday a claim first bites, which ones it misses, and when it comes too late."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from shared.clock.civil import Month
from shared.contracts.base import Text
from shared.finnish.paydays import has_fixed_payday, paydays_between

NOTICE: Final = timedelta(days=14)
"""Two weeks between arrival and payday (ToTuL 23.2 §, AML 14 §, LLL 13 §, ElTL 16 §), in calendar days."""
_DAY: Final = timedelta(days=1)
_MONTHS_LOOKED_AHEAD: Final = 2
"""A benefit with a fixed payday has one in each month, so that the second month beyond always holds one."""


class Notice(StrEnum):
    """What a worker is told besides the receipt."""

    TOO_LATE = "claim.too_late"
    """Ei ehdi: no payday of the period is left that the claim could bite on."""
    MISSES_PAYDAYS = "claim.misses_paydays"


WORDING: Final = {
    Notice.TOO_LATE: Text(
        fi="Vaatimus ei ehdi: jaksolle ei osu maksupäivää vähintään 14 päivän päässä saapumisesta.",
        sv="Kravet hinner inte: perioden har ingen betalningsdag minst 14 dagar efter ankomsten.",
        en="The claim is too late: no payday of its period is at least 14 days after its arrival.",
    ),
    Notice.MISSES_PAYDAYS: Text(
        fi="Ennen vaatimuksen vaikutusta on maksupäiviä, joina etuus voidaan vielä maksaa asiakkaalle.",
        sv="Innan kravet får verkan infaller betalningsdagar då förmånen ännu kan betalas till klienten.",
        en="Before the claim takes effect there are paydays on which the client may still be paid.",
    ),
}


@dataclass(frozen=True, slots=True)
class Timing:
    """When a claim can bite.

    Attributes:
        effective: the first payday on which Kela pays by the claim; None when there is none or none is fixed.
        earliest: for benefits without a fixed payday, the first day on which a payment can follow the claim.
        missed: paydays of the period between arrival and `effective`, on which the client may still be paid.
        notices: what to tell the worker.
    """

    effective: date | None
    earliest: date | None
    missed: tuple[date, ...] = ()
    notices: tuple[Notice, ...] = ()


def timing(benefit: str, arrived: date, first: date, last: date | None) -> Timing:
    """When a claim bites.

    Args:
        benefit: code of the benefit.
        arrived: Helsinki day of arrival, whatever the time of day.
        first: first day of the claim's period.
        last: its last day; None when it is open.

    Raises:
        FormatError: the benefit is unknown, or its payday depends on a surname.
    """
    limit = arrived + NOTICE
    beyond = max(limit, first)
    if not has_fixed_payday(benefit, Month.of(beyond)):
        return Timing(effective=None, earliest=limit)
    ahead = Month.of(beyond).plus(_MONTHS_LOOKED_AHEAD).last
    days = paydays_between(benefit, limit, ahead)
    effective = next((payday.day for payday in days if payday.overlaps(first, last)), None)
    gone = paydays_between(benefit, arrived, limit - _DAY)
    missed = tuple(payday.day for payday in gone if payday.overlaps(first, last))
    notices = [Notice.TOO_LATE] if effective is None else []
    if missed:
        notices.append(Notice.MISSES_PAYDAYS)
    return Timing(effective, None, missed, tuple(notices))
