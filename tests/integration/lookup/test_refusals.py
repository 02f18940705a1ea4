"""Every refusal of a look-up: explained to the worker, in the log before the answer, and nothing of anybody in it."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.lookup.store import register
from shared.contracts.access import Outcome
from shared.contracts.answers import Refused
from shared.contracts.base import Channel, Purpose, Role, Validity
from shared.contracts.register import Link
from shared.ids import pseudonym
from tests.integration.lookup.desk import Desk, opened
from tests.integration.lookup.samples import CLIENT, PSEUDONYM_KEY, person, record
from tests.integration.lookup.surroundings import AGREEMENT, MANDATE, NOW, ORGANISED, WORKER_CODE, asked

REFUSALS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("actor_verified", {"verified": False}),
    ("bound_to_person", {"worker": None}),
    ("session_age", {"signed_in_for": timedelta(hours=9)}),
    ("organisation_known", {"organisation": "7654321-0"}),
    ("municipality_exists", {"member": None}),
    ("municipality_exists", {"member": "999"}),
    ("bound_to_person", {"channel": Channel.INTERFACE}),
    ("mandate_of_municipality", {"member": "091"}),
    ("role_covers_function", {"roles": (Role.MAIN_USER,)}),
    ("role_covers_function", {"roles": (Role.VIEWER,)}),
    ("purpose_chosen", {"purpose": None}),
    ("purpose_fits_function", {"purpose": Purpose.ETOTU}),
    ("purpose_covered", {"purpose": Purpose.CLAIM}),
    ("purpose_of_role", {"roles": (Role.EMERGENCY_WORKER,)}),
    ("emergency_override", {"emergency": {"reason": "hätä", "began": NOW}}),
    ("client_informed", {"informed": False}),
    ("identity_code_valid", {"code": "290200A950X"}),
    ("identity_code_valid", {"code": "1234567-8"}),
)


@pytest.mark.parametrize(("rule", "changes"), REFUSALS)
async def test_invariant_6_each_refusal_is_explained_logged_and_shows_nothing(
    lookup: Desk, monkeypatch: pytest.MonkeyPatch, rule: str, changes: dict[str, Any]
) -> None:
    async def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("a refused look-up reads nothing")

    monkeypatch.setattr(register, "read_client", forbidden)

    answer = await lookup.look_ups.answer(asked(**changes))

    await assert_refused(lookup, answer, rule)


AGREEMENTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("agreement_valid", {"validity": Validity(first=NOW.date() + timedelta(days=1))}),
    ("agreement_valid", {"validity": Validity(first=NOW.date(), last=NOW.date() - timedelta(days=1))}),
    ("agreement_not_terminated", {"status": "terminated"}),
    ("agreement_not_suspended", {"status": "suspended"}),
    ("law_section", {"law": " "}),
    ("security_statement", {"security_statement": False}),
    ("channel_covered", {"channels": (Channel.INTERFACE,)}),
    ("data_group_covered", {"data_groups": ()}),
)


@pytest.mark.parametrize(("rule", "changes"), AGREEMENTS)
async def test_invariant_6_each_flaw_of_the_agreement_refuses(lookup: Desk, rule: str, changes: dict[str, Any]) -> None:
    flawed = AGREEMENT.model_copy(update=changes)
    look_ups = lookup.knowing(ORGANISED, flawed, MANDATE)

    await assert_refused(lookup, await look_ups.answer(asked()), rule)


async def test_invariant_6_without_an_agreement_or_a_mandate_it_is_refused(lookup: Desk) -> None:
    no_agreement, no_mandate = lookup.knowing(ORGANISED, MANDATE), lookup.knowing(ORGANISED, AGREEMENT)

    for look_ups, rule in ((no_agreement, "agreement_exists"), (no_mandate, "mandate_of_worker")):
        answer = await look_ups.answer(asked())
        assert isinstance(answer, Refused)
        assert answer.refusal.rule == rule


@pytest.mark.parametrize("age", [None, timedelta(seconds=61), timedelta(days=1)])
async def test_invariant_1_when_audit_is_not_fresh_nothing_is_shown(lookup: Desk, age: timedelta | None) -> None:
    lookup.audit.value = age

    await assert_refused(lookup, await lookup.look_ups.answer(asked()), "audit_fresh")


@pytest.mark.parametrize("age", [None, timedelta(seconds=61)])
async def test_invariant_6_when_agreements_are_silent_nothing_is_shown(lookup: Desk, age: timedelta | None) -> None:
    lookup.agreements.value = age

    await assert_refused(lookup, await lookup.look_ups.answer(asked()), "agreements_fresh")


async def test_invariant_6_a_relative_of_the_worker_is_refused(lookup: Desk) -> None:
    """The client's parent is the worker's sibling."""
    worker, parent = pseudonym(PSEUDONYM_KEY, "client", WORKER_CODE), "v1." + "p" * 26
    niece = person().model_copy(update={"links": (Link(kind="parent", client=parent),)})
    aunt = person().model_copy(update={"identity_code": WORKER_CODE, "links": (Link(kind="sibling", client=parent),)})
    await lookup.fill(record("person", "H-1", niece, version=2), record("person", "H-2", aunt, client=worker))

    answer = await lookup.look_ups.answer(asked())

    await assert_refused(lookup, answer, "not_of_relative")
    assert_names_nobody(answer)


async def test_invariant_6_the_workers_own_code_is_refused_whether_the_register_knows_it_or_not(lookup: Desk) -> None:
    answer = await lookup.look_ups.answer(asked(code=WORKER_CODE))

    await assert_refused(lookup, answer, "not_own_code")


async def test_invariant_6_somebody_deceased_for_more_than_a_year_is_refused(lookup: Desk) -> None:
    dead = person().model_copy(update={"died": date(2015, 12, 1)})
    await lookup.fill(record("person", "H-1", dead, version=2))

    answer = await lookup.look_ups.answer(asked())

    await assert_refused(lookup, answer, "deceased")
    assert_names_nobody(answer)


async def test_invariant_6_a_minor_who_forbade_it_is_refused_for_a_charge(lookup: Desk) -> None:
    minor = person().model_copy(update={"identity_code": "150616B903S", "minor_forbids": True})
    client = pseudonym(PSEUDONYM_KEY, "client", "150616B903S")
    await lookup.fill(record("person", "H-3", minor, client=client))
    lookup.clock.at = NOW + timedelta(days=365)

    await assert_refused(lookup, await lookup.look_ups.answer(asked(code="150616B903S")), "minors_right")


async def test_invariant_6_without_a_relation_known_and_unknown_persons_are_refused_in_the_same_words(
    lookup: Desk,
) -> None:
    elsewhere = person(municipality="091")
    code = "150616B903S"
    await lookup.fill(record("person", "H-3", elsewhere, client=pseudonym(PSEUDONYM_KEY, "client", code)))

    known = await lookup.look_ups.answer(asked(code=code))
    unknown = await lookup.look_ups.answer(asked(code="010180Y9026"))

    assert isinstance(known, Refused)
    assert isinstance(unknown, Refused)
    assert known.refusal == unknown.refusal
    assert known.refusal.rule == "client_relation"
    first, second = await lookup.events()
    hidden = {"request", "commitment", "personal"}
    assert first.body.model_dump(exclude=hidden) == second.body.model_dump(exclude=hidden)


def assert_names_nobody(answer: object) -> None:
    """Nothing of the client stands in the refusal."""
    assert isinstance(answer, Refused)
    told = answer.model_dump_json()
    assert not [word for word in ("kkönen", "Aada", CLIENT, "290200A950Y") if word in told]


async def assert_refused(lookup: Desk, answer: object, rule: str) -> None:
    """The answer refuses by the rule with advice, and exactly that stands in the log."""
    assert isinstance(answer, Refused)
    assert answer.refusal.rule == rule
    assert all((answer.refusal.advice.fi, answer.refusal.advice.sv, answer.refusal.advice.en))
    event = await lookup.only_event()
    assert answer.event == event.id
    assert (event.body.outcome, event.body.rule, event.body.law) == (Outcome.REFUSED, rule, answer.refusal.law)
    assert event.body.shown == {}
    assert opened(event).records == ()
