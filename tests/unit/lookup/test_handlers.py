"""Everything that the table of topics lists is taken in or passes by; nothing of it fills the quarantine."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid4

import pytest

from services.lookup import handlers
from services.lookup.app import REGISTER
from services.lookup.handlers import claims_handler, register_handler
from services.lookup.store.register import ClaimStored, RecordRow
from shared.bus.messages import Delivered, Record
from shared.bus.sealing import KeyRing
from shared.bus.topic import Topic
from shared.bus.topics import CLAIMS_EVENTS, TOPICS
from shared.bus.transaction import Refuse, Tx
from shared.contracts.base import Contract
from shared.contracts.claims import ClaimChanged, ClaimPersonal, ClaimRegistered, ClaimState
from shared.contracts.register import Kind, RegisterRecord
from tests.unit.lookup.samples import person

RING: Final = KeyRing({name: {"1": b"k" * 32} for name in ("register", "claims")})
TIME: Final = datetime(2016, 12, 30, 10, tzinfo=UTC)
HANDLED: Final = (*REGISTER, CLAIMS_EVENTS)
OTHERS: Final = {"lookup.requests", "agreements.events", "audit.freshness", "counts.asked"}
"""Other topics that it reads: what `answering` takes, what the shared replicas follow, what counts are asked by."""
PERSONAL: Final = {
    "salt": "ab" * 16,
    "client": "290200A950Y",
    "worker": None,
    "worker_name": "Testi",
    "benefit": "kansanelake",
    "ground": "totul_23",
    "first": "2017-01-01",
    "last": None,
    "amount": None,
    "effective_payday": None,
}


@dataclass
class Stored:
    """What the handlers wrote, in place of the database."""

    records: list[RecordRow] = field(default_factory=list)
    claims: list[ClaimStored] = field(default_factory=list)

    async def upsert_records(self, _: Tx, kind: Kind, rows: Sequence[RecordRow]) -> None:
        assert kind
        self.records.extend(rows)

    async def upsert_claims(self, _: Tx, rows: Sequence[ClaimStored]) -> None:
        self.claims.extend(rows)


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> Stored:
    stored = Stored()
    monkeypatch.setattr(handlers, "upsert_records", stored.upsert_records)
    monkeypatch.setattr(handlers, "upsert_claims", stored.upsert_claims)
    return stored


def body_of(payload: type[Contract], event: UUID) -> Contract:
    """A message of the type: complete where the handler opens it, and no more than its type where it passes by."""
    if payload is RegisterRecord:
        sealed = RING.seal("register", person().model_dump_json().encode(), id=event, type=payload.ce_type)
        return RegisterRecord(kind="person", id="H-1", version=1, client="v1." + "a" * 26, sealed=sealed)
    if payload in {ClaimRegistered, ClaimChanged}:
        plain = ClaimPersonal.model_validate(PERSONAL).model_dump_json().encode()
        fields = {
            "claim": uuid4(),
            "version": 2,
            "number": "MV-1",
            "client": "v1." + "a" * 26,
            "organisation": "0171450-7",
            "state": ClaimState.ACTIVE,
            "personal": RING.seal("claims", plain, id=event, type=payload.ce_type),
        }
        return payload.model_construct(None, **fields)  # type: ignore[arg-type]  # only what the handler reads
    return payload.model_construct()


def delivered(topic: Topic, payload: type[Contract]) -> Delivered[Contract]:
    event = uuid4()
    record = Record(topic.name, 0, 0, b"", b"", (), 0)
    return Delivered(event, payload.ce_type, TIME, body_of(payload, event), record, b"")


def handle(topic: Topic, *messages: Delivered[Contract]) -> None:
    handler = claims_handler(RING) if topic is CLAIMS_EVENTS else register_handler(RING)
    asyncio.run(handler(Tx(None), list(messages)))  # type: ignore[arg-type]  # nothing here reaches a database


def test_every_topic_that_lookup_reads_has_who_takes_it() -> None:
    assert {topic.name for topic in TOPICS if "lookup" in topic.consumers} == {t.name for t in HANDLED} | OTHERS


@pytest.mark.parametrize(
    ("topic", "payload"),
    [(topic, payload) for topic in HANDLED for payload in topic.payloads],
    ids=lambda one: one.name if isinstance(one, Topic) else one.__name__,
)
def test_every_type_that_the_table_lists_is_taken_or_passes_by(
    stored: Stored, topic: Topic, payload: type[Contract]
) -> None:
    handle(topic, delivered(topic, payload))

    assert len(stored.records) == (payload is RegisterRecord)
    assert [claim.row.state for claim in stored.claims] == ["active"] * (payload in {ClaimRegistered, ClaimChanged})


def test_what_the_table_does_not_list_is_refused(stored: Stored) -> None:
    for topic, stranger in ((CLAIMS_EVENTS, RegisterRecord), (REGISTER[0], ClaimChanged)):
        with pytest.raises(Refuse) as refused:
            handle(topic, delivered(topic, stranger))
        assert refused.value.code == "unknown_type"
    assert (stored.records, stored.claims) == ([], [])
