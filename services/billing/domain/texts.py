"""The sentences that every invoice carries, in the languages of its readers."""

from types import MappingProxyType

from shared.contracts.base import Text

ASSUMED_PRICE = Text(fi="Hinta on oletus.", sv="Priset är ett antagande.", en="The price is an assumption.")
"""No price of the service is public: every document that shows one says so."""

RECTIFICATION = Text(
    fi=(
        "Maksuvelvollinen voi vaatia oikaisua Kelalta kuuden kuukauden kuluessa laskun päiväyksestä "
        "(valtion maksuperustelaki 150/1992, 11 b §). Vaatimus tehdään kirjallisesti ja siinä ilmoitetaan laskun "
        "numero, vaadittu muutos ja perustelut. Oikaisuvaatimuspäätökseen saa hakea muutosta 30 päivän kuluessa."
    ),
    sv=(
        "Den betalningsskyldige kan yrka rättelse hos FPA inom sex månader från fakturans datum "
        "(lagen om grunderna för avgifter till staten 150/1992, 11 b §). Yrkandet görs skriftligen och i det anges "
        "fakturans nummer, den ändring som yrkas och grunderna för den. Beslutet får överklagas inom 30 dagar."
    ),
    en=(
        "The payer may demand rectification from Kela within six months of the date of the invoice "
        "(Act on Criteria for Charges Payable to the State 150/1992, section 11 b). Write the number of the invoice, "
        "the change that you demand and your grounds. The decision may be appealed against within 30 days."
    ),
)
"""Oikaisuvaatimusohje, as L 150/1992 11 a § demands on the document."""

LINES = MappingProxyType(
    {
        "MINIMUM_INVOICE": Text(
            fi="Vähimmäislaskutuksen täydennys",
            sv="Komplettering till minimidebitering",
            en="Minimum billing adjustment",
        ),
        "CARRIED_OVER": Text(
            fi="Siirretty aiemmasta erästä",
            sv="Överfört från tidigare rat",
            en="Carried over from an earlier instalment",
        ),
        "INSTALMENT_ADJUSTMENT": Text(
            fi="Aiempien erien tarkistus", sv="Justering av tidigare rater", en="Adjustment of earlier instalments"
        ),
        "CORRECTION": Text(fi="jälkikäteiskorjaus", sv="korrigering i efterhand", en="later correction"),
        "RECTIFICATION": Text(
            fi="oikaisuvaatimuksen johdosta",
            sv="med anledning av rättelseyrkande",
            en="upon a demand for rectification",
        ),
    }
)
"""Lines that no row of a price book names."""
