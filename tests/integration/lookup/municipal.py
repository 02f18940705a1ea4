"""Municipal workers before the desks of lists, notices and remarks: two municipalities, their records and requests."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final
from uuid import UUID

from services.lookup.answering import Answering
from services.lookup.app import desks_of, expired
from services.lookup.desks.people import People
from shared.bus.messages import Outgoing
from shared.bus.requests import Request
from shared.bus.topics import REGISTER_NOTICES, REGISTER_PAYMENTS, REGISTER_PERSONS
from shared.clock.system import system_now
from shared.contracts.agreements import AgreementChanged, InterfaceClient
from shared.contracts.answers import Answer, NoticePage
from shared.contracts.asking import Body, NoticeCommand, NoticeQuery, NoticesQuery, PersonQuery
from shared.contracts.base import Channel, Contract, Purpose, Role
from shared.contracts.register import Kind, Link, Notice, Payment, Person, RegisterRecord
from shared.finnish.identity_code import IdentityCode
from shared.ids import event_id, pseudonym
from tests.integration.lookup.desk import Desk, desk
from tests.integration.lookup.samples import ORGANISATION, PSEUDONYM_KEY, RING
from tests.integration.lookup.surroundings import (
    AGREEMENT,
    MANDATE,
    ORGANISED,
    SINCE_2016,
    SURROUNDINGS,
    WORKER_CODE,
    asked,
)

SUMMER_2019: Final = datetime(2019, 7, 15, 9, tzinfo=UTC)
AUTUMN_2020: Final = datetime(2020, 9, 28, 9, tzinfo=UTC)
"""Notices are moved from 26.9.2020 on."""
COLLEAGUE_CODE: Final = "010180Y9026"
SYSTEM: Final = "asiakastieto"
"""The municipality's own system."""
HELSINKI: Final = "0201256-6"
TOPICS: Final = {"person": REGISTER_PERSONS, "payment": REGISTER_PAYMENTS, "notice": REGISTER_NOTICES}
ROLES: Final = (Role.LABOUR_MARKET_HANDLER, Role.NOTICE_HANDLER, Role.FEE_CLERK, Role.PROTECTED_DATA_HANDLER)
PURPOSES: Final = (Purpose.CHARGE, Purpose.VERIFY, Purpose.TMT_LIST, Purpose.INVOICE_LIST, Purpose.ETOTU)


def worker_of(code: str) -> str:
    return pseudonym(PSEUDONYM_KEY, "worker", code)


DIRECTORY: Final[tuple[Contract, ...]] = (
    AGREEMENT.model_copy(
        update={
            "version": 2,
            "purposes": PURPOSES,
            "channels": tuple(Channel),
            "interface_clients": (InterfaceClient(id=SYSTEM, roles=ROLES, validity=SINCE_2016),),
        }
    ),
    MANDATE.model_copy(update={"version": 2, "roles": ROLES}),
    MANDATE.model_copy(update={"id": "M-3", "worker": worker_of(COLLEAGUE_CODE), "roles": ROLES}),
    ORGANISED.model_copy(
        update={"business_id": HELSINKI, "municipality": "091", "name_fi": "Helsinki", "name_sv": "Helsingfors"}
    ),
    AGREEMENT.model_copy(
        update={
            "id": "A-091",
            "party": HELSINKI,
            "purposes": PURPOSES,
            "members": (AGREEMENT.members[0].model_copy(update={"municipality": "091"}),),
        }
    ),
    MANDATE.model_copy(update={"id": "M-4", "organisation": HELSINKI, "member": "091", "roles": ROLES}),
)


