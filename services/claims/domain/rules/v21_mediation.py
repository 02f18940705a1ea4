"""V21: payment to the municipality's mediation account (välitystili) is no claim; it needs the client's consent."""

from typing import Final

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.wording import Triple, refusal
from shared.contracts.base import Refusal

LAW: Final = "L 1412/1997 23 §, L 734/1992 14 §"
REFUSAL: Final = refusal(
    "V21",
    "claim.mediation",
    LAW,
    reason=(
        "Välitystilille maksaminen ei ole maksuvaatimus: se perustuu asiakkaan suostumukseen.",
        "Betalning till ett förmedlingskonto är inget betalningskrav: den grundar sig på klientens samtycke.",
        "Payment to a mediation account is not a payment claim: it rests on the client's consent.",
    ),
    advice=(
        (
            "Sovi välitystilistä asiakkaan kanssa ja ilmoita siitä Kelaan kirjallisesti. Eläkkeitä ja lapsiperheiden "
            "etuuksia ei makseta välitystilille."
        ),
        (
            "Kom överens med klienten om förmedlingskontot och meddela FPA skriftligen. Pensioner och förmåner för "
            "barnfamiljer betalas inte till ett förmedlingskonto."
        ),
        (
            "Agree on the mediation account with the client and tell Kela in writing. Pensions and family "
            "benefits are not paid to a mediation account."
        ),
    ),
)
NONE: Final[Triple] = ("", "", "")
HINT: Final[Triple] = (
    " Asiakkaan suostumuksella etuus voidaan maksaa kunnan välitystilille.",
    " Med klientens samtycke kan förmånen betalas till kommunens förmedlingskonto.",
    " With the client's consent the benefit can be paid to the municipality's mediation account.",
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse the mediation account where a ground is asked for."""
    return REFUSAL if facts.claim.ground == facts.policy.mediation.code else None


def hint(facts: ClaimFacts) -> Triple:
    """What another refusal's advice adds, for a benefit that can be paid to a mediation account; else nothing."""
    return HINT if facts.policy.mediation.possible(facts.claim.benefit) else NONE
