"""The lists of claims: which stand in which, why, and in which order; without anything that names a client.

A municipality sees the claims of the municipality for which the worker acts, whoever of its workers made them: those of
substitutes and of people who have left are in the same list, and are taken over by acting on them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal

from services.claims.domain.allocation import NOTHING
from services.claims.domain.booking import FRUITLESS
from services.claims.domain.periods import meet
from services.claims.domain.registration import Claim
from services.claims.domain.returning import Balance, balance
from shared.clock.civil import helsinki_date
from shared.contracts.answers import ClaimListRow
from shared.contracts.base import Language, Text
from shared.contracts.claims import ClaimState, Ground

View = Literal["team", "queue", "ending_soon", "overdue", "cannot_bite", "to_confirm", "needs_action"]
PAGE: Final = 50
SOON: Final = timedelta(days=30)
"""How long before its last day a claim counts as soon ending (assumed)."""
LONG: Final = timedelta(days=30)
"""How long a claim may wait for Kela before it counts as overdue (assumed)."""
IN_HAND: Final = frozenset({ClaimState.REGISTERED, ClaimState.WAITING, ClaimState.IN_HEARING, ClaimState.ACCEPTED})
"""States in which something is for Kela's handler to do."""
RUNNING: Final = frozenset({ClaimState.ACTIVE, ClaimState.SUSPENDED, ClaimState.ENDING})

