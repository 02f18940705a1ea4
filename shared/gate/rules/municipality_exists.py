"""The municipality on whose behalf the worker acts exists on the day; after a merger its successor does."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts, Municipality
from shared.gate.functions import without_member
from shared.gate.refusals import refusal, unknown

NAME: Final = "municipality_exists"
LAW: Final = "L 1698/2009"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Kuntaa, jonka puolesta toimit, ei ole valittu tai sitä ei ole olemassa.",
        sv="Kommunen som du handlar för har inte valts eller finns inte.",
        en="The municipality on whose behalf you act is not chosen or does not exist.",
    ),
    Text(
        fi="Valitse luettelosta kunta, jonka puolesta haet.",
        sv="Välj i förteckningen den kommun för vilken du söker.",
        en="Choose from the list the municipality on whose behalf you search.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse a municipality that is not chosen, never was, or has merged into another by the day."""
    if without_member(facts):
        return None
    member = facts.member
    if member is None:
        return REFUSAL
    if member.exists is None:
        return UNKNOWN
    if member.exists:
        return None
    return REFUSAL if member.successor_fi is None else merged(member, member.successor_fi)


def merged(member: Municipality, successor: str) -> Refusal:
    """The refusal of a municipality that has merged: it names the one to choose instead."""
    swedish = member.successor_sv or successor
    return refusal(
        NAME,
        LAW,
        Text(
            fi=f"Kunta on lakannut: se on yhdistynyt kuntaan {successor}.",
            sv=f"Kommunen har upphört: den har gått samman med {swedish}.",
            en=f"The municipality has ended: it has merged into {successor}.",
        ),
        Text(
            fi=f"Valitse {successor}. Tarvitset siihen kunnan {successor} valtuuden.",
            sv=f"Välj {swedish}. Du behöver en fullmakt för kommunen {swedish}.",
            en=f"Choose {successor}. You need a mandate for {successor}.",
        ),
        variant="merged",
    )
