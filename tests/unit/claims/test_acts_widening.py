"""What a change may not add to a claim that is paid by, and what stays paid and claimed when a claim stops."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.claims.data_files import policy, protected_shares
from services.claims.domain.acts import act
from services.claims.domain.allocation import CareFee, Standing
from services.claims.domain.booking import claimed
from services.claims.domain.changing import unlawful
from services.claims.domain.due import Fate, due, due_on
from services.claims.domain.facts import ClaimFacts
from services.claims.domain.lifecycle import Act, Party
from services.claims.domain.registration import Claim
from services.claims.domain.stated import Situation, Stated
from shared.clock.civil import Month
from shared.contracts.asking import CareStated, ClaimCommand, MonthAdvance
from shared.contracts.base import Refusal
from shared.contracts.claims import ClaimState
from tests.unit.claims.test_acts import DAY, EURO, FEBRUARY, JANUARY, JUNE, MARCH, at, care_claim, claim, code, took

Make = Callable[..., ClaimFacts]
AFTER = DAY + timedelta(days=1)
JULY = Month(2017, 7)
WIDER = [
    (claim, Stated(advances={JUNE: 101 * EURO})),
    (claim, Stated(last=date(2017, 7, 31), advances={JULY: EURO})),
    (care_claim, Stated(care=(MARCH, CareFee(501 * EURO, 900 * EURO)))),
]
CHANGE: dict[str, object] = {"idempotency_key": "k" * 8, "number": "x", "version": 3, "act": "change"}


def ended(before: Claim, what: Act, stated: Stated, situation: Situation) -> Claim:
    found = act(before, what, stated, situation)
    assert isinstance(found, Claim), found
    return found


@pytest.mark.parametrize(("make", "stated"), WIDER)
def test_v15_a_change_never_takes_more_by_an_active_claim_and_may_by_one_not_heard_yet(
    make: Callable[[], Claim], stated: Stated
) -> None:
    refused = act(make(), Act.CHANGE, stated, at())
    assert code(refused) == "claims.widened"
    assert isinstance(act(replace(make(), state=ClaimState.WAITING), Act.CHANGE, stated, at()), Claim)


def test_a_change_that_takes_less_leaves_an_active_claim_active() -> None:
    less = Stated(last=date(2017, 5, 31), advances={MARCH: 50 * EURO})
    found = ended(claim(), Act.CHANGE, less, at())
    assert (found.state, found.last, found.advances[MARCH]) == (ClaimState.ACTIVE, date(2017, 5, 31), 50 * EURO)
    assert isinstance(act(care_claim(), Act.CHANGE, Stated(last=date(2018, 1, 31)), at()), Claim)


def test_a_change_never_reaches_beyond_the_care_and_the_last_day_of_care_is_kept() -> None:
    until = replace(care_claim(), state=ClaimState.WAITING, last=date(2017, 5, 31), care_last=date(2017, 5, 31))
    assert code(act(until, Act.CHANGE, Stated(last=date(2017, 6, 1)), at())) == "claim.period.outside_care"
    fee = (MARCH, CareFee(450 * EURO, 800 * EURO))
    early = Stated(care=fee, care_last=date(2017, 4, 30))
    assert code(act(until, Act.CHANGE, early, at())) == "claim.period.outside_care"
    found = ended(until, Act.CHANGE, replace(early, last=date(2017, 4, 30)), at())
    assert (found.last, found.care_last) == (date(2017, 4, 30), date(2017, 4, 30))
    before = Stated(care=(Month(2016, 12), CareFee(450 * EURO, 800 * EURO)))
    assert code(act(until, Act.CHANGE, before, at())) == "claims.outside_period"


@pytest.mark.parametrize(
    ("care", "expected"),
    [
        (CareStated(first=date(2017, 3, 1), fee="790", income="800"), "claim.care.fee_too_high"),
        (CareStated(first=date(2017, 3, 1), fee="500", income="800", others="600"), "claim.care.nothing_left"),
        (CareStated(first=date(2017, 3, 1), last=date(2017, 2, 1), fee="500", income="800"), "claim.care.period"),
        (CareStated(first=date(2017, 3, 1), fee="450", income="800"), None),
    ],
)
def test_v10_v11_a_changed_fee_is_judged_as_a_registered_one(
    care: CareStated, expected: str | None, facts: Make
) -> None:
    sent = ClaimCommand.model_validate({**CHANGE, "care": care})
    found = unlawful(care_claim(), sent, facts().access, policy(), protected_shares())
    assert (None if found is None else found.code) == expected


def test_v9_basic_assistance_is_never_extended_beyond_what_the_municipality_decided(facts: Make) -> None:
    sent = ClaimCommand.model_validate({**CHANGE, "last": date(2017, 6, 30)})
    changed = claim(ClaimState.WAITING, origin=date(2016, 12, 1))
    found = [
        unlawful(one, sent, facts().access, policy(), protected_shares())
        for one in (changed, replace(changed, assistance="supplementary"), replace(changed, origin=None))
    ]
    assert [None if one is None else one.code for one in found] == [
        "claim.assistance.basic", None, "claim.assistance.basic",
    ]  # fmt: skip
    late = replace(changed, assistance="supplementary", origin=None)
    v14 = unlawful(late, sent, facts().access, policy(), protected_shares())
    assert v14 is not None
    assert v14.code == "claim.decided.missing"


def test_v8_a_month_is_stated_once_in_a_change(facts: Make) -> None:
    twice = (MonthAdvance(month="2017-02", amount="1"),) * 2
    found = unlawful(
        claim(),
        ClaimCommand.model_validate({**CHANGE, "advances": twice}),
        facts().access,
        policy(),
        protected_shares(),
    )
    assert isinstance(found, Refusal)
    assert found.code == "claim.advances.month"


def test_v16_what_was_paid_by_an_accepted_claim_stays_when_it_is_withdrawn() -> None:
    accepted = claim(ClaimState.ACCEPTED)
    gone = ended(accepted, Act.WITHDRAW, Stated(), at(Party.CLAIMANT, took()))
    assert (gone.state, gone.stops_from, gone.last) == (ClaimState.WITHDRAWN, date(2017, 2, 8), FEBRUARY.last)
    seen = claimed(gone, confirmed=True)
    assert (seen.standing, seen.runs_on(date(2017, 2, 7)), seen.runs_on(date(2017, 2, 8))) == (
        Standing.PAID, True, False,
    )  # fmt: skip
    unpaid = ended(accepted, Act.WITHDRAW, Stated(), at(Party.CLAIMANT, took(held=True)))
    assert claimed(unpaid, confirmed=True).standing is Standing.ENDED


def test_an_open_end_is_closed_by_the_day_of_the_end_notice_or_the_last_paid_day() -> None:
    assert ended(care_claim(), Act.END, Stated(), at()).last == DAY
    assert ended(care_claim(), Act.END, Stated(), at(Party.CLAIMANT, took())).last == FEBRUARY.last
    assert ended(care_claim(first=date(2017, 5, 1)), Act.END, Stated(), at()).last == date(2017, 5, 1)


def test_what_time_ends_in_suspension_takes_nothing_of_what_is_paid_later() -> None:
    by_time = Situation(by=Party.SYSTEM, day=AFTER)
    found = ended(claim(ClaimState.SUSPENDED, last=DAY), Act.END, Stated(), by_time)
    assert (found.stops_from, found.end_reason) == (AFTER + timedelta(days=1), "last_day")
    assert ended(claim(last=DAY), Act.END, Stated(), by_time).stops_from is None


@pytest.mark.parametrize("state", [ClaimState.ACCEPTED, ClaimState.ACTIVE, ClaimState.SUSPENDED])
def test_a_death_ends_a_decided_claim(state: ClaimState) -> None:
    open_ended, fate = replace(care_claim(), state=state), Fate(died=DAY)
    assert due(open_ended, DAY, holds=False, fate=fate) is None
    assert due(open_ended, AFTER, holds=False, fate=fate) is Act.END
    by_time = Situation(by=Party.SYSTEM, day=AFTER, died=DAY)
    ending = ended(open_ended, Act.END, Stated(), by_time)
    assert ending.end_reason == "death"
    assert due(ending, AFTER, holds=False, fate=fate) is Act.FINISH
    assert due_on(ending, Act.FINISH, AFTER + timedelta(days=9), fate) == AFTER


@pytest.mark.parametrize("state", [ClaimState.REGISTERED, ClaimState.WAITING, ClaimState.IN_HEARING])
def test_a_death_lets_an_undecided_claim_expire(state: ClaimState) -> None:
    fate = Fate(died=JANUARY.last)
    assert due(claim(state), DAY, holds=True, fate=fate) is Act.EXPIRE
    found = ended(claim(state), Act.EXPIRE, Stated(), Situation(by=Party.SYSTEM, day=DAY, died=JANUARY.last))
    assert (found.state, found.end_reason) == (ClaimState.EXPIRED, "death")
    assert due_on(claim(state), Act.EXPIRE, DAY, fate) == date(2017, 2, 1)


def test_r6_a_refused_benefit_lets_a_waiting_claim_expire_and_no_other() -> None:
    fate = Fate(refused=True)
    found = {state: due(claim(state), DAY, holds=True, fate=fate) for state in ClaimState}
    assert [state for state, what in found.items() if what is Act.EXPIRE] == [ClaimState.WAITING]
    gone = ended(claim(ClaimState.WAITING), Act.EXPIRE, Stated(), Situation(by=Party.SYSTEM, day=DAY))
    assert gone.end_reason == "benefit_refused"
    assert due_on(claim(ClaimState.WAITING), Act.EXPIRE, DAY, fate) == DAY
