"""What an agreement names besides its members: benefits, windows, suspensions, systems, accounts."""

import pytest

from services.agreements.domain.authors import Author
from services.agreements.domain.changes import judge_all
from services.agreements.domain.state import State
from shared.contracts.agreements import Account
from shared.contracts.base import Role
from tests.unit.agreements.made import (
    JOINT,
    TODAY,
    UNTIL_2016,
    agreement,
    code_of,
    days,
    joint,
    member,
    organisation,
    system,
)

ORGANISATION = organisation()
IBAN, OTHER_IBAN = "FI2112345600000785", "FI5542345670000081"
ONE, TWO = Author("v1." + "o" * 26), Author("v1." + "t" * 26)


def account(*, confirmed: bool, iban: str = IBAN) -> tuple[Account, ...]:
    return (Account(id="T", iban=iban, confirmed=confirmed),)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"benefits": ("no_such_benefit",)}, "agreement.benefit"),
        ({"benefit_windows": {"no_such_benefit": 3}}, "agreement.benefit"),
        ({"benefits": ("kansanelake",), "benefit_windows": {"yleinen_asumistuki": 3}}, "agreement.window_outside"),
        ({"suspensions": (days("2016-03-02", "2016-03-01"),)}, "agreement.suspension"),
        ({"suspensions": (days("2014-03-01", "2016-03-01"),)}, "agreement.suspension"),
        (
            {"suspensions": (days("2016-03-01", "2016-03-31"), days("2016-03-31", "2016-04-30"))},
            "agreement.suspension",
        ),
        ({"interface_clients": (system(token_sha256=None),)}, "system.proof"),
        ({"interface_clients": (system(certificate_sha256="b" * 64),)}, "system.proof"),
        ({"interface_clients": (system(roles=()),)}, "system.roles"),
        ({"interface_clients": (system(roles=(Role.MAIN_USER,)),)}, "system.roles"),
        ({"interface_clients": (system(validity=days("2016-03-02", "2016-03-01")),)}, "system.validity"),
        ({"interface_clients": (system(), system(token_sha256="b" * 64))}, "system.taken"),
        ({"interface_clients": (system(), system(id="kuopio-other"))}, "system.taken"),
    ],
)
def test_a_faulty_limit_is_refused(changes: dict[str, object], code: str) -> None:
    assert code_of(agreement(**changes), ORGANISATION) == code


def test_limits_in_order_are_accepted() -> None:
    whole = agreement(
        benefits=("kansanelake", "yleinen_asumistuki"),
        benefit_windows={"yleinen_asumistuki": 3},
        suspensions=(days("2016-03-01", "2016-03-31"), days("2016-04-01", "2016-04-30"), days("2017-01-01")),
        interface_clients=(system(), system(id="kuopio-other", token_sha256=None, certificate_sha256="b" * 64)),
    )
    assert code_of(whole, ORGANISATION) is True


@pytest.mark.parametrize(
    "mine", [system(token_sha256="b" * 64), system(id="tampere-system")], ids=["same id", "same token"]
)
def test_a_system_of_another_agreement_is_not_taken_over(mine: object) -> None:
    theirs = agreement(id="S-J", party=JOINT, members=(member("837"),), interface_clients=(system(),))
    known = (ORGANISATION, joint(), theirs)
    assert code_of(agreement(interface_clients=(mine,)), *known) == "system.taken"
    left = theirs.model_copy(update={"version": 2, "interface_clients": ()})
    assert code_of(agreement(interface_clients=(mine,)), *known, left) is True


def test_an_agreement_keeps_its_own_system_in_the_next_version() -> None:
    first = agreement(interface_clients=(system(),))
    assert code_of(agreement(version=2, interface_clients=(system(),)), ORGANISATION, first) is True


def test_accounts_of_a_paper_agreement_come_confirmed_and_only_with_its_first_version() -> None:
    assert code_of(agreement(accounts=account(confirmed=True)), ORGANISATION) is True
    added = agreement(version=2, accounts=account(confirmed=True))
    assert code_of(added, ORGANISATION, agreement(accounts=())) == "account.unseen"


def test_an_account_is_not_confirmed_by_the_one_who_added_it() -> None:
    state = State((ORGANISATION,))
    added = agreement(accounts=account(confirmed=False))
    confirmed = agreement(version=2, accounts=account(confirmed=True))
    assert judge_all(state, [added], ONE, today=TODAY).accepted == (added,)
    assert codes(state, confirmed, ONE) == ["account.second_person"]
    assert codes(state, confirmed, TWO) == []


def test_a_third_version_by_a_colleague_does_not_make_the_first_author_a_second_person() -> None:
    state = State((ORGANISATION,))
    judge_all(state, [agreement(accounts=account(confirmed=False))], ONE, today=TODAY)
    judge_all(state, [agreement(version=2, accounts=account(confirmed=False), window_months=6)], TWO, today=TODAY)
    confirmed = agreement(version=3, accounts=account(confirmed=True))
    assert codes(state, confirmed, ONE) == ["account.second_person"]
    assert codes(state, confirmed, TWO) == []


def test_a_changed_number_is_a_new_account_whoever_changes_it() -> None:
    state = State((ORGANISATION,))
    judge_all(state, [agreement(accounts=account(confirmed=True))], today=TODAY)
    assert codes(state, agreement(version=2, accounts=account(confirmed=True, iban=OTHER_IBAN)), TWO) == [
        "account.unseen"
    ]
    changed = agreement(version=2, accounts=account(confirmed=False, iban=OTHER_IBAN))
    assert codes(state, changed, TWO) == []
    assert codes(state, agreement(version=3, accounts=account(confirmed=True, iban=OTHER_IBAN)), TWO) == [
        "account.second_person"
    ]
    assert codes(state, agreement(version=3, accounts=account(confirmed=True)), ONE) == ["account.unseen"]


def test_a_confirmed_account_stays_confirmed_whoever_changes_something_else() -> None:
    state = State((ORGANISATION,))
    judge_all(state, [agreement(accounts=account(confirmed=True))], Author(ONE.name, paper=True), today=TODAY)
    other = agreement(version=2, accounts=account(confirmed=True), validity=UNTIL_2016)
    assert codes(state, other, ONE) == []


def test_over_the_wire_nobody_brings_a_confirmed_account() -> None:
    assert code_of(agreement(accounts=account(confirmed=True)), ORGANISATION, author=ONE) == "account.unseen"


def codes(state: State, record: object, author: Author) -> list[str]:
    assert hasattr(record, "version")
    return [fault.code for fault in judge_all(state, [record], author, today=TODAY).refused]  # type: ignore[list-item]  # a record
