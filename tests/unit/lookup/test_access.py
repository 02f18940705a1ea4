from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.lookup.domain.access import NOBODY, Attempt, Result, clear_part, key_of, personal_part
from shared.contracts.access import Outcome
from shared.contracts.base import Channel, DataGroup, Purpose, Role
from shared.contracts.requests import Actor
from shared.gate.rules import client_informed

TIME = datetime(2016, 12, 31, 21, 59, 59, tzinfo=UTC)
CODE = "010180-9015"
ACTOR = Actor(
    request=UUID(int=7),
    expires=TIME + timedelta(minutes=1),
    identity_code="010180Y9026",
    name="Testi Työntekijä",
    signed_in=TIME,
    organisation="0171450-7",
    member="297",
    roles=(Role.FEE_CLERK,),
    channel=Channel.UI,
)


def attempt(actor: Actor | None = ACTOR) -> Attempt:
    return Attempt(
        request=UUID(int=7),
        time=TIME,
        actor=actor,
        worker="v1." + "a" * 26 if actor else None,
        agreement=None,
        purpose=Purpose.CHARGE,
        informed=True,
        client=CODE,
    )


def test_given_a_granted_look_up_then_the_clear_part_tells_all_but_the_persons() -> None:
    result = Result(outcome=Outcome.GRANTED, shown={DataGroup.PAYMENTS: 2}, records=("payments:P-1", "payments:P-2"))

    clear = clear_part(attempt(), result, commitment="0" * 64, personal="access.1.AAAA")

    assert (clear.request, clear.time, clear.outcome) == (UUID(int=7), TIME, Outcome.GRANTED)
    assert (clear.organisation, clear.member, clear.channel) == ("0171450-7", "297", Channel.UI)
    assert clear.shown == {DataGroup.PAYMENTS: 2}
    text = clear.model_dump_json()
    assert CODE not in text
    assert "010180Y9026" not in text
    assert "Työntekijä" not in text
    assert "P-1" not in text


def test_given_a_refusal_then_the_rule_and_its_law_are_told() -> None:
    result = Result(outcome=Outcome.REFUSED, refusal=client_informed.REFUSAL)

    clear = clear_part(attempt(), result, commitment="0" * 64, personal="access.1.AAAA")

    assert (clear.rule, clear.law) == ("client_informed", client_informed.LAW)


def test_given_the_personal_part_then_its_bytes_begin_with_the_salt() -> None:
    personal = personal_part(attempt(), Result(outcome=Outcome.EMPTY, records=("r",)), "ab" * 16)

    assert personal.model_dump_json().startswith('{"salt":"' + "ab" * 16)
    assert (personal.client, personal.worker, personal.records) == (CODE, "010180Y9026", ("r",))
    assert personal.informed


def test_given_an_unverified_actor_then_nobody_is_named_and_the_event_still_has_a_key() -> None:
    unverified = attempt(None)

    clear = clear_part(unverified, Result(outcome=Outcome.REFUSED), commitment="0" * 64, personal="access.1.AAAA")

    assert (clear.organisation, clear.worker) == (None, None)
    assert key_of(unverified) == NOBODY
    assert key_of(attempt()) == "0171450-7"
