"""What surrounds a lookup in tests: who is agreed with whom, clocks and freshness that can be bent, and questions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from shared.bus.requests import Request
from shared.clock.system import system_now
from shared.contracts.agreements import (
    DelegationChanged,
    MandateChanged,
    Member,
    OrganisationChanged,
)
from shared.contracts.answers import Answer
from shared.contracts.asking import PersonQuery
from shared.contracts.base import Channel, DataGroup, Purpose, Role, Validity
from shared.contracts.requests import Actor
from shared.ids import pseudonym
from tests.harness.agreed import agreed
from tests.integration.lookup.samples import CLIENT_CODE, ORGANISATION, PSEUDONYM_KEY

NOW: Final = datetime(2016, 12, 31, 21, 59, 59, tzinfo=UTC)
"""Business time: the last second of 2016 in Helsinki."""
WORKER_CODE: Final = "010180-9015"
WORKER: Final = pseudonym(PSEUDONYM_KEY, "worker", WORKER_CODE)
SINCE_2016: Final = Validity(first=date(2016, 1, 1))

ORGANISED: Final = OrganisationChanged(
    business_id=ORGANISATION, version=1, kind="municipality", municipality="297", name_fi="Kuopio", name_sv="Kuopio"
)
AGREEMENT: Final = agreed(
    id="A-297",
    party=ORGANISATION,
    validity=SINCE_2016,
    purposes=(Purpose.CHARGE, Purpose.VERIFY),
    data_groups=tuple(DataGroup),
    members=(
        Member(municipality="297", validity=SINCE_2016),
        Member(municipality="174", validity=Validity(first=date(2016, 1, 1), last=date(2016, 12, 31))),
    ),
)
MANDATE: Final = MandateChanged(
    id="M-1",
    version=1,
    worker=WORKER,
    organisation=ORGANISATION,
    member="297",
    roles=(Role.FEE_CLERK, Role.MAIN_USER, Role.EMERGENCY_WORKER, Role.PROTECTED_DATA_HANDLER),
    validity=SINCE_2016,
)
MERGED_MANDATE: Final = MANDATE.model_copy(update={"id": "M-2", "member": "174"})
DELEGATION: Final = DelegationChanged(
    id="V-1", version=1, principal="174", agent=ORGANISATION, validity=Validity(first=date(2016, 1, 1))
)
"""The organisation acts for a municipality that it is not yet."""
SURROUNDINGS: Final = (ORGANISED, AGREEMENT, MANDATE, MERGED_MANDATE, DELEGATION)


@dataclass
class FakeClock:
    """A business clock that stands where it is put."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@dataclass
class FakeAge:
    """An age that is what it is said to be."""

    value: timedelta | None = timedelta(seconds=1)

    def age(self, now: datetime) -> timedelta | None:
        assert now.tzinfo is not None
        return self.value


@dataclass
class Replies:
    """Answers that were sent apart from the handler's return."""

    sent: list[Answer] = field(default_factory=list)

    async def reply(self, request: Request, answer: Answer) -> None:
        assert request.id
        self.sent.append(answer)


def asked(
    *,
    code: str = CLIENT_CODE,
    purpose: Purpose | None = Purpose.CHARGE,
    informed: bool = True,
    worker: str | None = WORKER_CODE,
    member: str | None = "297",
    organisation: str = ORGANISATION,
    channel: Channel = Channel.UI,
    roles: Sequence[Role] = (Role.FEE_CLERK,),
    signed_in_for: timedelta = timedelta(minutes=5),
    deadline: timedelta = timedelta(seconds=10),
    verified: bool = True,
    request: UUID | None = None,
    **query: object,
) -> Request:
    """A request as the query loop hands it over; `query` are further fields of the person query."""
    id_, now = request or uuid4(), system_now()
    actor = Actor(
        request=id_,
        expires=now + timedelta(minutes=1),
        identity_code=worker,
        name="Testi Työntekijä",
        signed_in=now - signed_in_for,
        organisation=organisation,
        member=member,
        roles=tuple(roles),
        channel=channel,
    )
    return Request(
        id=id_,
        accepted=NOW,
        deadline=now + deadline,
        actor=actor if verified else None,
        language="fi",
        body=PersonQuery.model_validate({"identity_code": code, "purpose": purpose, "informed": informed, **query}),
        reply_key=b"r" * 32,
        taken=now,
    )
