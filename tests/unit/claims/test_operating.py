"""What the log is told of an operator's look: who and why sealed, which command and how many claims in clear."""

import os
from datetime import UTC, datetime
from uuid import UUID

from services.claims.operating import Operator, Shown, accessed
from shared.bus.sealing import KeyRing
from shared.contracts.access import AccessDecided, AccessPersonal, Outcome

AT = datetime(2017, 1, 5, 10, tzinfo=UTC)
RING = KeyRing({"access": {"1": os.urandom(32)}})
OSSI = Operator("Ossi Operaattori", "Asiakkaan selvityspyyntö")
CLIENT = "290200A950Y"


def test_an_operators_look_is_an_access_event_with_name_reason_and_client_sealed() -> None:
    event = accessed(RING, OSSI, Shown("show", (UUID(int=1),), "0171450-7", CLIENT), AT)
    body = AccessDecided.model_validate_json(event.body)
    assert (body.outcome, body.persons, body.subject) == (Outcome.GRANTED, 1, "command line: claims show")
    for secret in (OSSI.name, OSSI.reason, CLIENT):
        assert secret not in event.body.decode()
    plain = RING.open(body.personal, id=event.id, type=AccessDecided.ce_type)
    told = AccessPersonal.model_validate_json(plain)
    assert (told.worker_name, told.reason, told.client) == (OSSI.name, OSSI.reason, CLIENT)
    assert told.records == (str(UUID(int=1)),)


def test_a_look_that_shows_nothing_is_an_event_too_and_no_two_looks_are_one() -> None:
    one, other = (accessed(RING, OSSI, Shown("list", ()), AT) for _ in range(2))
    assert AccessDecided.model_validate_json(one.body).outcome is Outcome.EMPTY
    assert one.id != other.id