def client_code(number: int) -> str:
    """An artificial person born on a day of the 1980s."""
    return IdentityCode.artificial(date(1980 + number // 99, 5, 17), 900 + number % 99).reveal()


def client(number: int) -> str:
    return pseudonym(PSEUDONYM_KEY, "client", client_code(number))


def sent(
    kind: Kind, id_: str, content: Contract, *, of: int = 0, version: int = 1, withdrawn: bool = False
) -> Outgoing:
    """A register record of 2019 as upstream publishes it."""
    event, plain = event_id("register", kind, id_, str(version)), content.model_dump_json().encode()
    sealed = RING.seal("register", plain, id=event, type=RegisterRecord.ce_type)
    body = RegisterRecord(kind=kind, id=id_, version=version, client=client(of), sealed=sealed, withdrawn=withdrawn)
    return Outgoing.of(TOPICS[kind], client(of), event, body, source="upstream", time=SUMMER_2019)


def inhabitant(
    number: int, *, municipality: str = "297", protected: bool = False, parent: str | None = None
) -> Outgoing:
    """A person record; `parent` is the identity code of the person's parent."""
    links = () if parent is None else (Link(kind="parent", client=pseudonym(PSEUDONYM_KEY, "client", parent)),)
    person = Person(
        identity_code=client_code(number),
        last_name=f"Ääkkönen{number:03}",
        first_names="Aada",
        municipality=municipality,
        language="fi",
        safety_prohibition=protected,
        links=links,
    )
    return sent("person", f"I-{number}", person, of=number, version=1 if parent is None else 2)


def support(
    id_: str,
    number: int,
    first: date,
    last: date,
    *,
    payday: date | None = None,
    gross: str = "325.00",
    withdrawn: bool = False,
) -> Outgoing:
    """A payment of labour market support."""
    payment = Payment(
        decision=f"D-{number}",
        benefit="tyomarkkinatuki",
        payday=payday or last,
        first=first,
        last=last,
        gross=Decimal(gross),
        withheld=Decimal("0.00"),
        net=Decimal(gross),
        paid_to="client",
    )
    return sent("payment", id_, payment, of=number, withdrawn=withdrawn)


def told(id_: str, *, of: int = 1, version: int = 1, withdrawn: bool = False, **fields: object) -> Outgoing:
    """A notice as Kela sends it."""
    plain = {"type": "contact", "municipality": "297", "created": datetime(2019, 7, 15, 6, tzinfo=UTC), **fields}
    return sent("notice", id_, Notice.model_validate(plain), of=of, version=version, withdrawn=withdrawn)


def applied(
    id_: str, *, created: date = date(2019, 7, 15), decided: date = date(2019, 7, 1), urgent: bool = False
) -> Outgoing:
    """An application for supplementary assistance, made in the morning, that Kela passes on."""
    made = datetime(created.year, created.month, created.day, 6, tzinfo=UTC)
    return told(id_, type="supplementary_assistance", created=made, decided=decided, application=True, urgent=urgent)


@dataclass
class Office:
    """A lookup with all desks, and what workers ask of it."""

    desk: Desk
    answering: Answering

    def agreed(self, **terms: object) -> Answering:
        """The same lookup, whose agreements have other terms."""
        records = (*SURROUNDINGS, *DIRECTORY)
        other = [one.model_copy(update=terms) if isinstance(one, AgreementChanged) else one for one in records]
        return self.desk.knowing(*other)

    async def begin(self) -> None:
        await self.desk.begin()
        self.desk.clock.at = SUMMER_2019

    def request(
        self,
        body: Body,
        *,
        worker: str = WORKER_CODE,
        member: str = "297",
        roles: Sequence[Role] = (Role.LABOUR_MARKET_HANDLER, Role.NOTICE_HANDLER, Role.FEE_CLERK),
        request: UUID | None = None,
    ) -> Request:
        organisation = HELSINKI if member == "091" else ORGANISATION
        made = asked(worker=worker, member=member, organisation=organisation, roles=roles, request=request)
        return replace(made, body=body)

    async def ask(self, body: Body, *, worker: str = WORKER_CODE, member: str = "297") -> Answer:
        return await self.answering.answer(self.request(body, worker=worker, member=member))

    async def scalar(self, sql: str) -> object:
        return await self.desk.rig.scalar(sql)


def over_the_interface(request: Request) -> Request:
    """The same request, sent by the municipality's own system for its user."""
    assert request.actor is not None
    by_system = {"identity_code": None, "channel": Channel.INTERFACE, "system": SYSTEM}
    return replace(request, actor=request.actor.model_copy(update=by_system))


def listed(**fields: object) -> NoticesQuery:
    return NoticesQuery.model_validate({"purpose": Purpose.ETOTU, **fields})


def opening(notice: str) -> NoticeQuery:
    return NoticeQuery(purpose=Purpose.ETOTU, notice=notice)


def command(
    action: str, notice: str = "N-1", *, version: int = 1, key: str = "key-0001", **more: object
) -> NoticeCommand:
    fields = {"idempotency_key": key, "purpose": Purpose.ETOTU, "notice": notice, "version": version, "action": action}
    return NoticeCommand.model_validate({**fields, **more})


@asynccontextmanager
async def office(kafka: str, database: str, folder: Path) -> AsyncIterator[Office]:
    """A lookup on real Kafka and PostgreSQL with every desk of `app.py`."""
    async with desk(kafka, database, folder) as ready:
        people = ready.look_ups.desks[PersonQuery]
        assert isinstance(people, People)
        for record in DIRECTORY:
            assert people.asking.directory.apply(record)
        desks = desks_of(people.asking, ready.rig.engine, ready.look_ups.teller)
        answering = replace(ready.look_ups, desks=desks, expired=lambda request: expired(request, system_now()))
        yield Office(ready, answering)


async def page(at: Office, query: NoticesQuery | None = None, *, member: str = "297") -> NoticePage:
    answer = await at.ask(query or listed(), member=member)
    assert isinstance(answer, NoticePage)
    return answer


async def ids(at: Office, query: NoticesQuery | None = None, *, member: str = "297") -> list[str]:
    return [row.notice for row in (await page(at, query, member=member)).rows]
