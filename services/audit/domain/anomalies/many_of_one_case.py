"""Many persons of one case: looked up with the same case reference."""

from services.audit.domain.anomalies.limits import Limits
from services.audit.domain.anomalies.seen import Finding, Known
from services.audit.domain.anomalies.windows import entries_of, within
from shared.contracts.base import Text

NAME = "many_of_one_case"
TEXT = Text(
    fi="Työntekijä haki {persons} eri henkilön tietoja samalla asiatunnuksella {days} päivän aikana.",
    sv="Arbetstagaren sökte uppgifter om {persons} olika personer med samma ärendebeteckning under {days} dagar.",
    en="The worker looked up {persons} different persons with one case reference within {days} days.",
)


def find(known: Known, limits: Limits) -> Finding | None:
    """As many different persons under one stated case reference within the days as the limit says; once a month."""
    look, limit = known.look, limits.many_of_one_case
    if look.case is None:
        return None
    found = within(known.case_persons, look.day, limit.days)
    if len(found) < limit.least:
        return None
    return Finding(
        subject=(look.organisation, look.worker, look.case, f"{look.day:%Y-%m}"),
        organisation=look.organisation,
        worker=look.worker,
        figures={"persons": len(found), "days": limit.days},
        against={"least": limit.least, "days": limit.days},
        entries=entries_of(found),
    )
