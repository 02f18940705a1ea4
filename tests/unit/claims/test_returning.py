"""What a municipality gives back: never more than it was paid, and nothing paid is rewritten."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.claims.domain.acts import act, stated_in
from services.claims.domain.lifecycle import Act, Party
from services.claims.domain.lists import Listed, row_of
from services.claims.domain.registration import Claim
from services.claims.domain.settlements import GivenBack, page, settled
from services.claims.domain.stated import Returned, Stated
from shared.clock.civil import Month
from shared.contracts.asking import ClaimCommand
from shared.contracts.base import Refusal
from shared.contracts.claims import ClaimState, Ground
from tests.unit.claims.test_acts import DAY, EURO, at, claim, code, took

PAYDAY = date(2017, 2, 7)


def given(euros: int = 40, day: date = DAY, reason: str = "Hoito päättyi aiemmin.") -> Stated:
    return Stated(reason=reason, returned=Returned(euros * EURO, day, "12344"))


def typed(**changes: object) -> ClaimCommand:
    stated = {"amount": "40,00", "day": DAY, "reference": "12344", **changes}
    return ClaimCommand.model_validate(
        {"idempotency_key": "k" * 8, "number": "x", "version": 3, "act": "return", "returned": stated}
    )


@pytest.mark.parametrize(
    "state", [ClaimState.ACTIVE, ClaimState.SUSPENDED, ClaimState.ENDING, ClaimState.ENDED, ClaimState.WITHDRAWN]
)
def test_a_return_is_a_version_of_the_claim_that_changes_nothing_else_of_it(state: ClaimState) -> None:
    found = act(claim(state), Act.RETURN, given(), at(Party.CLAIMANT, took()))
    assert isinstance(found, Claim)
    assert found == claim(state, version=4)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (Stated(reason="x"), "claims.return.missing"),
        (given(reason=""), "claims.return.reason"),
        (given(day=DAY + timedelta(days=1)), "claims.return.day"),
        (given(101), "claims.return.too_much"),
        (given(day=PAYDAY - timedelta(days=1)), "claims.return.too_much"),
    ],
)
def test_what_cannot_have_been_given_back_is_refused(stated: Stated, expected: str) -> None:
    assert code(act(claim(), Act.RETURN, stated, at(Party.CLAIMANT, took()))) == expected


def test_nothing_is_given_back_of_a_held_or_a_coming_part_nor_twice() -> None:
    for part in (took(held=True), took(payday=DAY + timedelta(days=1))):
        assert code(act(claim(), Act.RETURN, given(1), at(Party.CLAIMANT, part))) == "claims.return.too_much"
    before = [Returned(60 * EURO, DAY, "12344")]
    assert isinstance(act(claim(), Act.RETURN, given(40), at(Party.CLAIMANT, took(), returned=before)), Claim)
    for day in (DAY, PAYDAY):  # recorded late, it still counts against what was given back after it
        refused = act(claim(), Act.RETURN, given(41, day), at(Party.CLAIMANT, took(), returned=before))
        assert code(refused) == "claims.return.too_much"


def test_kela_gives_nothing_back_in_the_municipalitys_name() -> None:
    assert code(act(claim(), Act.RETURN, given(), at(Party.HANDLER, took()))) == "claims.party"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"amount": "0"}, "claims.amount"),
        ({"amount": "-1"}, "claims.amount"),
        ({"amount": "1.234"}, "claims.amount"),
        ({"day": None}, "claims.return.day"),
        ({"reference": "12345"}, "claims.return.reference"),
        ({"reference": "010180-9015"}, "claims.return.reference"),
    ],
)
def test_a_return_that_is_mistyped_is_refused(changes: dict[str, object], expected: str) -> None:
    found = stated_in(typed(**changes), Ground.TOTUL_23)
    assert isinstance(found, Refusal)
    assert code(found) == expected


def test_a_return_is_read_as_typed() -> None:
    found = stated_in(typed(reference="RF08 12344"), Ground.AML_14)
    assert not isinstance(found, Refusal)
    assert found.returned == Returned(Decimal("40.00"), DAY, "RF0812344")


def test_a_return_is_a_negative_settlement_row_of_its_own() -> None:
    returns = [GivenBack("MV-1", 4, Returned(40 * EURO, DAY, "12344")), GivenBack("MV-1", 5, Returned(EURO, DAY, "55"))]
    told = page(settled([], DAY, returns), Month.of(DAY), None)
    assert [(row.reference, row.payday, row.to_municipality, row.returned) for row in told.rows] == [
        ("12344", DAY, "-40.00", True), ("55", DAY, "-1.00", True),
    ]  # fmt: skip
    assert told.total == "-41.00"


def test_paid_so_far_is_less_what_was_given_back_and_what_may_come_is_not_more_by_it() -> None:
    listed = Listed(claim(), 250 * EURO, 0 * EURO, overlapped=False, confirmed=True, returned=40 * EURO)
    row = row_of(listed, DAY, "fi", at_kela=False, worker=None)
    assert (row.paid, row.returned, row.remaining) == ("210.00", "40.00", "350.00")
    ended = row_of(
        Listed(claim(ClaimState.ENDED), 250 * EURO, 0 * EURO, overlapped=False, confirmed=True),
        DAY, "fi", at_kela=False, worker=None,
    )  # fmt: skip
    assert ended.remaining == "0.00"
