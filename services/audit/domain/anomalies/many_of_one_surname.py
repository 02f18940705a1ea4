"""Many persons of one surname: a worker who goes through a family, or looks for somebody by name.

The surname is known as a keyed hash only. A frequent one weighs nothing extra: window and limit are such that neither a
family nor chance reaches them.
"""

from services.audit.domain.anomalies.limits import Limits
from services.audit.domain.anomalies.seen import Finding, Known
from services.audit.domain.anomalies.windows import entries_of, within
from shared.contracts.base import Text

NAME = "many_of_one_surname"
TEXT = Text(
    fi="Työntekijä haki {days} päivän aikana tietoja {persons} eri henkilöstä, joilla on sama sukunimi.",
    sv="Arbetstagaren sökte under {days} dagar uppgifter om {persons} olika personer med samma efternamn.",
    en="The worker looked up {persons} different persons of one surname within {days} days.",
)


def find(known: Known, limits: Limits) -> Finding | None:
    """As many different persons of one surname within the days as the limit says; once a month for each surname."""
    look, limit = known.look, limits.many_of_one_surname
    if look.surname is None:
        return None
    found = within(known.surname_persons, look.day, limit.days)
    if len(found) < limit.least:
        return None
    return Finding(
        subject=(look.organisation, look.worker, look.surname, f"{look.day:%Y-%m}"),
        organisation=look.organisation,
        worker=look.worker,
        figures={"persons": len(found), "days": limit.days},
        against={"least": limit.least, "days": limit.days},
        entries=entries_of(found),
    )
