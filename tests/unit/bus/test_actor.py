from datetime import UTC, datetime
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.bus.actor import ActorRefused, sign, verify
from shared.contracts.base import Channel, Role
from shared.contracts.requests import Actor

REQUEST = uuid4()
KEY = Ed25519PrivateKey.generate()
ACTOR = Actor(
    request=REQUEST,
    expires=datetime(2016, 12, 31, 12, tzinfo=UTC),
    identity_code="010180-9015",
    name="Maija Meikäläinen",
    signed_in=datetime(2016, 12, 31, 8, tzinfo=UTC),
    organisation="0246246-0",
    member="837",
    roles=(Role.VIEWER,),
    channel=Channel.UI,
)


def test_the_gateways_signature_makes_somebody() -> None:
    assert verify(sign(ACTOR, KEY), KEY.public_key(), request=REQUEST) == ACTOR


def test_an_actor_signed_for_another_request_is_nobody() -> None:
    with pytest.raises(ActorRefused):
        verify(sign(ACTOR, KEY), KEY.public_key(), request=uuid4())


def test_another_key_makes_nobody() -> None:
    with pytest.raises(ActorRefused):
        verify(sign(ACTOR, Ed25519PrivateKey.generate()), KEY.public_key(), request=REQUEST)


@pytest.mark.parametrize("token", ["", ".", "a.b", "a.b.c", "ä.ö", "eyJ9.AAAA"])
def test_garbage_makes_nobody(token: str) -> None:
    with pytest.raises(ActorRefused):
        verify(token, KEY.public_key(), request=REQUEST)


def test_roles_added_after_signing_make_nobody() -> None:
    _, signature = sign(ACTOR, KEY).split(".")
    payload, _ = sign(ACTOR.model_copy(update={"roles": tuple(Role)}), Ed25519PrivateKey.generate()).split(".")
    with pytest.raises(ActorRefused):
        verify(f"{payload}.{signature}", KEY.public_key(), request=REQUEST)
