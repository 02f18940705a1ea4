"""Sealed register records and claims as the upstream and claims services publish them."""

import os
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from shared.bus.messages import Outgoing
from shared.bus.sealing import KeyRing, commit
from shared.bus.topics import (
    CLAIMS_EVENTS,
    REGISTER_APPLICATIONS,
    REGISTER_DECISIONS,
    REGISTER_NOTICES,
    REGISTER_PAYMENTS,
    REGISTER_PERSONS,
    REGISTER_STATUS,
)
from shared.contracts.base import Channel, Contract
from shared.contracts.claims import ClaimChanged, ClaimPersonal, ClaimRegistered, ClaimState, Ground, PaymentAllocated
from shared.contracts.register import (
    Application,
    Decision,
    Insurance,
    Kind,
    Link,
    Medicine,
    Notice,
    Payment,
    Person,
    Recovery,
    RegisterRecord,
)
from shared.ids import event_id, pseudonym

TIME: Final = datetime(2016, 12, 30, 10, tzinfo=UTC)
PSEUDONYM_KEY: Final = b"k" * 32
RING: Final = KeyRing({name: {"1": os.urandom(32)} for name in ("register", "claims", "access", "requests-lookup")})
ORGANISATION: Final = "0171450-7"
CLIENT_CODE: Final = "290200A950Y"
CLIENT: Final = pseudonym(PSEUDONYM_KEY, "client", CLIENT_CODE)
TOPICS: Final = {
    "person": REGISTER_PERSONS,
    "application": REGISTER_APPLICATIONS,
    "decision": REGISTER_DECISIONS,
    "payment": REGISTER_PAYMENTS,
    "insurance": REGISTER_STATUS,
    "recovery": REGISTER_STATUS,
    "medicine": REGISTER_STATUS,
    "notice": REGISTER_NOTICES,
}


def record(
    kind: Kind,
    id_: str,
    content: Contract | bytes,
    *,
    version: int = 1,
    client: str = CLIENT,
    withdrawn: bool = False,
) -> Outgoing:
    """One version of one register record, sealed."""
    event = event_id("register", kind, id_, str(version))
    plain = content if isinstance(content, bytes) else content.model_dump_json().encode()
    sealed = RING.seal("register", plain, id=event, type=RegisterRecord.ce_type)
    body = RegisterRecord(kind=kind, id=id_, version=version, client=client, sealed=sealed, withdrawn=withdrawn)
    return Outgoing.of(TOPICS[kind], client, event, body, source="upstream", time=TIME)


def person(
    *, name: str = "Ääkkönen", hidden: bool = False, municipality: str = "297", links: tuple[Link, ...] = ()
) -> Person:
    return Person(
        identity_code=CLIENT_CODE,
        last_name=name,
        first_names="Aada",
        municipality=municipality,
        language="fi",
        safety_prohibition=hidden,
        links=links,
    )


def application(received: date = date(2016, 12, 1)) -> Application:
    return Application(benefit="yleinen_asumistuki", received=received, stage="in_process")


def decision() -> Decision:
    return Decision(
        application="A-0",
        benefit="kansanelake",
        decided=date(2016, 1, 15),
        result="granted",
        first=date(2016, 1, 1),
        amount=Decimal("620.00"),
        payee=CLIENT,
    )


def payment(payday: date = date(2016, 12, 7), *, gross: str = "620.00") -> Payment:
    return Payment(
        decision="D-1",
        benefit="kansanelake",
        payday=payday,
        first=payday.replace(day=1),
        last=payday,
        gross=Decimal(gross),
        withheld=Decimal("20.00"),
        net=Decimal(gross) - Decimal("20.00"),
        paid_to="client",
    )


def insurance() -> Insurance:
    return Insurance(covered=True, first=date(2000, 2, 29))


def recovery() -> Recovery:
    return Recovery(
        benefit="kansanelake", decided=date(2016, 3, 1), total=Decimal("900.00"), remaining=Decimal("100.00")
    )


def medicine() -> Medicine:
    return Medicine(year=2016, ceiling=Decimal("610.37"), used=Decimal("80.00"))


def notice(municipality: str = "297") -> Notice:
    return Notice(type="contact", municipality=municipality, created=datetime(2017, 1, 2, 7, tzinfo=UTC))


def claim(n: int, *, organisation: str = ORGANISATION, version: int = 1, client: str = CLIENT) -> Outgoing:
    """A registered claim, sealed."""
    event = event_id("claim-registered", str(n), str(version))
    personal = ClaimPersonal(
        salt="ab" * 16,
        client=CLIENT_CODE,
        worker="010180-9015",
        worker_name="Testi Työntekijä",
        benefit="kansanelake",
        ground=Ground.AML_14,
        first=date(2017, 1, 1),
        last=None,
        amount=None,
        effective_payday=date(2017, 1, 5),
    )
    plain = personal.model_dump_json().encode()
    body = ClaimRegistered(
        claim=UUID(int=n),
        number=f"MV-{n}-{version}",
        version=version,
        time=TIME,
        state=ClaimState.REGISTERED,
        channel=Channel.UI,
        organisation=organisation,
        member="297",
        agreement="A-297",
        worker="v1." + "a" * 26,
        client=client,
        commitment=commit(plain),
        personal=RING.seal("claims", plain, id=event, type=ClaimRegistered.ce_type),
    )
    return Outgoing.of(CLAIMS_EVENTS, client, event, body, source="claims", time=TIME)


def changed_claim(n: int, version: int, state: ClaimState, *, organisation: str = ORGANISATION) -> Outgoing:
    """The same claim after an act, sealed; `organisation` may be another body by then."""
    before = ClaimRegistered.model_validate_json(claim(n).body)
    event = event_id("claim-changed", str(n), str(version))
    plain = RING.open(before.personal, id=event_id("claim-registered", str(n), "1"), type=ClaimRegistered.ce_type)
    body = ClaimChanged(
        claim=before.claim,
        number=before.number,
        version=version,
        time=TIME,
        act="hear",
        by="handler",
        state=state,
        organisation=organisation,
        member=before.member,
        agreement=before.agreement,
        client=before.client,
        commitment=commit(plain),
        personal=RING.seal("claims", plain, id=event, type=ClaimChanged.ce_type),
    )
    return Outgoing.of(CLAIMS_EVENTS, before.client, event, body, source="claims", time=TIME)


def allocated(n: int) -> Outgoing:
    """How a payment was shared out: of no concern to look-ups."""
    event = event_id("payment-allocated", str(n))
    body = PaymentAllocated(
        payment=f"P-{n}",
        payment_version=1,
        entry=1,
        time=TIME,
        why="payment",
        organisations=(),
        client=CLIENT,
        commitment=commit(b""),
        personal=RING.seal("claims", b"{}", id=event, type=PaymentAllocated.ce_type),
    )
    return Outgoing.of(CLAIMS_EVENTS, CLIENT, event, body, source="claims", time=TIME)
