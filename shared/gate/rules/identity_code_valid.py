"""What was typed is a valid identity code (henkilötunnus) of a person."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import CodeForm, Facts
from shared.gate.functions import row_of
from shared.gate.refusals import refusal, unknown

NAME: Final = "identity_code_valid"
LAW: Final = "L 523/1999 13 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Henkilötunnus on virheellinen.",
        sv="Personbeteckningen är felaktig.",
        en="The identity code is not valid.",
    ),
    Text(
        fi="Tarkista henkilötunnus merkki merkiltä ja tee haku uudestaan.",
        sv="Kontrollera personbeteckningen tecken för tecken och gör sökningen igen.",
        en="Check the identity code character by character and search again.",
    ),
)
ARTIFICIAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Henkilötunnus on keinotekoinen: yksilönumerot 900-999 eivät kuulu kenellekään.",
        sv="Personbeteckningen är artificiell: individnumren 900-999 tillhör ingen.",
        en="The identity code is artificial: individual numbers 900-999 belong to nobody.",
    ),
    Text(
        fi="Pyydä asiakkaalta hänen pysyvä henkilötunnuksensa.",
        sv="Be klienten om den permanenta personbeteckningen.",
        en="Ask the client for the permanent identity code.",
    ),
    variant="artificial",
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse an invalid code, and an artificial one where the installation does not allow them."""
    row = row_of(facts.function)
    if row is None:
        return UNKNOWN
    if not row.code or facts.identity_code is CodeForm.VALID:
        return None
    if facts.identity_code is CodeForm.ARTIFICIAL:
        return None if facts.limits.artificial_codes else ARTIFICIAL
    return REFUSAL
