"""Billing's answers to a clerk, and the year that the clerk asks about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.asking import Asking
from services.billing.requests import Requests
from shared.bus.messages import Outgoing
from shared.bus.publisher import NotAcknowledged
from shared.bus.requests import Request
from shared.contracts.agreements import MandateChanged, OrganisationChanged
from shared.contracts.answers import (
    Answer,
    Refused,
)
from shared.contracts.asking import (
    Body,
)
from shared.contracts.base import Channel, Contract, Role, Validity
from shared.contracts.requests import Actor
from shared.directory.model import Directory
from shared.gate.facts import Limits
from shared.gate.mandates import KELA
from tests.integration.billing.test_corrections import corrected
from tests.integration.billing.year import (
    IDS,
    MARCH,
    PRICES,
    agreement,
    close,
    issue,
    know,
    organisation,
    population,
    use,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LIMITS = Limits(
    session=timedelta(hours=8), audit=timedelta(minutes=1), agreements=timedelta(minutes=1), artificial_codes=True
)
CLERK = "v1." + "a" * 26
JOINT, MEMBER, OTHER = IDS["837"], IDS["020"], IDS["091"]
FACTS: tuple[Contract, ...] = (
    organisation("837"),
    organisation("020"),
    organisation("091"),
    OrganisationChanged(business_id=KELA, version=1, kind="joint_authority", name_fi="Kela", name_sv="FPA"),
    agreement("837", "837", "020"),
    agreement("091"),
    population("837", 6667),
    population("020", 1500),
    population("091", 600_000),
)


def mandate(organisation_id: str, *roles: Role) -> MandateChanged:
    return MandateChanged(
        id=f"M-{organisation_id}",
        version=1,
        worker=CLERK,
        organisation=organisation_id,
        member="091",
        roles=roles,
        validity=Validity(first=date(2015, 1, 1)),
    )


@dataclass
class Published:
    """What was published; nothing is acknowledged while Kafka is down."""

    down: bool = False
    messages: list[Outgoing] = field(default_factory=list)

    async def publish(self, messages: Sequence[Outgoing]) -> None:
        if self.down:
            raise NotAcknowledged("down")
        self.messages += messages


@dataclass
class Desk:
    """Billing's answers, asked as the gateway asks."""

    requests: Requests
    published: Published
    silent: timedelta = timedelta(0)

    async def ask(self, who: str, body: Body, *, deadline: float = 5, worker: str | None = CLERK) -> Answer:
        id_ = uuid4()
        actor = Actor(
            request=id_,
            expires=NOW + timedelta(minutes=1),
            identity_code=None,
            name="",
            signed_in=NOW,
            organisation=who,
            member=None,
            roles=(Role.BILLING_CLERK,),
            channel=Channel.UI,
            worker=worker,
        )
        return await self.requests.answer(
            Request(id_, MARCH, NOW + timedelta(seconds=deadline), actor, "fi", body, b"k" * 32, NOW)
        )


def desk_of(engine: AsyncEngine, *mandates: MandateChanged, age: timedelta | None = timedelta(0)) -> Desk:
    held = mandates or tuple(mandate(one, Role.BILLING_CLERK) for one in (JOINT, MEMBER, OTHER, KELA))
    directory, published = Directory([*FACTS, *held]), Published()
    requests = Requests(
        engine=engine,
        asking=Asking(directory, lambda _: age, LIMITS),
        prices=PRICES,
        publish=published.publish,
        now=lambda: NOW,
        log=structlog.get_logger("test"),
    )
    return Desk(requests, published)


async def year(engine: AsyncEngine) -> None:
    """A joint body's and a city's December 2016, and the first instalment of 2017; one correction."""
    await know(engine, *(one for one in FACTS if not isinstance(one, OrganisationChanged) or one.business_id != KELA))
    await use(engine, "837", 1200, 20)
    await use(engine, "091", 100, 5)
    await close(engine)
    await issue(engine)
    await use(engine, "091", 1, 1, tag="late")
    await corrected(engine, issue_now=True)


def refused(answer: Answer) -> str:
    assert isinstance(answer, Refused)
    texts = (answer.refusal.reason, answer.refusal.advice)
    assert all(text.in_language(one) for text in texts for one in ("fi", "sv", "en"))
    return answer.refusal.code
