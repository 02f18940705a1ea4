"""A correction after a return: nobody is paid below nothing, and what is owed stands until Kela has refunded it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.claims.domain.acts import act
from services.claims.domain.lifecycle import GIVING_BACK, Act, Party
from services.claims.domain.lists import Listed, notice_of, row_of
from services.claims.domain.registration import Claim
from services.claims.domain.returning import balance, noted
from services.claims.domain.settlements import GivenBack, Stood, page, settled
from services.claims.domain.stated import Returned, Stated
from shared.clock.civil import Month
from shared.contracts.claims import ClaimState
from tests.unit.claims.test_acts import DAY, EURO, at, claim, code, took

BACK = [Returned(100 * EURO, DAY, "12344")]
"""All that was paid was given back; then a correction left the claim 30 €."""
PAID = took(amount=30)


def stated(euros: int = 70, day: date = DAY, reason: str = "Korjaus palautuksen jälkeen.") -> Stated:
    return Stated(reason=reason, returned=Returned(euros * EURO, day, "12344"))


def listed(state: ClaimState = ClaimState.ACTIVE, paid: int = 30, returned: int = 100) -> Listed:
    return Listed(claim(state), paid * EURO, 0 * EURO, overlapped=False, confirmed=True, returned=returned * EURO)


def test_given_a_return_and_a_correction_below_it_then_paid_is_nothing_and_the_rest_is_owed() -> None:
    row = row_of(listed(), DAY, "fi", at_kela=True, worker=None)
    assert (row.paid, row.returned, row.owed) == ("0.00", "100.00", "70.00")
    even = row_of(listed(paid=100), DAY, "fi", at_kela=True, worker=None)
    assert (even.paid, even.owed, even.notice) == ("0.00", "0.00", None)


@pytest.mark.parametrize("state", [ClaimState.ACTIVE, ClaimState.ENDED, ClaimState.WITHDRAWN])
def test_what_is_owed_is_the_first_notice_for_both_parties_also_after_the_end(state: ClaimState) -> None:
    assert [notice_of(listed(state), DAY, at_kela=kela) for kela in (True, False)] == ["owed", "owed"]


@pytest.mark.parametrize("state", [ClaimState.ACTIVE, ClaimState.SUSPENDED, ClaimState.ENDED, ClaimState.WITHDRAWN])
def test_a_refund_is_a_version_of_the_claim_that_changes_nothing_else_of_it(state: ClaimState) -> None:
    found = act(claim(state), Act.REFUND, stated(), at(Party.HANDLER, PAID, returned=BACK))
    assert found == claim(state, version=4)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (Stated(reason="x"), "claims.refund.missing"),
        (stated(reason=""), "claims.return.reason"),
        (stated(day=DAY + timedelta(days=1)), "claims.return.day"),
        (stated(71), "claims.refund.too_much"),
        (stated(day=DAY - timedelta(days=1)), "claims.refund.too_much"),
    ],
)
def test_what_kela_cannot_have_refunded_is_refused(how: Stated, expected: str) -> None:
    assert code(act(claim(), Act.REFUND, how, at(Party.HANDLER, PAID, returned=BACK))) == expected


def test_nothing_is_refunded_twice_nor_where_nothing_is_owed_nor_by_the_municipality() -> None:
    refunded = [*BACK, Returned(-70 * EURO, DAY, "55")]
    for paid, returned in ((PAID, refunded), (took(), BACK), (took(), [])):
        again = act(claim(), Act.REFUND, stated(1), at(Party.HANDLER, paid, returned=returned))
        assert code(again) == "claims.refund.too_much"
    assert code(act(claim(), Act.REFUND, stated(), at(Party.CLAIMANT, PAID, returned=BACK))) == "claims.party"


def test_nothing_more_is_given_back_while_something_is_owed() -> None:
    refused = act(claim(), Act.RETURN, stated(1), at(Party.CLAIMANT, PAID, returned=BACK))
    assert code(refused) == "claims.return.too_much"


def test_only_a_return_and_a_refund_change_what_was_given_back_and_a_refund_the_other_way() -> None:
    one = Returned(5 * EURO, DAY, "12344")
    told = {what: noted(what, one) for what in Act}
    assert {what for what, made in told.items() if made is not None} == GIVING_BACK
    assert (told[Act.RETURN], told[Act.REFUND]) == (one, Returned(-5 * EURO, DAY, "12344"))
    assert noted(Act.REFUND, None) is None


def test_a_refund_is_a_settlement_row_of_its_own() -> None:
    rows = page(settled([], DAY, [GivenBack("MV-1", 5, Returned(-70 * EURO, DAY, "55"))]), Month.of(DAY), None)
    assert [(row.to_municipality, row.returned) for row in rows.rows] == [("70.00", True)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(("correct", "return", "refund")), st.integers(0, 9)), max_size=12))
def test_in_any_history_paid_and_owed_are_never_below_zero_and_the_rows_sum_to_them(
    history: list[tuple[str, int]],
) -> None:
    """Corrections as they come; returns and refunds as far as the rules let them through."""
    case, paid, given_back = claim(), 0, list[Returned]()
    entries, backs = list[Stood](), list[GivenBack]()
    for n, (what, euros) in enumerate(history, 1):
        if what == "correct":
            paid = euros
            entries.append(entry(n, euros))
            continue
        kind, by = (Act.RETURN, Party.CLAIMANT) if what == "return" else (Act.REFUND, Party.HANDLER)
        books = [took(amount=paid)] if paid else []
        before = balance(paid * EURO, total(given_back))
        found = act(case, kind, stated(euros + 1), at(by, *books, returned=given_back))
        room = before.paid if kind is Act.RETURN else before.owed
        assert isinstance(found, Claim) == (euros + 1 <= room)
        if isinstance(found, Claim):
            made = noted(kind, stated(euros + 1).returned)
            assert made is not None
            given_back.append(made)
            backs.append(GivenBack("MV-1", n, made))
    now = balance(paid * EURO, total(given_back))
    assert min(now.paid, now.owed) == 0
    assert now.paid >= 0 <= now.owed
    rows = settled(entries, DAY, backs)
    assert sum(Decimal(one.row.to_municipality) for one in rows) == now.paid - now.owed


def total(given_back: list[Returned]) -> Decimal:
    return sum((one.amount for one in given_back), Decimal(0))


def entry(n: int, paid: int) -> Stood:
    payday = took().payday
    return Stood(
        payment="P-1", entry=n, day=payday, payday=payday, first=payday.replace(day=1), last=payday, net=Decimal(9),
        to_client=Decimal(9 - paid), paid=Decimal(paid), number="MV-1", reference="12344",
    )  # fmt: skip
