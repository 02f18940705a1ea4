"""Making refusals: one shape for all rules, and one for a fact that is not known."""

from datetime import date

from shared.contracts.base import Refusal, Text

_UNKNOWN_REASON = Text(
    fi="Käyttöoikeutta ei voitu tarkistaa, koska tarkistukseen tarvittava tieto puuttuu.",
    sv="Åtkomsträtten kunde inte kontrolleras eftersom en uppgift som behövs för kontrollen saknas.",
    en="The right of access could not be checked because something needed for the check is missing.",
)
_UNKNOWN_ADVICE = Text(
    fi="Yritä hetken kuluttua uudelleen. Jos tämä toistuu, ilmoita siitä Kelan asiakastukeen.",
    sv="Försök igen om en stund. Om detta upprepas, meddela FPA:s kundstöd.",
    en="Try again in a moment. If this happens again, tell Kela's customer support.",
)


def refusal(rule: str, law: str, reason: Text, advice: Text, *, variant: str = "") -> Refusal:
    """A refusal by one rule; `variant` tells apart the cases of a rule that has more than one reason."""
    code = f"gate.{rule}.{variant}" if variant else f"gate.{rule}"
    return Refusal(code=code, rule=rule, law=law, reason=reason, advice=advice)


def unknown(rule: str, law: str) -> Refusal:
    """The refusal of a rule whose fact is missing: nobody passes by something unknown (invariant 6)."""
    return refusal(rule, law, _UNKNOWN_REASON, _UNKNOWN_ADVICE, variant="unknown")


def finnish_date(day: date) -> str:
    """A day as Finns and Swedish speakers write it: 31.12.2016."""
    return f"{day.day}.{day.month}.{day.year}"
