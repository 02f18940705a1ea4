"""What is known of agreements and mandates is current: a right taken away a minute ago must not be used."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts, within
from shared.gate.refusals import refusal

NAME: Final = "agreements_fresh"
LAW: Final = "L 812/2000 21 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Tietoja ei näytetä, koska sopimus- ja valtuustiedot eivät ole ajan tasalla.",
        sv="Uppgifterna visas inte eftersom uppgifterna om avtal och fullmakter inte är aktuella.",
        en="Data is not shown because agreements and mandates are not up to date.",
    ),
    Text(
        fi="Yritä muutaman minuutin kuluttua uudelleen. Vika on meillä, ja siitä on hälytetty.",
        sv="Försök igen om några minuter. Felet finns hos oss och larm har gått.",
        en="Try again in a few minutes. The fault is ours, and an alarm has been raised.",
    ),
)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse when the agreements service has been silent beyond the limit, or was never heard."""
    return None if within(facts.agreements_age, facts.limits.agreements) else REFUSAL
