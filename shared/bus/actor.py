"""Who asks: signed by the gateway for one request and a short time.

Writing to a request topic is not enough to be somebody: a service believes an actor only with the gateway's
signature over exactly this request's id and an expiry on the system clock.
"""

import base64
from binascii import Error as Base64Error
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import ValidationError

from shared.contracts.requests import Actor

_PREFIX: Final = b"kelmu actor v1\n"


class ActorRefused(Exception):
    """The actor is forged or was signed for another request."""


def sign(actor: Actor, key: Ed25519PrivateKey) -> str:
    """An actor as a token: base64url of its JSON, a dot, base64url of the signature."""
    payload = actor.model_dump_json().encode()
    signature = key.sign(_PREFIX + payload)
    return f"{base64.urlsafe_b64encode(payload).decode()}.{base64.urlsafe_b64encode(signature).decode()}"


def verify(token: str, key: Ed25519PublicKey, *, request: UUID) -> Actor:
    """The actor, if the gateway signed it for this request.

    Whether it has expired is the reader's to judge: a query past its time is logged as aborted, with its actor;
    a command does not expire once accepted.

    Raises:
        ActorRefused: saying which of these failed.
    """
    try:
        payload, signature = (base64.urlsafe_b64decode(part) for part in token.split("."))
        key.verify(signature, _PREFIX + payload)
        actor = Actor.model_validate_json(payload)
    except (InvalidSignature, Base64Error, ValidationError, ValueError) as error:
        raise ActorRefused("the actor is not signed by the gateway") from error
    if actor.request != request:
        raise ActorRefused("the actor was signed for another request")
    return actor
