"""Many persons of one address: a worker who goes through a house.

The address is known as a keyed hash only, and not at all of persons under a safety prohibition (turvakielto). A
household stays below the limit.
"""

from services.audit.domain.anomalies.limits import Limits
from services.audit.domain.anomalies.seen import Finding, Known
from services.audit.domain.anomalies.windows import entries_of, within
from shared.contracts.base import Text

NAME = "many_of_one_address"
TEXT = Text(
    fi="Työntekijä haki {days} päivän aikana tietoja {persons} eri henkilöstä, joilla on sama osoite.",
    sv="Arbetstagaren sökte under {days} dagar uppgifter om {persons} olika personer på samma adress.",
    en="The worker looked up {persons} different persons of one address within {days} days.",
)


def find(known: Known, limits: Limits) -> Finding | None:
    """As many different persons of one address within the days as the limit says; once a month for each address."""
    look, limit = known.look, limits.many_of_one_address
    if look.address is None:
        return None
    found = within(known.address_persons, look.day, limit.days)
    if len(found) < limit.least:
        return None
    return Finding(
        subject=(look.organisation, look.worker, look.address, f"{look.day:%Y-%m}"),
        organisation=look.organisation,
        worker=look.worker,
        figures={"persons": len(found), "days": limit.days},
        against={"least": limit.least, "days": limit.days},
        entries=entries_of(found),
    )
