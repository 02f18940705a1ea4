"""What is written to the client and the claimant: the hearing and the decision, in Finnish and Swedish, as data.

Sources: hearing L 434/2003 34, 36 §; contents of a decision 44, 45 §; that a decision is given when a benefit is paid
to a municipality L 568/2007 63 §; appeal instructions L 434/2003 46, 47 §. Where and within what time an appeal is made
(30 days, to the social security appeal board through Kela) is general knowledge of these benefits, not read in a
source here. Nothing in a letter names the client: it goes with the file of the claim, under its number.
"""

from datetime import date
from decimal import Decimal
from typing import Final

from services.claims.domain.lifecycle import Act
from services.claims.domain.registration import Claim
from services.claims.domain.terms import Widening
from shared.contracts.claims import ClaimState, Ground
from shared.finnish.banking_days import next_banking_day
from shared.finnish.benefits import benefits
from shared.gate.refusals import finnish_date

_LAW: Final = {Ground.TOTUL_23: "L 1412/1997 23 §", Ground.AML_14: "L 734/1992 14 §"}
_HEARING: Final = {
    "fi": "Kuuleminen maksuvaatimuksesta {number}\n\nKunta vaatii, että etuutesi ({benefit}, {period}) maksetaan sille "
    "({law}). Voit antaa selityksen viimeistään {deadline}. Jos sinulla on edunvalvoja, häntä kuullaan puolestasi "
    "asiassa, joka kuuluu hänen tehtäväänsä. Asia ratkaistaan määräajan jälkeen, vaikka selitystä ei annettaisi "
    "(L 434/2003 34, 36 §).",
    "sv": "Hörande om betalningskrav {number}\n\nKommunen kräver att din förmån ({benefit}, {period}) betalas till den "
    "({law}). Du kan ge en förklaring senast {deadline}. Om du har en intressebevakare hörs denne i ditt ställe i en "
    "sak som hör till uppdraget. Ärendet avgörs efter tidsfristen även om ingen förklaring ges (L 434/2003 34, 36 §).",
}
_DECISION: Final = {
    "fi": "Päätös maksuvaatimuksesta {number}\n\n{outcome} Etuus: {benefit}, {period}. Perustelut: {reason}\n"
    "Sovelletut säännökset: {law}, L 434/2003 45 §, L 568/2007 63 §.\n\nMuutoksenhaku: päätökseen saa hakea muutosta "
    "valittamalla kirjallisesti sosiaaliturvan muutoksenhakulautakuntaan 30 päivän kuluessa siitä, kun sai päätöksen "
    "tiedoksi. Valituskirjelmä toimitetaan Kelaan (L 434/2003 47 §).",
    "sv": "Beslut om betalningskrav {number}\n\n{outcome} Förmån: {benefit}, {period}. Motivering: {reason}\n"
    "Tillämpade bestämmelser: {law}, L 434/2003 45 §, L 568/2007 63 §.\n\nÄndringssökande: ändring i beslutet får "
    "sökas genom skriftliga besvär hos besvärsnämnden för social trygghet inom 30 dagar från delfåendet av beslutet. "
    "Besvärsskriften lämnas till FPA (L 434/2003 47 §).",
}
_HEARING_MORE: Final = {
    "fi": "Kuuleminen maksuvaatimuksen {number} laajentamisesta\n\nKunta vaatii, että etuudestasi maksetaan sille "
    "aiempaa enemmän ({benefit}, {period}; {terms}; {law}). Voit antaa selityksen viimeistään {deadline}. Jos sinulla "
    "on edunvalvoja, häntä kuullaan puolestasi asiassa, joka kuuluu hänen tehtäväänsä. Asia ratkaistaan määräajan "
    "jälkeen, vaikka selitystä ei annettaisi (L 434/2003 34, 36 §). Siihen asti maksetaan kuten ennen.",
    "sv": "Hörande om utvidgning av betalningskrav {number}\n\nKommunen kräver att mer än tidigare av din förmån "
    "betalas till den ({benefit}, {period}; {terms}; {law}). Du kan ge en förklaring senast {deadline}. Om du har en "
    "intressebevakare hörs denne i ditt ställe i en sak som hör till uppdraget. Ärendet avgörs efter tidsfristen även "
    "om ingen förklaring ges (L 434/2003 34, 36 §). Till dess betalas som förut.",
}
_OUTCOME_MORE: Final = {
    ("fi", Act.ACCEPT): "Kela hyväksyy vaatimuksen laajennuksen seuraavista maksamattomista eristä alkaen.",
    ("sv", Act.ACCEPT): "FPA godkänner utvidgningen av kravet från och med följande obetalda poster.",
    ("fi", Act.REJECT): "Kela hylkää vaatimuksen laajennuksen. Vaatimus jatkuu kuten ennen.",
    ("sv", Act.REJECT): "FPA avslår utvidgningen av kravet. Kravet fortsätter som förut.",
}
"""Of a claim that was decided before (V15): what is heard and decided is a widening alone."""
_OUTCOME: Final = {
    ("fi", Act.ACCEPT): "Kela maksaa etuuden kunnalle siltä osin kuin vaatimus sen kattaa.",
    ("sv", Act.ACCEPT): "FPA betalar förmånen till kommunen till den del kravet täcker den.",
    ("fi", Act.REJECT): "Kela hylkää vaatimuksen ja maksaa etuuden asiakkaalle. Mitä siitä on pidätetty maksupäivänä, "
    "maksetaan {released}.",
    ("sv", Act.REJECT): "FPA avslår kravet och betalar förmånen till klienten. Vad som har innehållits på "
    "betalningsdagen betalas {released}.",
}
"""What was held is paid on the next banking day (golden R4, assumed)."""


def letters(claim: Claim, act: Act, reason: str, day: date) -> dict[str, str]:
    """The letter that goes with an act, by language; empty for acts that write none.

    Args:
        claim: As it stands after the act.
        act: What was done.
        reason: The handler's reasons.
        day: Helsinki day of the act.
    """
    more = claim.state is ClaimState.ACTIVE
    hearing, outcomes = (_HEARING_MORE, _OUTCOME_MORE) if more else (_HEARING, _OUTCOME)
    template = hearing if act is Act.HEAR else _DECISION if act in {Act.ACCEPT, Act.REJECT} else {}
    last = claim.last if claim.widening is None or claim.widening.last is None else claim.widening.last
    return {
        language: text.format(
            number=claim.number,
            benefit=benefits()[claim.benefit].name("sv" if language == "sv" else "fi"),
            period=_period(claim.first, last),
            terms=_terms(claim.widening),
            law=_LAW[claim.ground],
            deadline="" if claim.hearing_deadline is None else finnish_date(claim.hearing_deadline),
            outcome=outcomes.get((language, act), "").format(released=finnish_date(next_banking_day(day))),
            reason=reason,
        )
        for language, text in template.items()
    }


def _terms(widening: Widening | None) -> str:
    """The amounts that are proposed; months and euros need no language."""
    if widening is None:
        return ""
    terms = [f"{month.month}/{month.year}: {_euros(amount)}" for month, amount in sorted(widening.advances.items())]
    if widening.care is not None:
        month, care = widening.care
        terms.append(f"{month.month}/{month.year}\u2013: {_euros(care.fee - care.others)}")
    return ", ".join(terms)


def _euros(amount: Decimal) -> str:
    return f"{amount:.2f} €".replace(".", ",")


def _period(first: date, last: date | None) -> str:
    return f"{finnish_date(first)}\u2013{'' if last is None else finnish_date(last)}"
