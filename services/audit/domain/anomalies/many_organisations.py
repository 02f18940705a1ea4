"""Many organisations look up one person. None of them may learn of the others; Kela's auditor may."""

from services.audit.domain.anomalies.limits import Limits
from services.audit.domain.anomalies.seen import Finding, Known
from services.audit.domain.anomalies.windows import entries_of, within
from shared.contracts.base import Text

NAME = "many_organisations"
TEXT = Text(
    fi="Saman henkilön tietoja haettiin {organisations} organisaatiossa {days} päivän aikana.",
    sv="Uppgifter om samma person söktes i {organisations} organisationer under {days} dagar.",
    en="The same person was looked up in {organisations} organisations within {days} days.",
)


def find(known: Known, limits: Limits) -> Finding | None:
    """As many organisations within the days as the limit says; once a month for each person."""
    look, limit = known.look, limits.many_organisations
    if look.person is None:
        return None
    found = within(known.organisations, look.day, limit.days)
    if len(found) < limit.organisations:
        return None
    return Finding(
        subject=(look.person, f"{look.day:%Y-%m}"),
        organisation=None,
        worker=None,
        figures={"organisations": len(found), "days": limit.days},
        against={"organisations": limit.organisations, "days": limit.days},
        entries=entries_of(found),
    )
