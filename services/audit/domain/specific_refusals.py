"""Why a step of a specific report is not taken, though the gate lets it pass: texts in fi, sv, en."""

from functools import partial
from typing import Final

from shared.contracts.base import Text
from shared.refusals import refusal

LAW: Final = "L 523/1999 32 §"


_refusal = partial(refusal, law=LAW)


REASON_MISSING: Final = _refusal(
    "specific_report.reason",
    Text(fi="Perustetta ei ole annettu.", sv="Ingen grund har angetts.", en="No reason was given."),
    Text(
        fi="Kirjoita muutamalla sanalla, mihin epäily tai ratkaisu perustuu. Peruste jää lokiin.",
        sv="Skriv med några ord vad misstanken eller avgörandet grundar sig på. Grunden blir kvar i loggen.",
        en="Write in a few words what the suspicion or the decision rests on. The reason stays in the log.",
    ),
)
PERIOD: Final = _refusal(
    "specific_report.period",
    Text(
        fi="Jakso on väärin päin tai liian pitkä.",
        sv="Perioden är omvänd eller för lång.",
        en="The period is reversed or too long.",
    ),
    Text(fi="Valitse enintään vuoden jakso.", sv="Välj en period på högst ett år.", en="Choose a year at most."),
)
CODE_INVALID: Final = _refusal(
    "specific_report.identity_code",
    Text(fi="Henkilötunnus on virheellinen.", sv="Personbeteckningen är felaktig.", en="The identity code is wrong."),
    Text(fi="Tarkista henkilötunnus.", sv="Kontrollera personbeteckningen.", en="Check the identity code."),
)
SUPERVISOR_ASKS: Final = _refusal(
    "specific_report.supervisor",
    Text(
        fi="Raporttia pyytää organisaation oma lokivalvoja.",
        sv="Rapporten begärs av organisationens egen loggövervakare.",
        en="The organisation's own log supervisor asks for the report.",
    ),
    Text(
        fi="Kelan tarkastaja voi hyväksyä pyynnön tai hakea lokista itse.",
        sv="FPA:s granskare kan godkänna begäran eller själv söka i loggen.",
        en="Kela's auditor may approve a request, or search the log.",
    ),
)
CONCERNED: Final = _refusal(
    "specific_report.concerned",
    Text(fi="Raportti koskee sinua itseäsi.", sv="Rapporten gäller dig själv.", en="The report is about yourself."),
    Text(
        fi="Asian hoitaa toinen lokivalvoja tai Kelan tarkastaja.",
        sv="Ärendet sköts av en annan loggövervakare eller FPA:s granskare.",
        en="Another log supervisor or Kela's auditor takes care of it.",
    ),
)
SAME_PERSON: Final = _refusal(
    "specific_report.same_person",
    Text(
        fi="Pyytäjä ei voi itse ratkaista pyyntöään.",
        sv="Den som begärt kan inte själv avgöra sin begäran.",
        en="Whoever asked cannot decide.",
    ),
    Text(
        fi="Pyydä toista lokivalvojaa tai Kelan tarkastajaa ratkaisemaan.",
        sv="Be en annan loggövervakare eller FPA:s granskare avgöra.",
        en="Ask another log supervisor or Kela's auditor to decide.",
    ),
)
UNKNOWN: Final = _refusal(
    "specific_report.unknown",
    Text(fi="Raporttia ei ole.", sv="Rapporten finns inte.", en="There is no such report."),
    Text(fi="Katso raporttien luettelosta.", sv="Se förteckningen över rapporter.", en="See the list of reports."),
)
DECIDED: Final = _refusal(
    "specific_report.decided",
    Text(fi="Pyyntö on jo ratkaistu.", sv="Begäran är redan avgjord.", en="The request is decided already."),
    Text(fi="Tee tarvittaessa uusi pyyntö.", sv="Gör vid behov en ny begäran.", en="Ask anew if there is need."),
)
UNDECIDED: Final = _refusal(
    "specific_report.undecided",
    Text(
        fi="Toinen henkilö ei ole vielä hyväksynyt pyyntöä.",
        sv="En annan person har ännu inte godkänt begäran.",
        en="Another person has not approved the request yet.",
    ),
    Text(fi="Odota ratkaisua.", sv="Vänta på avgörandet.", en="Wait for the decision."),
)
REFUSED: Final = _refusal(
    "specific_report.refused",
    Text(fi="Pyyntö on hylätty.", sv="Begäran har avslagits.", en="The request was refused."),
    Text(fi="Tee tarvittaessa uusi pyyntö.", sv="Gör vid behov en ny begäran.", en="Ask anew if there is need."),
)
EXPIRED: Final = _refusal(
    "specific_report.expired",
    Text(fi="Raportti on vanhentunut.", sv="Rapporten har gått ut.", en="The report has expired."),
    Text(fi="Tee uusi pyyntö.", sv="Gör en ny begäran.", en="Ask anew."),
)
