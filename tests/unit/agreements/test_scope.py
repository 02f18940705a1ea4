"""What a main user may change and see of the records, and what is Kela's officer's alone."""

import pytest

from services.agreements.domain.records import Record, key_of
from services.agreements.domain.scope import Scope, beyond, sees
from services.agreements.domain.state import State
from shared.contracts.agreements import Contact
from tests.unit.agreements.made import (
    ALWAYS,
    JOINT,
    KUOPIO,
    WORKER,
    agreement,
    bearer,
    delegation,
    joint,
    mandate,
    organisation,
    path,
    population,
    responsibility,
    user,
)

SELF = "v1." + "s" * 26
MAIN_USER = Scope(officer=False, worker=SELF, organisation=KUOPIO, municipality="297")
OFFICER = Scope(officer=True, worker=SELF, organisation="0246246-0", municipality=None)
JOINTS = Scope(officer=False, worker=SELF, organisation=JOINT, municipality=None)
STATE = State((organisation(), joint(), agreement(), path()))
CONTACTS = (Contact(kind="billing", name="Laskutus"),)
OWN = (
    mandate(),
    user(),
    delegation(),
    path("requested", 2),
    path("statement_given", 2),
    path("withdrawn", 2),
    agreement(version=2, contacts=CONTACTS),
)
NOT_OWN = (
    organisation(version=2, name_fi="Uusi"),
    population(),
    responsibility(bearer(KUOPIO, "own", ALWAYS)),
    agreement(version=2, window_months=240),
    agreement(version=2, contacts=CONTACTS, covers_claims=False),
    agreement(id="S-uusi"),
    mandate(organisation=JOINT),
    user(organisation=JOINT, id=f"{JOINT}/{WORKER}"),
    user(version=2, status="locked", why="idle"),
    delegation(principal="837"),
    path("statement_accepted", 2),
    path("signed", 2),
    path("opened", 2),
    path(party=JOINT, id="P-J"),
)


@pytest.mark.parametrize("record", OWN, ids=lambda record: str(key_of(record)))
def test_a_main_user_keeps_what_is_the_organisation_s_own(record: Record) -> None:
    assert beyond(MAIN_USER, STATE, record) is None


@pytest.mark.parametrize("record", NOT_OWN, ids=lambda record: str(key_of(record)))
def test_a_main_user_changes_nothing_else(record: Record) -> None:
    refused = beyond(MAIN_USER, STATE, record)
    assert refused is not None
    assert refused.code == "scope.main_user"


@pytest.mark.parametrize("record", [*OWN, *NOT_OWN], ids=lambda record: str(key_of(record)))
def test_an_officer_changes_everything(record: Record) -> None:
    assert beyond(OFFICER, STATE, record) is None


@pytest.mark.parametrize("record", [mandate(worker=SELF), user(worker=SELF, id=f"{KUOPIO}/{SELF}")])
@pytest.mark.parametrize("scope", [MAIN_USER, OFFICER], ids=["main user", "officer"])
def test_nobody_gives_a_right_to_oneself(scope: Scope, record: Record) -> None:
    refused = beyond(scope, STATE, record)
    assert refused is not None
    assert refused.code == "scope.oneself"


def test_a_joint_authority_delegates_nothing_to_itself() -> None:
    assert beyond(JOINTS, STATE, delegation()) is not None


SEEN = (
    organisation(),
    agreement(),
    mandate(),
    user(),
    path(),
    population(),
    delegation(),
    responsibility(bearer(KUOPIO, "own", ALWAYS)),
    responsibility(bearer(KUOPIO, "host_municipality", ALWAYS), municipality="749"),
)
UNSEEN = (
    joint(),
    agreement(party=JOINT),
    mandate(organisation=JOINT),
    user(organisation=JOINT),
    path(party=JOINT),
    population(municipality="837"),
    delegation(principal="837"),
    responsibility(bearer(JOINT, "joint_authority", ALWAYS), municipality="837"),
)


@pytest.mark.parametrize("record", SEEN, ids=lambda record: str(key_of(record)))
def test_a_main_user_sees_the_organisation_s_own(record: Record) -> None:
    assert sees(MAIN_USER, record)


@pytest.mark.parametrize("record", UNSEEN, ids=lambda record: str(key_of(record)))
def test_a_main_user_sees_nothing_of_others_and_an_officer_everything(record: Record) -> None:
    assert not sees(MAIN_USER, record)
    assert sees(OFFICER, record)