NOTICES: Final[Mapping[str, Text]] = {
    "owed": Text(
        fi="Kunta on palauttanut enemmän kuin sille korjauksen jälkeen jäi maksettua: Kela hyvittää erotuksen.",
        sv="Kommunen har återbetalat mer än vad som efter rättelsen var betalt: FPA gottgör skillnaden.",
        en="The municipality gave back more than it was paid after a correction: Kela refunds the difference.",
    ),
    "overlap": Text(
        fi="Toinen taho vaatii samaa etuutta samalta ajalta.",
        sv="En annan part kräver samma förmån för samma tid.",
        en="Another body claims the same benefit for the same time.",
    ),
    "hearing_over": Text(
        fi="Kuulemisen määräaika on kulunut.",
        sv="Tidsfristen för hörandet har löpt ut.",
        en="The deadline of the hearing has passed.",
    ),
    "answered": Text(
        fi="Kuuleminen on päättynyt: vaatimus odottaa ratkaisua.",
        sv="Hörandet är avslutat: kravet väntar på avgörande.",
        en="The hearing is over: the claim waits for its decision.",
    ),
    "amounts": Text(
        fi="Etuus on ratkaistu: vahvista kuukausien määrät.",
        sv="Förmånen är avgjord: bekräfta månadernas belopp.",
        en="The benefit is decided: confirm the amounts of the months.",
    ),
    "widening": Text(
        fi="Laajennus odottaa kuulemista ja ratkaisua.",
        sv="En utvidgning väntar på hörande och avgörande.",
        en="A widening waits for its hearing and decision.",
    ),
    "long": Text(
        fi="Vaatimus on odottanut yli 30 päivää.",
        sv="Kravet har väntat över 30 dagar.",
        en="The claim has waited for more than 30 days.",
    ),
    "ends": Text(
        fi="Vaatimuksen jakso päättyy pian.", sv="Kravets period upphör snart.", en="The claim's period ends soon."
    ),
    "cannot_bite": Text(
        fi="Vaatimus ei ehdi yhteenkään jaksonsa maksupäivään.",
        sv="Kravet hinner inte till någon betalningsdag under sin period.",
        en="The claim reaches no payday of its period.",
    ),
    "unconfirmed": Text(
        fi="Osuus odottaa, että kunnan tilinumero vahvistetaan.",
        sv="Andelen väntar på att kommunens kontonummer bekräftas.",
        en="The share waits for the municipality's account to be confirmed.",
    ),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A claim with what a list tells of it besides.

    Attributes:
        claim: The claim under the body of the day.
        paid: Euros that have gone to the claimant.
        held: Euros kept back for it.
        returned: Euros that the claimant gave back of it, less what was refunded.
        overlapped: Another body claims the same benefit for a shared day.
        confirmed: Its account is confirmed.
        holder: Name of the worker whose claim it is.
        reminded: Since when a reminder of it stands.
    """

    claim: Claim
    paid: Decimal
    held: Decimal
    overlapped: bool
    confirmed: bool
    reminded: date | None = None
    returned: Decimal = NOTHING
    holder: str = ""

    @property
    def balance(self) -> Balance:
        """What is left of what was paid, and what is owed to the claimant."""
        return balance(self.paid, self.returned)

    @property
    def remaining(self) -> Decimal | None:
        """What of the stated advances may still come; of care, whose fee is a monthly one, nobody can say."""
        claim = self.claim
        if claim.ground is not Ground.TOTUL_23:
            return None
        if claim.state in FRUITLESS or claim.state is ClaimState.ENDED:
            return NOTHING
        stated = (advance if claim.amount is None else min(advance, claim.amount) for advance in self._advances())
        return max(sum(stated, NOTHING) - self.paid, NOTHING)

    def _advances(self) -> Iterator[Decimal]:
        claim = self.claim
        for month, advance in claim.advances.items():
            if claim.first <= month.last and (claim.last is None or month.first <= claim.last):
                yield advance


def notice_of(listed: Listed, day: date, *, at_kela: bool) -> str | None:
    """Why a claim deserves a look, the most pressing first; that bodies meet is told to Kela alone."""
    claim = listed.claim
    over = claim.hearing_deadline is not None and claim.hearing_deadline < day
    waits = claim.state in {ClaimState.REGISTERED, ClaimState.WAITING}
    open_ = claim.state in IN_HAND or claim.state in RUNNING
    reasons = (
        ("owed", listed.balance.owed > 0),
        ("overlap", at_kela and listed.overlapped and claim.state in IN_HAND),
        ("hearing_over", claim.state is ClaimState.IN_HEARING and over),
        ("answered", claim.state is ClaimState.IN_HEARING and claim.hearing_deadline is None),
        ("amounts", open_ and claim.amounts_asked is not None),
        ("widening", claim.state is ClaimState.ACTIVE and claim.widening is not None),
        ("cannot_bite", open_ and claim.timing.effective is None and claim.timing.earliest is None),
        ("unconfirmed", open_ and not listed.confirmed),
        ("long", waits and helsinki_date(claim.arrived) < day - LONG),
        ("ends", claim.state in RUNNING and claim.last is not None and day <= claim.last <= day + SOON),
    )
    return next((name for name, holds in reasons if holds), None)


def row_of(listed: Listed, day: date, language: Language, *, at_kela: bool, worker: str | None) -> ClaimListRow:
    """A claim as a list shows it to one reader."""
    claim, notice = listed.claim, notice_of(listed, day, at_kela=at_kela)
    return ClaimListRow(
        number=claim.number,
        version=claim.version,
        organisation=claim.organisation,
        member=claim.member,
        benefit=claim.benefit,
        ground=claim.ground.value,
        state=claim.state.value,
        arrived=claim.arrived,
        first=claim.first,
        last=claim.last,
        effective_payday=claim.timing.effective,
        paid=f"{listed.balance.paid:.2f}",
        held=f"{listed.held:.2f}",
        returned=f"{listed.returned:.2f}",
        owed=f"{listed.balance.owed:.2f}",
        remaining=None if listed.remaining is None else f"{listed.remaining:.2f}",
        deadline=claim.hearing_deadline,
        notice=None if notice is None else NOTICES[notice].in_language(language),
        reminded=listed.reminded,
        holder=listed.holder,
        amounts_asked=claim.amounts_asked,
        mine=worker is not None and claim.worker == worker,
    )


def overlaps(claim: Claim, others: Sequence[Claim]) -> tuple[str, ...]:
    """Numbers of other bodies' open claims on the same benefit and a shared day, in order."""
    return tuple(
        sorted(
            other.number
            for other in others
            if other.id != claim.id
            and (other.organisation, other.member) != (claim.organisation, claim.member)
            and other.benefit == claim.benefit
            and (other.state in IN_HAND or other.state in RUNNING)
            and meet((claim.first, claim.last), (other.first, other.last))
        )
    )
