"""The audit log covers what was published up to a moment ago: nothing is shown while the log is blind."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts, within
from shared.gate.functions import needs_client, without_member
from shared.gate.refusals import refusal

NAME: Final = "audit_fresh"
LAW: Final = "L 159/2007 5 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Tietoja ei näytetä, koska käyttöloki ei ole ajan tasalla.",
        sv="Uppgifterna visas inte eftersom användningsloggen inte är aktuell.",
        en="Data is not shown because the access log is not up to date.",
    ),
    Text(
        fi="Yritä muutaman minuutin kuluttua uudelleen. Vika on meillä, ja siitä on hälytetty.",
        sv="Försök igen om några minuter. Felet finns hos oss och larm har gått.",
        en="Try again in a few minutes. The fault is ours, and an alarm has been raised.",
    ),
)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse when audit has not covered the time within the limit, or nothing is known of it.

    Records show no client's data, and an agreement must be suspended also while the log is in trouble.
    """
    if without_member(facts) and not needs_client(facts):
        return None
    return None if within(facts.audit_age, facts.limits.audit) else REFUSAL
