"""What a worker is told besides the receipt, some of it with a day: the claim is accepted all the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from services.claims.domain import child_care
from services.claims.domain.facts import ClaimFacts
from services.claims.domain.payday import Timing
from shared.contracts.base import Language, Text
from shared.contracts.claims import Ground
from shared.gate.refusals import finnish_date


class About(StrEnum):
    """What is remarked."""

    NOT_GRANTED = "claim.not_granted"
    """V5: the benefit is not granted for the period."""
    CHILD_BENEFIT = "claim.child_benefit_in_care"
    """V12, lapsilisä: AML 14 is the payee's own care; a child in care goes another way, from a later day."""
    CHILD_MAINTENANCE = "claim.maintenance_in_care"
    """V12, elatustuki."""
    AGREEMENT_ENDS = "claim.agreement_ends"
    """V18: the agreement ends before the first payday that the claim reaches."""


WORDING: Final = {
    About.NOT_GRANTED: Text(
        fi="Kela ei ole myöntänyt etuutta jaksolle. Vaatimus vaikuttaa, jos etuus myönnetään.",
        sv="FPA har inte beviljat förmånen för perioden. Kravet får verkan om förmånen beviljas.",
        en="Kela has not granted the benefit for the period. The claim takes effect if it is granted.",
    ),
    About.CHILD_BENEFIT: Text(
        fi="Vaatimus koskee maksunsaajan omaa hoitoa. Jos lapsi on hoidossa yli kalenterikuukauden, käytä lomaketta "
        "LL2: lapsilisä voidaan maksaa kunnalle aikaisintaan {day} alkaen.",
        sv="Kravet gäller betalningsmottagarens egen vård. Om ett barn vårdas längre än en kalendermånad, använd "
        "blankett LL2: barnbidraget kan betalas till kommunen tidigast från {day}.",
        en="The claim concerns the payee's own care. If a child is in care for more than a calendar month, use form "
        "LL2: child benefit can be paid to the municipality from {day} at the earliest.",
    ),
    About.CHILD_MAINTENANCE: Text(
        fi="Vaatimus koskee maksunsaajan omaa hoitoa. Jos lapsi on hoidossa yli kalenterikuukauden, käytä lomaketta "
        "LU1: elatustuki voidaan maksaa kunnalle aikaisintaan {day} alkaen.",
        sv="Kravet gäller betalningsmottagarens egen vård. Om ett barn vårdas längre än en kalendermånad, använd "
        "blankett LU1: underhållsstödet kan betalas till kommunen tidigast från {day}.",
        en="The claim concerns the payee's own care. If a child is in care for more than a calendar month, use form "
        "LU1: maintenance allowance can be paid to the municipality from {day} at the earliest.",
    ),
    About.AGREEMENT_ENDS: Text(
        fi="Sopimuksesi päättyy {day}, ennen ensimmäistä maksupäivää, johon vaatimus vaikuttaa. Vaatimus pysyy "
        "voimassa, mutta sen seuraaminen ja muuttaminen Kelmussa edellyttää uutta sopimusta.",
        sv="Ert avtal upphör {day}, före den första betalningsdag som kravet når. Kravet gäller fortfarande, men för "
        "att följa och ändra det i Kelmu krävs ett nytt avtal.",
        en="Your agreement ends on {day}, before the first payday that the claim reaches. The claim stays valid, but "
        "following and changing it in Kelmu needs a new agreement.",
    ),
}
_OF_CHILD: Final = {"lapsilisa": About.CHILD_BENEFIT, "elatustuki": About.CHILD_MAINTENANCE}


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark; `str` gives what is stored, `parse` reads it back."""

    about: About
    day: date | None = None

    def __str__(self) -> str:
        return self.about.value if self.day is None else f"{self.about.value} {self.day.isoformat()}"

    @classmethod
    def parse(cls, stored: str) -> "Remark":
        """Read a stored remark.

        Raises:
            ValueError: it is none.
        """
        about, _, day = stored.partition(" ")
        return cls(About(about), date.fromisoformat(day) if day else None)

    def in_language(self, language: Language) -> str:
        """The remark for its reader."""
        text = WORDING[self.about].in_language(language)
        if self.day is None:
            return text
        return text.format(day=self.day.isoformat() if language == "en" else finnish_date(self.day))


def remarks(facts: ClaimFacts, timing: Timing) -> tuple[Remark, ...]:
    """What there is to remark on a claim that every rule has let pass."""
    return tuple(_remarks(facts, timing))


def awaits(facts: ClaimFacts) -> bool:
    """Whether the claim is on an awaited benefit (V5): no decision grants it to the client for the period."""
    first = facts.claim.first
    if first is None:
        return False
    return facts.register is None or not facts.register.granted_for(first, facts.claim.last)


def _remarks(facts: ClaimFacts, timing: Timing) -> Iterator[Remark]:
    if awaits(facts):
        yield Remark(About.NOT_GRANTED)
    about, care = _OF_CHILD.get(facts.claim.benefit), facts.claim.care
    if about is not None and facts.ground is Ground.AML_14 and care is not None and care.first is not None:
        yield Remark(about, child_care.earliest(facts.claim.benefit, care.first, facts.arrived))
    ends, bites = _agreement_ends(facts), timing.effective or timing.earliest
    if ends is not None and bites is not None and ends < bites:
        yield Remark(About.AGREEMENT_ENDS, ends)


def _agreement_ends(facts: ClaimFacts) -> date | None:
    """The last day on which the agreement of the day of arrival holds for the municipality."""
    agreement, member = facts.access.agreement, facts.access.member
    if agreement is None or member is None:
        return None
    held = [one.validity for one in agreement.members if one.municipality == member.code]
    validities = [agreement.validity, *(validity for validity in held if validity.covers(facts.arrived))]
    return min((validity.last for validity in validities if validity.last is not None), default=None)
