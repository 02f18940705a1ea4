"""Why a clerk is not told something, in three languages, and what to do."""

from functools import partial
from typing import Final

from shared.contracts.base import Text
from shared.refusals import refusal

_LAW: Final = "L 150/1992 11 a §"


_refusal = partial(refusal, law=_LAW, rule="billing_scope")


NOT_YOURS: Final = _refusal(
    "billing.not_yours",
    Text(
        fi="Tällaista laskua tai riviä ei ole, tai se ei kuulu organisaatiollesi.",
        sv="Det finns ingen sådan faktura eller rad, eller så hör den inte till din organisation.",
        en="There is no such invoice or line, or it is not your organisation's.",
    ),
    Text(
        fi="Tarkista numero ja minkä organisaation puolesta toimit.",
        sv="Kontrollera numret och för vilken organisation du arbetar.",
        en="Check the number, and on whose behalf you act.",
    ),
)
"""The same for both: whoever may not see an invoice does not learn that it exists."""
PAYER_ONLY: Final = _refusal(
    "billing.payer_only",
    Text(
        fi="Laskun tiedostot annetaan vain maksajalle.",
        sv="Fakturans filer ges endast till betalaren.",
        en="The files of an invoice are given to its payer only.",
    ),
    Text(
        fi="Näet oman osuutesi laskun riveiltä; pyydä tiedosto sopimuksen osapuolelta.",
        sv="Din egen andel ser du på fakturans rader; be avtalsparten om filen.",
        en="Your own part is on the invoice's lines; ask the agreement's party for the file.",
    ),
)
PLACE: Final = _refusal(
    "billing.place",
    Text(
        fi="Seuraavan sivun paikka on virheellinen.",
        sv="Platsen för nästa sida är felaktig.",
        en="The place of the next page is no place.",
    ),
    Text(fi="Aloita ensimmäiseltä sivulta.", sv="Börja från första sidan.", en="Begin from the first page."),
)
TOO_LARGE: Final = _refusal(
    "billing.file_too_large",
    Text(
        fi="Tiedosto on liian suuri ladattavaksi tästä.",
        sv="Filen är för stor för att laddas ned här.",
        en="The file is too large to be downloaded here.",
    ),
    Text(
        fi="Valitse toinen tiedostomuoto tai pyydä tiedosto Kelan laskutuksesta.",
        sv="Välj ett annat format eller be FPA:s fakturering om filen.",
        en="Choose another format, or ask Kela's billing for the file.",
    ),
)
NOT_EXPLAINED: Final = _refusal(
    "billing.not_explained",
    Text(
        fi="Rivin perusteita ei löydy: sitä koskevaa hinnoittelua tai hinnastoa ei ole.",
        sv="Radens grunder hittas inte: prissättningen eller prislistan saknas.",
        en="The ground of the line is not found: there is no rating or no price book behind it.",
    ),
    Text(fi="Ilmoita rivistä Kelan laskutukseen.", sv="Meddela FPA:s fakturering om raden.", en="Tell Kela's billing."),
)
NO_COMPARISON: Final = _refusal(
    "billing.no_comparison",
    Text(
        fi="Vuotta ei voi verrata: sitä tai edellistä vuotta ei hinnoittele mikään hinnasto.",
        sv="Året kan inte jämföras: ingen prislista gäller för det eller för året före.",
        en="The year cannot be compared: no price book prices it or the year before.",
    ),
    Text(fi="Valitse toinen vuosi.", sv="Välj ett annat år.", en="Choose another year."),
)
