"""A request as a service opens it: who asks, and until when that is believed."""

import base64
import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.bus.actor import sign
from shared.bus.messages import Outgoing, Record, decode
from shared.bus.requests import Request, open_request
from shared.bus.sealing import KeyRing
from shared.bus.topics import LOOKUP_REQUESTS
from shared.contracts.asking import AnnotateLookUp
from shared.contracts.base import Channel, Role
from shared.contracts.requests import Actor, RequestEnvelope, SealedRequest

ID = UUID(int=7)
RING = KeyRing({"requests-lookup": {"1": os.urandom(32)}})
KEY = Ed25519PrivateKey.generate()
TAKEN = datetime(2016, 12, 31, 12, tzinfo=UTC)
EXPIRES = TAKEN + timedelta(seconds=30)
ACTOR = Actor(
    request=ID,
    expires=EXPIRES,
    identity_code="010180-9015",
    name="Maija Meikäläinen",
    signed_in=TAKEN - timedelta(hours=1),
    organisation="0246246-0",
    member="837",
    roles=(Role.VIEWER,),
    channel=Channel.UI,
)


def opened(*, signer: Ed25519PrivateKey = KEY) -> Request:
    """A command as it is opened that Kafka took at `TAKEN`."""
    inner = SealedRequest(
        actor=sign(ACTOR, signer),
        reply_key=base64.urlsafe_b64encode(b"r" * 32).decode().rstrip("="),
        body=AnnotateLookUp(idempotency_key="key-0001", access_event=ID, note="wrong_person"),
    )
    sealed = RING.seal("requests-lookup", inner.model_dump_json().encode(), id=ID, type=RequestEnvelope.ce_type)
    envelope = RequestEnvelope(id=ID, accepted=TAKEN, sealed=sealed)
    sent = Outgoing.of(LOOKUP_REQUESTS, "k", ID, envelope, source="gateway", time=TAKEN)
    headers = tuple((name, value.encode()) for name, value in sent.headers().items())
    record = Record(sent.topic, 0, 0, sent.key, sent.body, headers, int(TAKEN.timestamp() * 1000))
    return open_request(decode(record), RING, KEY.public_key())


def test_a_request_knows_when_kafka_took_it() -> None:
    assert opened().taken == TAKEN


def test_an_actor_is_believed_until_it_expires_and_no_longer() -> None:
    request = opened()

    assert request.actor_at(request.taken) == ACTOR
    assert request.actor_at(EXPIRES) == ACTOR
    assert request.actor_at(EXPIRES + timedelta(microseconds=1)) is None


def test_whom_the_gateway_did_not_sign_is_nobody_at_any_moment() -> None:
    assert opened(signer=Ed25519PrivateKey.generate()).actor_at(TAKEN) is None
