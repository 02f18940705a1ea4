from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.lookup.domain.access import (
    NOBODY,
    Attempt,
    Result,
    clear_part,
    continues,
    key_of,
    override_of,
    personal_part,
    repeats,
)
from shared.contracts.access import AccessDecided, Action, Outcome, OverrideUsed, Relation
from shared.contracts.base import Channel, DataGroup, Purpose, Role, Validity
from shared.contracts.requests import Actor
from shared.gate.rules import client_informed
from tests.harness.agreed import agreed

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


AGREEMENT = agreed(
    id="A-297",
    party="0171450-7",
    validity=Validity(first=date(2016, 1, 1)),
    purposes=(Purpose.CHARGE,),
    data_groups=tuple(DataGroup),
    members=(),
)
LOOKING = replace(attempt(), agreement=AGREEMENT)
DAY = date(2016, 12, 31)


def decided(
    tried: Attempt = LOOKING, outcome: Outcome = Outcome.GRANTED, relation: Relation = Relation.HOME
) -> AccessDecided:
    result = Result(outcome=outcome, relation=relation, emergency=relation is Relation.EMERGENCY)
    return clear_part(tried, result, commitment="0" * 64, personal="access.1.AAAA")


def test_given_a_stated_relation_then_its_words_are_in_the_personal_part_and_its_kind_in_the_clear() -> None:
    stated = replace(LOOKING, reason="Asiakas muutti", case_reference="ABC-1/2016")
    result = Result(outcome=Outcome.GRANTED, relation=Relation.STATED)

    personal = personal_part(stated, result, "ab" * 16)
    clear = clear_part(stated, result, commitment="0" * 64, personal="access.1.AAAA")

    assert (personal.reason, personal.case_reference) == ("Asiakas muutti", "ABC-1/2016")
    assert clear.relation is Relation.STATED
    assert "ABC-1" not in clear.model_dump_json()
    assert "muutti" not in clear.model_dump_json()


def test_given_an_override_then_the_log_supervisor_is_told_who_used_it_and_nothing_of_the_client() -> None:
    event = decided(relation=Relation.EMERGENCY)

    assert override_of(event, UUID(int=9)) == OverrideUsed(
        access_event=UUID(int=9), time=TIME, organisation="0171450-7", member="297", worker="v1." + "a" * 26
    )
    assert override_of(decided(), UUID(int=9)) is None


def test_given_the_same_worker_client_and_day_then_a_redisplay_continues_the_look_up() -> None:
    assert continues(decided(), LOOKING, DAY, Outcome.GRANTED)
    assert continues(decided(), LOOKING, DAY, Outcome.EMPTY)
    assert continues(decided(replace(LOOKING, action=Action.REDISPLAY)), LOOKING, DAY, Outcome.GRANTED)


def test_given_a_look_up_that_found_nothing_then_only_what_finds_nothing_continues_it() -> None:
    assert continues(decided(outcome=Outcome.EMPTY), LOOKING, DAY, Outcome.EMPTY)
    assert not continues(decided(outcome=Outcome.EMPTY), LOOKING, DAY, Outcome.GRANTED)


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.ABORTED, Outcome.FAILED])
def test_given_a_look_up_that_was_not_answered_then_nothing_continues_it(outcome: Outcome) -> None:
    assert not continues(decided(outcome=outcome), LOOKING, DAY, Outcome.GRANTED)


@pytest.mark.parametrize(
    "change",
    [
        {"worker": "v1." + "b" * 26},
        {"agreement": AGREEMENT.model_copy(update={"id": "A-174"})},
        {"actor": ACTOR.model_copy(update={"organisation": "1234567-1"})},
        {"actor": ACTOR.model_copy(update={"member": "174"})},
        {"actor": ACTOR.model_copy(update={"channel": Channel.INTERFACE})},
        {"actor": ACTOR.model_copy(update={"system": "kuopio-fees"})},
        {"purpose": Purpose.VERIFY},
        {"action": Action.LIST},
        {"time": TIME + timedelta(seconds=1)},
        {"time": TIME - timedelta(days=1)},
    ],
)
def test_given_anything_else_about_the_earlier_event_then_it_is_a_look_up_of_its_own(change: dict[str, Any]) -> None:
    assert not continues(decided(replace(LOOKING, **change)), LOOKING, DAY, Outcome.GRANTED)


def test_given_no_such_event_or_nobody_known_then_nothing_is_continued() -> None:
    assert not continues(None, LOOKING, DAY, Outcome.GRANTED)
    assert not continues(decided(), replace(LOOKING, worker=None), DAY, Outcome.GRANTED)
    assert not continues(decided(), replace(LOOKING, actor=None), DAY, Outcome.GRANTED)
    assert not continues(decided(), replace(LOOKING, agreement=None), DAY, Outcome.GRANTED)


def test_given_the_log_was_told_of_just_this_then_it_is_a_repeat() -> None:
    assert repeats(decided(), LOOKING)


@pytest.mark.parametrize(
    "change",
    [
        {"action": Action.NOTICES},
        {"actor": ACTOR.model_copy(update={"organisation": "1234567-1"})},
        {"actor": ACTOR.model_copy(update={"member": "174"})},
        {"actor": ACTOR.model_copy(update={"system": "kuopio-fees"})},
        {"worker": "v1." + "b" * 26},
        {"subject": "statistics"},
        {"of": UUID(int=8)},
    ],
)
def test_given_the_log_was_told_of_something_else_then_nothing_is_repeated(change: dict[str, Any]) -> None:
    assert not repeats(decided(replace(LOOKING, **change)), LOOKING)


@pytest.mark.parametrize("outcome", [one for one in Outcome if one is not Outcome.GRANTED])
def test_given_nothing_was_granted_then_nothing_is_repeated(outcome: Outcome) -> None:
    assert not repeats(decided(outcome=outcome), LOOKING)


def test_given_nothing_is_known_any_more_or_nobody_asks_then_nothing_is_repeated() -> None:
    assert not repeats(None, LOOKING)
    assert not repeats(decided(), replace(LOOKING, actor=None))
