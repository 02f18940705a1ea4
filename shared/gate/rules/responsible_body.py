"""The organisation is the body that bears the municipality's social welfare on the day (sosiaalihuollon järjestäjä).

The municipality stays while its body changes, as on 1.1.2017. Where the bearer of a municipality was never stated,
this rule has nothing to compare: the agreement's member row and the municipality's delegation, which must both hold,
then decide (`mandate_of_municipality`).
"""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import without_member
from shared.gate.refusals import refusal, unknown

NAME: Final = "responsible_body"
LAW: Final = "L 1301/2014 33 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Tämän kunnan sosiaalihuollosta vastaa tänään toinen organisaatio.",
        sv="För denna kommuns socialvård ansvarar i dag en annan organisation.",
        en="Another organisation is responsible for this municipality's social welfare today.",
    ),
    Text(
        fi="Valitse organisaatio, joka vastaa kunnan sosiaalihuollosta. Valtuuden siihen antaa sen pääkäyttäjä.",
        sv="Välj den organisation som ansvarar för kommunens socialvård. Dess huvudanvändare ger fullmakten.",
        en="Choose the organisation responsible for the municipality's social welfare; its main user gives mandates.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse when another organisation is stated to be the bearer, or the statement is not about the day."""
    if without_member(facts):
        return None
    if facts.organisation is None or facts.day is None:
        return UNKNOWN
    bearer = facts.bearer
    if bearer is None:
        return None
    if not bearer.validity.covers(facts.day):
        return UNKNOWN
    return None if bearer.organisation == facts.organisation.business_id else REFUSAL
