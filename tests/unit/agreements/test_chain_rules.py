"""Who acts for whom: delegations, the responsible body, workers' accounts; what is refused and by which code."""

from datetime import date

import pytest

from services.agreements.domain.records import Record
from shared.contracts.agreements import Bearer
from shared.contracts.base import Validity
from tests.unit.agreements.made import (
    ALWAYS,
    FROM_2017,
    JOINT,
    KUOPIO,
    UNTIL_2016,
    WORKER,
    bearer,
    code_of,
    days,
    delegation,
    joint,
    organisation,
    responsibility,
    user,
)

JUANKOSKI, LUVIA, TAMPERE = "9000174-3", "9000442-9", "9999991-7"
ORGANISATION = organisation()
KNOWN = (
    ORGANISATION,
    joint(),
    organisation(business_id=JUANKOSKI, municipality="174", e_invoice_address=None),
    organisation(business_id=TAMPERE, municipality="837", e_invoice_address=None),
)
OWN = bearer(KUOPIO, "own", ALWAYS)


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (delegation(agent="9999991-7"), "delegation.agent"),
        (delegation(agent=KUOPIO), "delegation.itself"),
        (delegation(validity=days("2016-03-02", "2016-03-01")), "delegation.validity"),
        (delegation(principal="999"), "municipality.unknown"),
        (delegation(principal="174"), "municipality.ended"),
    ],
)
def test_a_faulty_delegation_is_refused(record: Record, code: str) -> None:
    assert code_of(record, ORGANISATION, joint()) == code


def test_a_delegation_stays_between_the_two() -> None:
    assert code_of(delegation(), ORGANISATION, joint()) is True
    passed = delegation(version=2, principal="837")
    assert code_of(passed, ORGANISATION, joint(), delegation()) == "delegation.subject_changed"
    assert code_of(delegation(version=2, validity=UNTIL_2016), ORGANISATION, joint(), delegation()) is True


@pytest.mark.parametrize(
    "bearers",
    [
        (OWN,),
        (bearer(KUOPIO, "own", UNTIL_2016), bearer(JOINT, "joint_authority", FROM_2017)),
        (bearer(KUOPIO, "own", UNTIL_2016), bearer(TAMPERE, "host_municipality", FROM_2017)),
    ],
)
def test_a_responsible_body_on_each_day_is_accepted(bearers: tuple[Bearer, ...]) -> None:
    assert code_of(responsibility(*bearers), *KNOWN) is True


@pytest.mark.parametrize(
    ("bearers", "code"),
    [
        ((), "responsibility.empty"),
        ((bearer(KUOPIO, "own", UNTIL_2016),), "responsibility.days"),
        (
            (bearer(KUOPIO, "own", UNTIL_2016), bearer(JOINT, "joint_authority", days("2017-01-02"))),
            "responsibility.days",
        ),
        (
            (bearer(KUOPIO, "own", UNTIL_2016), bearer(JOINT, "joint_authority", days("2016-12-31"))),
            "responsibility.days",
        ),
        ((OWN, bearer(JOINT, "joint_authority", FROM_2017)), "responsibility.days"),
        ((bearer(KUOPIO, "own", days("2017-01-02", "2017-01-01")), OWN), "responsibility.days"),
        ((bearer("9000564-3", "host_municipality", ALWAYS),), "responsibility.organisation"),
        ((bearer(KUOPIO, "host_municipality", ALWAYS),), "responsibility.form"),
        ((bearer(JOINT, "own", ALWAYS),), "responsibility.form"),
        ((bearer(JOINT, "host_municipality", ALWAYS),), "responsibility.form"),
        ((bearer(TAMPERE, "joint_authority", ALWAYS),), "responsibility.form"),
    ],
)
def test_a_gap_an_overlap_or_a_wrong_form_is_refused(bearers: tuple[Bearer, ...], code: str) -> None:
    assert code_of(responsibility(*bearers), *KNOWN) == code


@pytest.mark.parametrize(
    ("validity", "code"),
    [(ALWAYS, "municipality.ended"), (days("2015-01-01", "2016-12-30"), "responsibility.days")],
)
def test_the_responsibility_of_a_merged_municipality_ends_with_it(validity: Validity, code: str) -> None:
    assert code_of(responsibility(bearer(JUANKOSKI, "own", UNTIL_2016), municipality="174"), *KNOWN) is True
    merged = responsibility(bearer(JUANKOSKI, "own", validity), municipality="174")
    assert code_of(merged, *KNOWN) == code


@pytest.mark.parametrize("municipality", ["174", "442"])
def test_both_mergers_of_2017_end_the_responsibility(municipality: str) -> None:
    merged = responsibility(bearer(JOINT, "joint_authority", ALWAYS), municipality=municipality)
    assert code_of(merged, *KNOWN) == "municipality.ended"
    assert code_of(responsibility(OWN, municipality="999"), *KNOWN) == "municipality.unknown"


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (user(organisation=JOINT, id=f"{JOINT}/{WORKER}"), "user.organisation"),
        (user(id=f"{JOINT}/{WORKER}"), "user.id"),
        (user(status="locked", why="idle"), "user.reason"),
        (user(why="by_main_user"), "user.reason"),
        (user(status="locked", why="opened"), "user.reason"),
    ],
)
def test_a_faulty_account_is_refused(record: Record, code: str) -> None:
    assert code_of(record, ORGANISATION) == code


def test_an_account_is_locked_and_unlocked_by_new_versions() -> None:
    opened = user()
    locked = user(version=2, status="locked", why="idle", since=date(2016, 12, 1))
    unlocked = user(version=3, why="by_main_user", since=date(2016, 12, 5))
    assert code_of(locked, ORGANISATION, opened) is True
    assert code_of(unlocked, ORGANISATION, opened, locked) is True
    assert code_of(user(version=3, why="idle"), ORGANISATION, opened, locked) == "user.reason"
    assert code_of(user(version=3, since=date(2016, 12, 5)), ORGANISATION, opened, locked) == "user.reason"
    early = user(version=3, why="by_main_user", since=date(2016, 11, 30))
    assert code_of(early, ORGANISATION, opened, locked) == "user.since"
