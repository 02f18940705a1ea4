"""What happens next with a claim, by where it stands (V15, golden R4): the last line of its receipt."""

from collections.abc import Mapping
from typing import Final

from shared.contracts.base import Text
from shared.contracts.claims import ClaimState

_CLOSED: Final = Text(
    fi="Vaatimuksen käsittely on päättynyt.",
    sv="Behandlingen av kravet har avslutats.",
    en="The claim is closed.",
)
_PAID: Final = Text(
    fi="Maksut tilitetään viitenumerolla. Ilmoita päättymisestä heti, kun perustetta ei enää ole.",
    sv="Betalningarna redovisas med referensnumret. Meddela genast när grunden upphör.",
    en="Payments come with the reference. Tell of the end as soon as the ground is no longer there.",
)
NEXT: Final[Mapping[ClaimState, Text]] = {
    ClaimState.DRAFT: Text(
        fi="Vaatimusta ei ole vielä lähetetty.", sv="Kravet är inte skickat än.", en="The claim is not sent yet."
    ),
    ClaimState.REGISTERED: Text(
        fi="Kela kuulee asiakasta ja antaa kirjallisen päätöksen ennen ensimmäistä maksua kunnalle. Siihen asti "
        "vaadittu osa maksuista pidätetään.",
        sv="FPA hör klienten och ger ett skriftligt beslut före den första betalningen till kommunen. Till dess hålls "
        "den krävda delen av betalningarna inne.",
        en="Kela hears the client and gives a written decision before the first payment to the municipality. Until "
        "then the claimed part of payments is held back.",
    ),
    ClaimState.WAITING: Text(
        fi="Vaatimus odottaa, että Kela ratkaisee etuuden. Kun etuus on myönnetty, vahvista ennakkojen määrät; sitten "
        "Kela kuulee asiakasta ja antaa kirjallisen päätöksen.",
        sv="Kravet väntar på att FPA avgör förmånen. När förmånen är beviljad, bekräfta förskottens belopp; sedan hör "
        "FPA klienten och ger ett skriftligt beslut.",
        en="The claim waits for Kela to decide the benefit. When it is granted, confirm the amounts of the advances; "
        "then Kela hears the client and gives a written decision.",
    ),
    ClaimState.IN_HEARING: Text(
        fi="Kela kuulee asiakasta. Vaadittu osa maksuista pidätetään päätökseen asti.",
        sv="FPA hör klienten. Den krävda delen av betalningarna hålls inne fram till beslutet.",
        en="Kela hears the client. The claimed part of payments is held back until the decision.",
    ),
    ClaimState.ACCEPTED: Text(
        fi="Vaatimus on hyväksytty. Kela lähettää kirjallisen päätöksen.",
        sv="Kravet är godkänt. FPA skickar ett skriftligt beslut.",
        en="The claim is accepted. Kela sends a written decision.",
    ),
    ClaimState.ACTIVE: _PAID,
    ClaimState.SUSPENDED: Text(
        fi="Vaatimus on keskeytetty. Vaadittu osa maksuista pidätetään, kunnes sitä jatketaan tai se päätetään.",
        sv="Kravet är avbrutet. Den krävda delen av betalningarna hålls inne tills det fortsätter eller upphör.",
        en="The claim is suspended. The claimed part of payments is held back until it goes on or ends.",
    ),
    ClaimState.ENDING: Text(
        fi="Vaatimus päättyy: seuraavasta maksamattomasta erästä alkaen kunnalle ei makseta.",
        sv="Kravet upphör: från följande obetalda post betalas inget till kommunen.",
        en="The claim is ending: from the next unpaid instalment on nothing is paid to the municipality.",
    ),
    ClaimState.ENDED: _CLOSED,
    ClaimState.REJECTED: Text(
        fi="Kela on hylännyt vaatimuksen. Perustelut ja muutoksenhaku ovat päätöksessä.",
        sv="FPA har avslagit kravet. Motiveringen och besvärsanvisningen finns i beslutet.",
        en="Kela has rejected the claim. The reasons and how to appeal stand in the decision.",
    ),
    ClaimState.WITHDRAWN: _CLOSED,
    ClaimState.EXPIRED: Text(
        fi="Vaatimus on rauennut: odotettua etuutta ei myönnetty, tai mitään maksettavaa ei jäänyt.",
        sv="Kravet har förfallit: den väntade förmånen beviljades inte, eller inget fanns kvar att betala.",
        en="The claim has lapsed: the awaited benefit was not granted, or nothing was left to pay.",
    ),
}
