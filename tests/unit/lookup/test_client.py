from datetime import date

import pytest

from services.lookup.domain.client import client_of
from services.lookup.domain.found import Found
from shared.contracts.claims import ClaimState
from shared.gate.facts import Client
from tests.unit.lookup.samples import CODE, claim, person

DAY = date(2016, 12, 31)
CLOSED = {
    ClaimState.DRAFT,
    ClaimState.REJECTED,
    ClaimState.ENDED,
    ClaimState.WITHDRAWN,
    ClaimState.EXPIRED,
}


def test_given_a_person_then_the_rules_know_what_the_register_says() -> None:
    found = Found(person=person(died=DAY, minor_forbids=True), notice=True, kinship=(("parent", "sibling"),))

    assert client_of(found, CODE, DAY, own=False) == Client(
        known=True,
        born=date(2000, 2, 29),
        died=DAY,
        municipality="297",
        minor_forbids=True,
        kinship="aunt_or_uncle",
        own_claim=False,
        notice=True,
    )


def test_given_nothing_then_the_client_is_not_known_and_nothing_relates_to_anybody() -> None:
    assert client_of(Found(), CODE, DAY, own=False) == Client(known=False, born=date(2000, 2, 29))


def test_given_the_workers_own_code_then_they_are_the_client_whatever_the_register_links() -> None:
    assert client_of(Found(), CODE, DAY, own=True).kinship == "self"
    assert client_of(Found(kinship=(("sibling",),)), CODE, DAY, own=True).kinship == "self"


@pytest.mark.parametrize(
    ("municipality", "day", "home"),
    [
        ("174", date(2016, 12, 31), "174"),
        ("174", date(2017, 1, 1), "297"),
        ("297", date(2017, 1, 1), "297"),
        ("999", date(2017, 1, 1), "999"),
    ],
)
def test_g8_whoever_is_still_registered_in_a_merged_municipality_lives_in_its_successor(
    municipality: str, day: date, home: str
) -> None:
    found = Found(person=person().model_copy(update={"municipality": municipality}))

    assert client_of(found, CODE, day, own=False).municipality == home


def test_given_a_safety_prohibition_then_the_rules_know() -> None:
    found = Found(person=person().model_copy(update={"safety_prohibition": True}))

    assert client_of(found, CODE, DAY, own=False).protected


@pytest.mark.parametrize(
    ("last", "state", "relates"),
    [
        (None, "registered", True),
        (DAY, "registered", True),
        (date(2016, 12, 30), "registered", False),
        (None, "a_state_of_later", False),
        *((None, state.value, state not in CLOSED) for state in ClaimState),
    ],
)
def test_given_an_own_claim_then_it_relates_while_it_is_in_force(
    last: date | None, state: str, *, relates: bool
) -> None:
    found = Found(claims=(claim("K-1", date(2016, 1, 1), last=last, state=state),))

    assert client_of(found, CODE, DAY, own=False).own_claim == relates


def test_given_a_code_that_is_none_then_there_is_no_client() -> None:
    with pytest.raises(ValueError, match="not well formed"):
        client_of(Found(), "290200A950X", DAY, own=False)
