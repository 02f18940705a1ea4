"""What each act does to a claim in each state, and what it never does."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from uuid import UUID

import pytest

from services.claims.domain.act_refusals import stale
from services.claims.domain.acts import act, stated_in
from services.claims.domain.allocation import CareFee
from services.claims.domain.due import due
from services.claims.domain.facts import ExistingClaim
from services.claims.domain.letters import letters
from services.claims.domain.lifecycle import TRANSITIONS, Act, Party
from services.claims.domain.payday import timing
from services.claims.domain.registration import Claim
from services.claims.domain.stated import Returned, Situation, Stated, Took
from services.claims.domain.terms import Widening
from shared.clock.civil import Month
from shared.contracts.asking import CareStated, ClaimCommand, MonthAdvance
from shared.contracts.base import Channel, Refusal
from shared.contracts.claims import ClaimState, Ground

DAY = date(2017, 2, 10)
JANUARY, FEBRUARY, MARCH, JUNE = Month(2017, 1), Month(2017, 2), Month(2017, 3), Month(2017, 6)
EURO = Decimal(1)
REASON = "The claim meets the conditions of the law."


def claim(state: ClaimState = ClaimState.ACTIVE, **changes: object) -> Claim:
    fields: dict[str, object] = {
        "id": UUID(int=1), "number": "MV-2017-00000-000000", "state": state, "version": 3, "organisation": "0171450-7",
        "member": "297", "agreement": "A-297", "channel": Channel.UI, "worker": "v1." + "a" * 26,
        "client": "v1." + "b" * 26, "benefit": "kansanelake", "ground": Ground.TOTUL_23, "first": date(2017, 1, 1),
        "last": date(2017, 6, 30), "amount": None, "account": "acc-1", "reference": "12344", "assistance": "basic",
        "arrived": datetime(2016, 12, 20, 10, tzinfo=UTC),
        "timing": timing("kansanelake", date(2016, 12, 20), date(2017, 1, 1), date(2017, 6, 30)),
        "advances": dict.fromkeys(JANUARY.until(JUNE), 100 * EURO),
    }  # fmt: skip
    return Claim(**(fields | changes))  # type: ignore[arg-type]  # a test's short hand


def care_claim(**changes: object) -> Claim:
    care = {JANUARY: CareFee(500 * EURO, 800 * EURO)}
    return claim(**{"ground": Ground.AML_14, "advances": {}, "care": care, "last": None} | changes)  # type: ignore[arg-type]  # fields by name


def took(month: Month = FEBRUARY, payday: date = date(2017, 2, 7), amount: int = 100, *, held: bool = False) -> Took:
    return Took(payday, month, month.last, amount * EURO, held)


def at(by: Party = Party.CLAIMANT, *taken: Took, **how: object) -> Situation:
    usual: dict[str, object] = {"by": by, "day": DAY, "took": taken, "stops_from": DAY + timedelta(days=1)}
    return Situation(**(usual | how))  # type: ignore[arg-type]  # fields by name


WIDENING = Widening(advances={JUNE: 120 * EURO}, heard=True)
ON_WIDENING = {Act.HEAR, Act.ANSWER, Act.ACCEPT, Act.REJECT, Act.DROP}
"""What is done to a widening while the claim goes on."""
STATED = {
    Act.CHANGE: Stated(advances={MARCH: 50 * EURO}),
    Act.WIDEN: Stated(advances={MARCH: 150 * EURO}),
    Act.HEAR: Stated(deadline=DAY + timedelta(days=14)),
    Act.ACCEPT: Stated(reason=REASON),
    Act.REJECT: Stated(reason=REASON),
    Act.RETURN: Stated(reason=REASON, returned=Returned(EURO, DAY, "12344")),
    Act.REFUND: Stated(reason=REASON, returned=Returned(EURO, DAY, "12344")),
    Act.HAND_OVER: Stated(reason=REASON, holder="v1." + "c" * 26),
}


def code(found: Claim | Refusal) -> str:
    assert isinstance(found, Refusal), found
    for text in (found.reason, found.advice):
        assert len({text.fi, text.sv, text.en}) == 3
    return found.code


@pytest.mark.parametrize("state", list(ClaimState))
def test_every_act_from_every_state_leads_where_the_table_says_and_is_one_version_on(state: ClaimState) -> None:
    asked = claim(state, amounts_asked=DAY)
    proposed = replace(asked, widening=WIDENING) if state is ClaimState.ACTIVE else asked
    for what, by in product(set(Act) - {Act.REGISTER}, Party):
        before = proposed if what in ON_WIDENING else asked
        if what is Act.ANSWER:
            before = replace(before, hearing_deadline=DAY)
        back = [Returned(EURO, DAY, "12344")] if what is Act.REFUND else []
        taken = [took()] if what is Act.RETURN else []
        found = act(before, what, STATED.get(what, Stated()), at(by, *taken, returned=back))
        row = next((row for row in TRANSITIONS if (row.before, row.act) == (state, what) and by in row.by), None)
        if row is None:
            assert code(found) in {"claims.state", "claims.party"}
        else:
            assert isinstance(found, Claim)
            assert (found.state, found.version) == (row.after, 4)
            unmoved = ("id", "number", "arrived", "client", "origin", "first", "benefit", "ground")
            assert all(getattr(found, name) == getattr(before, name) for name in unmoved)
            assert (found.worker == before.worker) == (what is not Act.HAND_OVER)


def test_given_months_and_amounts_when_changed_then_the_others_stay() -> None:
    found = act(claim(ClaimState.WAITING), Act.CHANGE, Stated(advances={FEBRUARY: 120 * EURO, MARCH: 80 * EURO}), at())
    assert isinstance(found, Claim)
    assert found.advances == {**claim().advances, FEBRUARY: 120 * EURO, MARCH: 80 * EURO}


def test_given_a_new_last_day_when_changed_then_the_payday_follows() -> None:
    short = claim(first=date(2017, 1, 1), last=date(2017, 1, 2), state=ClaimState.REGISTERED,
                  arrived=datetime(2016, 12, 24, 10, tzinfo=UTC))  # fmt: skip
    found = act(short, Act.CHANGE, Stated(last=date(2017, 2, 28)), at())
    assert isinstance(found, Claim)
    assert (found.last, found.timing.effective) == (date(2017, 2, 28), date(2017, 2, 7))


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (Stated(), "claims.nothing_changed"),
        (Stated(last=date(2016, 12, 31)), "claims.outside_period"),
        (Stated(last=date(2017, 7, 31)), "claims.widened"),
        (Stated(last=date.max), "claims.widened"),
        (Stated(last=date(2017, 1, 31)), "claims.paid_already"),
        (Stated(advances={FEBRUARY: 99 * EURO}), "claims.paid_already"),
        (Stated(advances={Month(2016, 12): EURO}), "claims.outside_period"),
        (Stated(advances={Month(2017, 7): EURO}), "claims.outside_period"),
    ],
)
def test_a_change_never_lies_outside_the_period_nor_under_what_was_paid(stated: Stated, expected: str) -> None:
    assert code(act(claim(), Act.CHANGE, stated, at(Party.CLAIMANT, took()))) == expected


def test_a_held_or_a_coming_instalment_may_still_be_changed() -> None:
    for part in (took(held=True), took(payday=DAY + timedelta(days=1))):
        assert isinstance(act(claim(), Act.CHANGE, Stated(last=date(2017, 1, 31)), at(Party.CLAIMANT, part)), Claim)


def test_a_longer_period_never_meets_another_claim_of_the_same_body() -> None:
    other = ExistingClaim(
        "MV-2017-11111-111111", "0171450-7", "297", "kansanelake", Ground.TOTUL_23, date(2017, 7, 1), None
    )
    longer = Stated(last=date(2017, 8, 31), advances={Month(2017, 7): EURO, Month(2017, 8): EURO})
    assert code(act(claim(ClaimState.WAITING), Act.CHANGE, longer, at(others=(other,)))) == "claims.overlaps"
    assert isinstance(act(claim(ClaimState.WAITING), Act.CHANGE, longer, at()), Claim)


def test_a_fee_holds_from_its_month_and_never_falls_below_what_was_paid() -> None:
    paid = at(Party.CLAIMANT, took(amount=480))
    stated = Stated(care=(FEBRUARY, CareFee(490 * EURO, 900 * EURO)))
    raised = act(care_claim(), Act.CHANGE, stated, paid)
    assert isinstance(raised, Claim)
    assert set(raised.care) == {JANUARY, FEBRUARY}
    lowered = Stated(care=(FEBRUARY, CareFee(450 * EURO, 800 * EURO)))
    assert code(act(care_claim(), Act.CHANGE, lowered, paid)) == "claims.paid_already"
    later = Stated(care=(MARCH, CareFee(450 * EURO, 800 * EURO)))
    assert isinstance(act(care_claim(), Act.CHANGE, later, paid), Claim)
    assert code(act(care_claim(last=date(2017, 2, 28)), Act.CHANGE, later, paid)) == "claims.outside_period"


@pytest.mark.parametrize("days", [-1, 0, 6, 91, None])
def test_a_hearing_has_a_reasonable_deadline(days: int | None) -> None:
    deadline = None if days is None else DAY + timedelta(days=days)
    registered = claim(ClaimState.REGISTERED)
    assert code(act(registered, Act.HEAR, Stated(deadline=deadline), at(Party.HANDLER))) == "claims.deadline"


def test_v15_given_a_hearing_then_nothing_is_accepted_before_the_answer_or_the_deadline() -> None:
    heard = claim(ClaimState.IN_HEARING, hearing_deadline=DAY)
    stated = Stated(reason=REASON)
    assert code(act(heard, Act.ACCEPT, stated, at(Party.HANDLER))) == "claims.not_heard"
    assert isinstance(act(heard, Act.ACCEPT, stated, at(Party.HANDLER, day=DAY + timedelta(days=1))), Claim)
    answered = act(heard, Act.ANSWER, Stated(reason="I agree"), at(Party.HANDLER))
    assert isinstance(answered, Claim)
    assert isinstance(act(answered, Act.ACCEPT, stated, at(Party.HANDLER)), Claim)
    assert isinstance(act(heard, Act.REJECT, stated, at(Party.HANDLER)), Claim)


@pytest.mark.parametrize("what", [Act.ACCEPT, Act.REJECT])
def test_a_decision_has_reasons_and_a_letter_with_appeal_instructions(what: Act) -> None:
    heard = claim(ClaimState.IN_HEARING)
    assert code(act(heard, what, Stated(reason="no"), at(Party.HANDLER))) == "claims.reasons"
    decided = act(heard, what, Stated(reason=REASON), at(Party.HANDLER))
    assert isinstance(decided, Claim)
    written = letters(decided, what, REASON, DAY)
    assert set(written) == {"fi", "sv"}
    assert all(REASON in text and "L 568/2007 63 §" in text and "30 " in text for text in written.values())
    assert letters(decided, Act.ACTIVATE, "", DAY) == {}


def test_r4_a_rejection_on_a_friday_tells_that_what_was_held_is_paid_on_monday() -> None:
    rejected = act(claim(ClaimState.IN_HEARING), Act.REJECT, Stated(reason=REASON), at(Party.HANDLER))
    assert isinstance(rejected, Claim)
    written = letters(rejected, Act.REJECT, REASON, DAY)
    assert ("maksetaan 13.2.2017" in written["fi"], "betalas 13.2.2017" in written["sv"]) == (True, True)


def test_the_letter_of_a_hearing_names_the_deadline_and_the_guardian() -> None:
    heard = act(claim(ClaimState.REGISTERED), Act.HEAR, Stated(deadline=date(2017, 2, 28)), at(Party.HANDLER))
    assert isinstance(heard, Claim)
    written = letters(heard, Act.HEAR, "", DAY)
    assert "28.2.2017" in written["fi"]
    assert "edunvalvoja" in written["fi"]
    assert "intressebevakare" in written["sv"]


def test_v16_an_end_stops_from_the_next_unpaid_instalment() -> None:
    found = act(claim(), Act.END, Stated(), at(Party.CLAIMANT, took()))
    assert isinstance(found, Claim)
    assert (found.stops_from, found.last, found.end_reason) == (date(2017, 2, 11), date(2017, 6, 30), "end_notice")
    past = act(claim(), Act.END, Stated(last=date(2017, 2, 9)), at())
    assert isinstance(past, Claim)
    assert (past.last, past.stops_from) == (date(2017, 2, 9), date(2017, 2, 11))
    coming = act(claim(), Act.END, Stated(last=date(2017, 3, 31)), at())
    assert isinstance(coming, Claim)
    assert (coming.last, coming.stops_from) == (date(2017, 3, 31), None)


def test_v16_an_end_before_a_paid_instalment_goes_the_way_of_a_correction() -> None:
    refused = act(claim(), Act.END, Stated(last=date(2017, 1, 31)), at(Party.CLAIMANT, took()))
    assert code(refused) == "claims.paid_already"
    assert isinstance(refused, Refusal)
    assert "correction" in refused.advice.en
    for last in (date(2016, 12, 1), date(2017, 7, 1)):
        assert code(act(claim(), Act.END, Stated(last=last), at())) == "claims.outside_period"


def test_a_late_payment_is_let_in_once() -> None:
    found = act(claim(), Act.IN_TIME, Stated(), at(Party.HANDLER))
    assert isinstance(found, Claim)
    assert found.in_time
    assert code(act(found, Act.IN_TIME, Stated(), at(Party.HANDLER))) == "claims.in_time_already"


@pytest.mark.parametrize("amount", ["0", "-1", "1.234", "1e3", "x"])
def test_amounts_that_are_none_are_refused(amount: str) -> None:
    for changes in (
        {"advances": (MonthAdvance(month="2017-02", amount=amount),)},
        {"care": CareStated(first=date(2017, 2, 1), fee=amount, income="800.00")},
    ):
        sent = ClaimCommand(idempotency_key="k" * 8, number="x", version=1, act="change", **changes)
        ground = Ground.TOTUL_23 if sent.advances else Ground.AML_14
        found = stated_in(sent, ground)
        assert isinstance(found, Refusal)
        assert found.code == "claims.amount"


def test_what_belongs_to_the_other_ground_or_has_no_first_day_is_refused() -> None:
    care = CareStated(first=None, fee="1", income="800.00")
    sent = ClaimCommand(idempotency_key="k" * 8, number="x", version=1, act="change", care=care)
    month = sent.model_copy(update={"care": None, "advances": (MonthAdvance(month="2017-02", amount="1"),)})
    found = [stated_in(sent, Ground.AML_14), stated_in(month, Ground.AML_14)]
    assert [one.code for one in found if isinstance(one, Refusal)] == ["claims.care", "claims.other_ground"]


def test_a_stale_version_tells_the_newer_one_and_its_state() -> None:
    texts = {stale(7, state).reason.fi for state in ClaimState}
    assert len(texts) == len(ClaimState)
    assert all("7" in text for text in texts)


def test_time_ends_a_hearing_and_a_claim_that_is_over_and_nothing_that_is_held() -> None:
    heard = claim(ClaimState.IN_HEARING, hearing_deadline=DAY)
    after = DAY + timedelta(days=1)
    assert [due(heard, day, holds=True) for day in (DAY, after)] == [None, Act.ANSWER]
    assert due(replace(heard, hearing_deadline=None), after, holds=False) is None
    over = claim(last=DAY)
    assert [due(over, day, holds=False) for day in (DAY, after)] == [None, Act.END]
    assert due(over, after, holds=True) is None
    ending = claim(ClaimState.ENDING, last=None, stops_from=after)
    assert [due(ending, day, holds=False) for day in (DAY, after)] == [None, Act.FINISH]
    for state in (ClaimState.SUSPENDED, ClaimState.ACCEPTED):
        assert due(claim(state, last=DAY), after, holds=False) is Act.END
        assert due(claim(state, last=DAY), after, holds=True) is None
    assert due(claim(last=None), after, holds=False) is None
