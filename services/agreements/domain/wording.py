"""Refusals of this service that are not about one record, in the three languages."""

from typing import Final

from shared.contracts.base import Refusal, Text

_LAW: Final = "L 434/2003 17 §"

KEY_REUSED: Final = Refusal(
    code="agreements.idempotency_key",
    rule="idempotency_key",
    law=_LAW,
    reason=Text(
        fi="Samalla lähetystunnuksella on jo tehty toinen muutos.",
        sv="Med samma sändningskod har redan en annan ändring gjorts.",
        en="Another change has already been made with the same sending key.",
    ),
    advice=Text(
        fi="Avaa lomake uudelleen ja lähetä muutos siitä.",
        sv="Öppna blanketten på nytt och skicka ändringen därifrån.",
        en="Open the form anew and send the change from it.",
    ),
)
PERSONAL: Final = Refusal(
    code="agreements.identity_code",
    rule="no_identity_code",
    law="L 523/1999 13 §",
    reason=Text(
        fi="Muutoksessa on henkilötunnus. Sopimustietoihin ei tallenneta henkilötunnuksia.",
        sv="Ändringen innehåller en personbeteckning. Sådana sparas inte i avtalsuppgifterna.",
        en="The change holds an identity code. None is kept in the records of agreements.",
    ),
    advice=Text(
        fi="Poista henkilötunnus ja lähetä muutos uudelleen.",
        sv="Ta bort personbeteckningen och skicka ändringen på nytt.",
        en="Take the identity code out and send the change again.",
    ),
)
UNKNOWN_KIND: Final = Refusal(
    code="agreements.kind",
    rule="record_kind",
    law=_LAW,
    reason=Text(
        fi="Tällaisia sopimustietoja ei ole.",
        sv="Det finns inga sådana avtalsuppgifter.",
        en="There are no records of this kind.",
    ),
    advice=Text(
        fi="Valitse tietojen laji luettelosta.",
        sv="Välj uppgifternas art i förteckningen.",
        en="Choose the kind of record from the list.",
    ),
)
DAY_RANGE: Final = Refusal(
    code="agreements.day_range",
    rule="day_range",
    law=_LAW,
    reason=Text(
        fi="Kysytty päivä on ennen vuotta 1900 tai vuoden 2200 jälkeen.",
        sv="Den efterfrågade dagen är före år 1900 eller efter år 2200.",
        en="The day asked for is before 1900 or after 2200.",
    ),
    advice=Text(
        fi="Korjaa päivä ja kysy uudelleen.",
        sv="Rätta dagen och fråga på nytt.",
        en="Correct the day and ask again.",
    ),
)
NO_MANDATE: Final = Refusal(
    code="agreements.no_mandate",
    rule="mandate_of_worker",
    law="L 812/2000 20 §",
    reason=Text(
        fi="Sinulla ei ole tänään voimassa olevaa valtuutta tässä organisaatiossa.",
        sv="Du har i dag ingen gällande fullmakt i denna organisation.",
        en="You have no mandate of this organisation that is valid today.",
    ),
    advice=Text(
        fi="Pyydä valtuus organisaatiosi pääkäyttäjältä.",
        sv="Be din organisations huvudanvändare om fullmakt.",
        en="Ask your organisation's main user for a mandate.",
    ),
)
