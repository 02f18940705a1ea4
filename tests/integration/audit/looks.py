"""Looks of every kind, and whoever asks for them: the desks of the log around a test's own database."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import structlog

from services.audit.asking import Asking
from services.audit.desks.own_log import OwnLog
from services.audit.desks.searching import Searching
from services.audit.desks.verifying import Verifying
from services.audit.domain.note import LogKey
from services.audit.opening import Opening
from services.audit.requests import LogRequests
from services.audit.telling import Teller
from shared.bus.messages import Outgoing
from shared.bus.requests import Request
from shared.bus.sealing import KeyRing, commit
from shared.bus.topics import ACCESS_EVENTS
from shared.clock.system import system_now
from shared.contracts.access import AccessDecided, AccessPersonal, Action, Outcome
from shared.contracts.agreements import Contact, MandateChanged, OrganisationChanged
from shared.contracts.answers import Answer, LogSearchPage, OwnLogPage
from shared.contracts.asking import Body, LogSearchQuery, LogVerificationQuery, OwnLogQuery
from shared.contracts.base import Channel, DataGroup, Purpose, Role, Validity
from shared.contracts.requests import Actor
from shared.directory.model import Directory
from shared.gate.facts import Limits
from shared.gate.mandates import KELA
from shared.ids import event_id, pseudonym
from tests.harness.agreed import agreed
from tests.integration.audit.world import KEY, PSEUDONYM_KEY, RING, Log

NOW: Final = datetime(2017, 1, 2, 10, 0, tzinfo=UTC)
CITIZEN, NEIGHBOUR, WORKER, AUDITOR = "010180-9015", "010180Y9026", "150616B903S", "290200A950Y"
ESPOO: Final = "0101263-6"
ALWAYS: Final = Validity(first=date(2010, 1, 1))
REASON: Final = "Tarkastus tehdyn ilmoituksen johdosta"
SECRET: Final = "Naapurin asia 310323F999K"
DIRECTORY: Final = Directory(
    [
        OrganisationChanged(
            business_id=ESPOO, version=1, kind="municipality", municipality="049", name_fi="Espoo", name_sv="Esbo"
        ),
        OrganisationChanged(business_id=KELA, version=1, kind="joint_authority", name_fi="Kela", name_sv="FPA"),
        agreed(
            id="A-049",
            party=ESPOO,
            validity=ALWAYS,
            members=(),
            contacts=(Contact(kind="log_supervisor", name="Valvoja Vilma", email="loki@espoo.example"),),
        ),
        MandateChanged(
            id="M-1",
            version=1,
            worker=pseudonym(PSEUDONYM_KEY, "worker", AUDITOR),
            organisation=KELA,
            member="091",
            roles=(Role.AUDITOR,),
            validity=ALWAYS,
        ),
    ]
)


def look(
    *,
    client: str | None = CITIZEN,
    time: datetime = NOW - timedelta(days=1),
    outcome: Outcome = Outcome.GRANTED,
    listed: tuple[str, ...] = (),
    reason: str | None = None,
    case_reference: str | None = None,
    organisation: str = ESPOO,
    ring: KeyRing = RING,
    **clear: object,
) -> Outgoing:
    """One look, told as lookup tells it; `clear` are further fields of its clear part."""
    request = uuid4()
    id_ = event_id("access", str(request))
    personal = AccessPersonal(
        salt=os.urandom(16).hex(),
        client=None if listed else client,
        worker=WORKER,
        worker_name="Katselija Kaisa",
        informed=True,
        clients=listed,
        reason=reason,
        case_reference=case_reference,
    )
    plaintext = personal.model_dump_json().encode()
    fields: dict[str, object] = {
        "channel": Channel.UI,
        "purpose": Purpose.CHARGE,
        "law": "L 812/2000 21 §",
        "member": "049",
        "agreement": "A-049",
        "worker": pseudonym(PSEUDONYM_KEY, "worker", WORKER),
        "action": Action.LIST if listed else Action.LOOK_UP,
        "persons": len(listed) or 1,
        "shown": {DataGroup.DECISIONS: 1, DataGroup.PAYMENTS: 0} if outcome is Outcome.GRANTED else {},
        **clear,
    }
    body = AccessDecided.model_validate(
        {
            "request": request,
            "time": time,
            "outcome": outcome,
            "service": "lookup",
            "organisation": organisation,
            "commitment": commit(plaintext),
            "personal": ring.seal("access", plaintext, id=id_, type=AccessDecided.ce_type),
            **fields,
        }
    )
    return Outgoing.of(ACCESS_EVENTS, "A-049", id_, body, source="lookup", time=time)


@dataclass
class Standing:
    """A business clock and ages that are what a test says."""

    at: datetime = NOW
    value: timedelta | None = timedelta(seconds=1)

    def now(self) -> datetime:
        return self.at

    def age(self, now: datetime) -> timedelta | None:
        assert now.tzinfo is not None
        return self.value


@dataclass
class Told:
    """Access events as they were published; `failure` is raised instead."""

    messages: list[Outgoing] = field(default_factory=list)
    failure: Exception | None = None

    async def publish(self, message: Outgoing) -> None:
        if self.failure is not None:
            raise self.failure
        self.messages.append(message)

    @property
    def events(self) -> list[AccessDecided]:
        return [AccessDecided.model_validate_json(message.body) for message in self.messages]

    def personal(self, number: int = -1) -> AccessPersonal:
        """What is sealed in an event."""
        message = self.messages[number]
        sealed = AccessDecided.model_validate_json(message.body).personal
        return AccessPersonal.model_validate_json(RING.open(sealed, id=message.id, type=message.type))


@dataclass
class Desks:
    """The log's requests, and what a test may bend."""

    log: Log
    clock: Standing = field(default_factory=Standing)
    audit: Standing = field(default_factory=Standing)
    told: Told = field(default_factory=Told)
    key: LogKey = KEY

    def __post_init__(self) -> None:
        asking = Asking(
            pseudonym_key=PSEUDONYM_KEY,
            clock=self.clock,
            now=system_now,
            directory=DIRECTORY,
            agreements=Standing().age,
            audit=self.audit.age,
            limits=Limits(artificial_codes=True),
        )
        engine, opening = self.log.engine, Opening(RING)
        self.requests = LogRequests(
            desks={
                OwnLogQuery: OwnLog(asking=asking, engine=engine, opening=opening, key=self.key),
                LogSearchQuery: Searching(asking=asking, engine=engine, opening=opening),
                LogVerificationQuery: Verifying(asking=asking, engine=engine, key=self.key),
            },
            teller=Teller(engine=engine, publisher=self.told, ring=RING),
            now=system_now,
            log=structlog.get_logger("test"),
        )

    async def own_log(self, person: str | None = CITIZEN, after: str | None = None) -> Answer:
        return await self.requests.answer(asked(OwnLogQuery(after=after), person))

    async def page(self, person: str = CITIZEN, after: str | None = None) -> OwnLogPage:
        answer = await self.own_log(person, after)
        assert isinstance(answer, OwnLogPage), answer
        return answer

    async def search(self, **fields: object) -> Answer:
        return await self.requests.answer(asked(searched(**fields), AUDITOR, KELA, (Role.AUDITOR,), Channel.UI))

    async def found(self, **fields: object) -> LogSearchPage:
        answer = await self.search(**fields)
        assert isinstance(answer, LogSearchPage), answer
        return answer


def searched(**fields: object) -> LogSearchQuery:
    """A search in order, and what a test says of its own."""
    usual: dict[str, object] = {"reason": REASON, "first": date(2016, 12, 1), "last": date(2017, 1, 31)}
    return LogSearchQuery.model_validate({**usual, **fields})


def asked(
    body: Body,
    person: str | None,
    organisation: str = KELA,
    roles: Sequence[Role] = (),
    channel: Channel = Channel.CITIZEN,
    *,
    request: UUID | None = None,
    deadline: timedelta = timedelta(seconds=10),
) -> Request:
    """A request as the query loop hands it over."""
    id_, now = request or uuid4(), system_now()
    actor = Actor(
        request=id_,
        expires=now + timedelta(minutes=1),
        identity_code=person,
        name="Kysyjä Kyösti",
        signed_in=now - timedelta(minutes=5),
        organisation=organisation,
        member=None if channel is Channel.CITIZEN else "091",
        roles=tuple(roles),
        channel=channel,
    )
    return Request(id_, NOW, now + deadline, actor, "fi", body, b"k" * 32, now)
