"""Why a search of the log is not made, though the gate lets it pass: texts in fi, sv, en."""

from functools import partial
from typing import Final

from shared.contracts.base import Text
from shared.refusals import refusal

LAW: Final = "L 523/1999 32 §"
LEAST_LETTERS: Final = 15
LEAST_WORDS: Final = 2


_refusal = partial(refusal, law=LAW)


REASON_MISSING: Final = _refusal(
    "log_search.reason",
    Text(
        fi="Lokihaulle ei ole annettu perustetta.",
        sv="Ingen grund har angetts för loggsökningen.",
        en="No reason was given for searching the log.",
    ),
    Text(
        fi="Kirjoita vähintään muutamalla sanalla, miksi lokia haetaan. Peruste jää lokiin.",
        sv="Skriv med åtminstone några ord varför loggen söks. Grunden blir kvar i loggen.",
        en="Write in a few words at least why the log is searched. The reason stays in the log.",
    ),
)
CODE_INVALID: Final = _refusal(
    "log_search.identity_code",
    Text(
        fi="Henkilötunnus on virheellinen.",
        sv="Personbeteckningen är felaktig.",
        en="The identity code is not valid.",
    ),
    Text(
        fi="Tarkista henkilötunnus ja hae uudelleen.",
        sv="Kontrollera personbeteckningen och sök på nytt.",
        en="Check the identity code and search again.",
    ),
)
WORKER_INVALID: Final = _refusal(
    "log_search.worker",
    Text(
        fi="Työntekijän tunniste ei ole henkilötunnus eikä lokin peitetunniste.",
        sv="Arbetstagarens identifikation är varken en personbeteckning eller loggens pseudonym.",
        en="The worker is named neither by an identity code nor by a pseudonym of the log.",
    ),
    Text(
        fi="Kopioi peitetunniste lokista tai kirjoita työntekijän henkilötunnus.",
        sv="Kopiera pseudonymen ur loggen eller skriv arbetstagarens personbeteckning.",
        en="Copy the pseudonym from the log, or type the worker's identity code.",
    ),
)
PERIOD_REVERSED: Final = _refusal(
    "log_search.period",
    Text(
        fi="Jakson viimeinen päivä on ennen ensimmäistä.",
        sv="Periodens sista dag är före den första.",
        en="The last day of the period is before the first.",
    ),
    Text(fi="Korjaa jakso ja hae uudelleen.", sv="Rätta perioden och sök på nytt.", en="Correct the period."),
)


def explains(reason: str) -> bool:
    """Whether a stated reason says anything: some words, not a letter to get past the field."""
    letters = sum(character.isalpha() for character in reason)
    return letters >= LEAST_LETTERS and len(reason.split()) >= LEAST_WORDS
