"""The worker attests that the client was told beforehand that data may be fetched."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import row_of
from shared.gate.refusals import refusal, unknown

NAME: Final = "client_informed"
LAW: Final = "L 812/2000 21 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Et ole vahvistanut, että asiakkaalle on etukäteen kerrottu tietojen hakemisesta.",
        sv="Du har inte bekräftat att klienten på förhand har informerats om att uppgifter hämtas.",
        en="You have not confirmed that the client was told beforehand that data may be fetched.",
    ),
    Text(
        fi="Kerro asiakkaalle tietojen hakemisesta, vahvista se haun yhteydessä ja tee haku uudestaan.",
        sv="Informera klienten om att uppgifter hämtas, bekräfta det i sökningen och gör den igen.",
        en="Tell the client that data may be fetched, confirm it with the search, and search again.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse a search without the attestation; functions that show no data of the register need none."""
    row = row_of(facts.function)
    if row is None:
        return UNKNOWN
    return REFUSAL if row.informed and not facts.informed else None
