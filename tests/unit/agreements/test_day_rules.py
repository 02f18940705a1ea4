"""Which days a record may name, and when an account's state may begin."""

from datetime import date

import pytest

from services.agreements.domain.plain import plain, texts
from services.agreements.domain.records import Record, key_of
from shared.contracts.base import Validity
from tests.unit.agreements.made import (
    JOINT,
    KUOPIO,
    TODAY,
    agreement,
    bearer,
    code_of,
    delegation,
    joint,
    mandate,
    member,
    organisation,
    responsibility,
    system,
    user,
)

FOR_EVER = Validity(first=date(2015, 1, 1), last=date.max)
LONG_AGO = Validity(first=date(1899, 12, 31))


@pytest.mark.parametrize(
    "record",
    [
        agreement(validity=FOR_EVER),
        agreement(members=(member("297", FOR_EVER),)),
        agreement(suspensions=(LONG_AGO,)),
        agreement(interface_clients=(system(validity=Validity(first=date(2015, 1, 1), last=date(2201, 1, 1))),)),
        delegation(validity=FOR_EVER),
        mandate(validity=FOR_EVER),
        mandate(validity=LONG_AGO),
        responsibility(bearer(KUOPIO, "own", FOR_EVER)),
        user(since=date.max),
        user(since=date.min),
    ],
    ids=lambda record: key_of(record).kind,
)
def test_given_a_day_before_1900_or_after_2200_then_no_record_may_name_it(record: Record) -> None:
    assert code_of(record, organisation(), joint(), agreement(id="S-other")) == "record.day_range"


def test_given_a_delegation_for_ever_that_is_there_already_then_mandates_are_judged_by_it() -> None:
    borne = agreement(id="S-J", party=JOINT, accounts=())
    known = (organisation(), joint(), borne, delegation(validity=FOR_EVER))

    assert code_of(mandate(organisation=JOINT), *known) is True


@pytest.mark.parametrize(
    ("since", "outcome"),
    [(TODAY, True), (date(2017, 6, 2), "user.since_future"), (date(2200, 1, 1), "user.since_future")],
)
def test_given_a_state_of_an_account_then_it_begins_by_the_day_on_which_it_is_told(
    since: date, outcome: object
) -> None:
    assert code_of(user(version=2, why="by_main_user", since=since), organisation(), user()) == outcome


@pytest.mark.parametrize("dash", "-\u2010\u2011\u2012\u2013\u2014\u2212\ufe58\ufe63\uff0d")
def test_given_any_dash_then_it_reads_as_one(dash: str) -> None:
    assert plain(f"010180{dash}9015") == "010180-9015"


def test_given_invisible_or_full_width_characters_then_the_text_is_what_is_seen() -> None:
    assert plain("0101\u200b80-90\u206015") == "010180-9015"
    assert plain("\uff10\uff11" + "0180-9015") == "010180-9015"


def test_given_nested_content_then_every_text_in_it_is_looked_at() -> None:
    assert list(texts({"a": ["b", {"c": "d"}], "e": 1, "f": None})) == ["a", "b", "c", "d", "e", "f"]
