"""A claim as it stands once every rule has let it pass, and the receipt that tells of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from services.claims.domain import amount, basis, reference
from services.claims.domain.allocation import CareFee
from services.claims.domain.facts import ClaimFacts
from services.claims.domain.next_steps import NEXT
from services.claims.domain.payday import WORDING, Notice, Timing, timing
from services.claims.domain.remarks import Remark, remarks
from services.claims.domain.terms import Widening
from shared.clock.civil import Month
from shared.contracts.answers import ClaimReceipt, ClaimValidated
from shared.contracts.asking import RegisterClaim
from shared.contracts.base import BusinessId, Channel, Language, MunicipalityCode, Pseudonym
from shared.contracts.claims import ClaimState, Ground

_NOTICES: Final = frozenset(Notice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A registered payment claim (maksuvaatimus), without anything that names a person.

    `first` and `last` are Helsinki days; `amount` is euros, None for all of the benefit; `arrived` is the moment at
    which the gateway accepted the claim (business clock). `origin` is the day of the assistance decision; `advances`
    and `care` are what it rests on, by month; from payday `stops_from` on nothing more is taken; `in_time` lets it bite
    on payments nearer than fourteen days. `care_last` is the last day of the care, where it is known.
    Since `amounts_asked` the worker is asked to confirm the monthly amounts (golden R6). `widening` is a change that
    waits until the client was heard about it (V15). `remarks` is what the worker was told besides.
    """

    id: UUID
    number: str
    state: ClaimState
    version: int
    organisation: BusinessId
    member: MunicipalityCode
    agreement: str
    channel: Channel
    worker: Pseudonym
    client: Pseudonym
    benefit: str
    ground: Ground
    first: date
    last: date | None
    amount: Decimal | None
    account: str
    reference: str
    assistance: str | None
    arrived: datetime
    timing: Timing
    origin: date | None = None
    advances: Mapping[Month, Decimal] = field(default_factory=dict)
    care: Mapping[Month, CareFee] = field(default_factory=dict)
    care_last: date | None = None
    in_time: bool = False
    hearing_deadline: date | None = None
    stops_from: date | None = None
    end_reason: str | None = None
    amounts_asked: date | None = None
    widening: Widening | None = None
    remarks: tuple[Remark, ...] = ()

    def receipt(self, language: Language) -> ClaimReceipt:
        """The receipt (vastaanottokuittaus) of the registration, worded for its reader."""
        return ClaimReceipt(
            number=self.number,
            arrived=self.arrived,
            state=self.state.value,
            effective_payday=self.timing.effective,
            earliest=self.timing.earliest,
            missed_paydays=self.timing.missed,
            warnings=self._warnings(language),
            next=NEXT[self.state].in_language(language),
            version=self.version,
            organisation=self.organisation,
            member=self.member,
            benefit=self.benefit,
            ground=self.ground.value,
            first=self.first,
            last=self.last,
            amount=None if self.amount is None else str(self.amount),
            reference=self.reference,
        )

    def validated(self, language: Language) -> ClaimValidated:
        """What its registration would tell, worded for its reader."""
        return ClaimValidated(
            effective_payday=self.timing.effective,
            earliest=self.timing.earliest,
            missed_paydays=self.timing.missed,
            warnings=self._warnings(language),
        )

    def _warnings(self, language: Language) -> tuple[str, ...]:
        notices = (WORDING[notice].in_language(language) for notice in self.timing.notices)
        return (*notices, *(remark.in_language(language) for remark in self.remarks))


class Incomplete(ValueError):
    """A claim that a rule should have refused: a fault of the rules, never of the sender alone."""


def register(
    facts: ClaimFacts, *, id: UUID, number: str, arrived: datetime, worker: Pseudonym, client: Pseudonym
) -> Claim:
    """Make the claim that the rules have let pass.

    Args:
        facts: what the rules looked at.
        id: the claim's id.
        number: the claim number (vaatimuksen numero).
        arrived: when the gateway accepted it.
        worker: pseudonym of the worker.
        client: pseudonym of the client.

    Raises:
        Incomplete: something that the rules demand is missing.
    """
    sent, access = facts.claim, facts.access
    ground, first = facts.ground, sent.first
    organisation, member, agreement, channel = access.organisation, access.member, access.agreement, access.channel
    if ground is None or first is None or sent.amount is None:
        raise Incomplete("the claim has no ground, no first day or no amount")
    if organisation is None or member is None or agreement is None or channel is None:
        raise Incomplete("the claimant is not known")
    bites = timing(sent.benefit, facts.arrived, first, sent.last)
    return Claim(
        id=id,
        number=number,
        state=ClaimState.REGISTERED,
        version=1,
        organisation=organisation.business_id,
        member=member.code,
        agreement=agreement.id,
        channel=channel,
        worker=worker,
        client=client,
        benefit=sent.benefit,
        ground=ground,
        first=first,
        last=sent.last,
        amount=amount.parse(sent.amount),
        account=sent.account,
        reference=reference.parse(sent.reference),
        assistance=sent.assistance if ground is Ground.TOTUL_23 else None,
        arrived=arrived,
        timing=bites,
        remarks=remarks(facts, bites),
        origin=sent.decided if ground is Ground.TOTUL_23 else None,
        advances=basis.advances(sent) if ground is Ground.TOTUL_23 else {},
        care=_care(sent, first) if ground is Ground.AML_14 else {},
        care_last=sent.care.last if ground is Ground.AML_14 and sent.care is not None else None,
    )


def _care(sent: RegisterClaim, first: date) -> dict[Month, CareFee]:
    """The care fee as it holds from the claim's first month on.

    Raises:
        Incomplete: the claim states no care.
    """
    if sent.care is None:
        raise Incomplete("the claim states no care")
    return {Month.of(first): basis.care_fee(sent.care)}


def notices_of(codes: Sequence[str]) -> tuple[Notice, ...]:
    """The notices on paydays that a stored claim carries."""
    return tuple(Notice(code) for code in codes if code in _NOTICES)


def remarks_of(codes: Sequence[str]) -> tuple[Remark, ...]:
    """The remarks that a stored claim carries."""
    return tuple(Remark.parse(code) for code in codes if code not in _NOTICES)


def told(claim: Claim) -> list[str]:
    """Notices and remarks as they are stored."""
    return [*(notice.value for notice in claim.timing.notices), *map(str, claim.remarks)]
