"""The organisation in whose name the worker acts is known to Kela."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import about_oneself
from shared.gate.refusals import refusal

NAME: Final = "organisation_known"
LAW: Final = "L 812/2000 21 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Organisaatiota, jonka nimissä toimit, ei tunneta palvelussa.",
        sv="Organisationen som du företräder är inte känd i tjänsten.",
        en="The organisation in whose name you act is not known to the service.",
    ),
    Text(
        fi="Valitse oikea organisaatio. Jos se puuttuu, pyydä esihenkilöäsi olemaan yhteydessä Kelaan.",
        sv="Välj rätt organisation. Om den saknas, be din chef kontakta FPA.",
        en="Choose the right organisation. If it is missing, ask your manager to contact Kela.",
    ),
)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse when no such organisation is known; whoever asks about themselves acts for none."""
    if about_oneself(facts):
        return None
    return REFUSAL if facts.organisation is None else None
