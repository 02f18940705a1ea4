"""V15: what takes more than the client was heard about stands beside the claim until it is heard and decided."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.claims.domain.acts import act
from services.claims.domain.allocation import CareFee
from services.claims.domain.due import due
from services.claims.domain.letters import letters
from services.claims.domain.lifecycle import Act, Party
from services.claims.domain.lists import Listed, notice_of
from services.claims.domain.registration import Claim
from services.claims.domain.stated import Situation, Stated
from services.claims.domain.terms import Widening
from services.claims.store import proposals
from shared.clock.civil import Month
from shared.contracts.claims import ClaimState
from tests.unit.claims.test_acts import DAY, EURO, FEBRUARY, JUNE, MARCH, REASON, at, care_claim, claim, code, took

MORE = Stated(advances={JUNE: 120 * EURO})
LONGER = Stated(last=date(2017, 7, 31), advances={Month(2017, 7): 90 * EURO})
DEARER = Stated(care=(MARCH, CareFee(550 * EURO, 900 * EURO)))
LATER = DAY + timedelta(days=15)


def done(before: Claim, what: Act, stated: Stated = Stated(), by: Situation | None = None) -> Claim:  # noqa: B008 - it is frozen
    found = act(before, what, stated, by or at(Party.HANDLER))
    assert isinstance(found, Claim), found
    return found


def heard(before: Claim) -> Claim:
    return done(before, Act.HEAR, Stated(deadline=DAY + timedelta(days=14)))


@pytest.mark.parametrize(("before", "stated"), [(claim(), MORE), (claim(), LONGER), (care_claim(), DEARER)])
def test_v15_a_widening_changes_nothing_until_the_client_was_heard_and_it_is_accepted(
    before: Claim, stated: Stated
) -> None:
    proposed = done(before, Act.WIDEN, stated, at())
    assert replace(proposed, widening=None, version=3) == before
    accept = Stated(reason=REASON)
    assert code(act(proposed, Act.ACCEPT, accept, at(Party.HANDLER))) == "claims.not_heard"
    asked = heard(proposed)
    assert replace(asked, widening=None, version=3, hearing_deadline=None) == before
    assert code(act(asked, Act.ACCEPT, accept, at(Party.HANDLER))) == "claims.not_heard"
    assert code(act(asked, Act.ACCEPT, Stated(), at(Party.HANDLER, day=LATER))) == "claims.reasons"
    found = done(asked, Act.ACCEPT, accept, at(Party.HANDLER, day=LATER))
    assert (found.state, found.widening, found.hearing_deadline) == (ClaimState.ACTIVE, None, None)
    assert found.last == (stated.last or before.last)
    assert found.advances == {**before.advances, **stated.advances}
    assert set(found.care) == {*before.care, *([MARCH] if stated.care else [])}


def test_v15_rejected_taken_back_or_ended_it_is_gone_and_the_claim_as_it_was() -> None:
    asked = heard(done(claim(), Act.WIDEN, MORE, at()))
    for gone in (
        done(asked, Act.REJECT, Stated(reason=REASON)),
        done(asked, Act.DROP, Stated(), at()),
    ):
        assert replace(gone, version=3) == claim()
    ended = done(asked, Act.END, Stated(), at())
    assert (ended.state, ended.widening, ended.hearing_deadline) == (ClaimState.ENDING, None, None)


def test_v15_what_was_paid_meanwhile_is_judged_when_it_is_accepted() -> None:
    asked = heard(done(care_claim(), Act.WIDEN, DEARER, at()))
    late = at(Party.HANDLER, took(MARCH, date(2017, 3, 7), 600), day=date(2017, 3, 10))
    assert code(act(asked, Act.ACCEPT, Stated(reason=REASON), late)) == "claims.paid_already"


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (Stated(), "claims.nothing_changed"),
        (Stated(advances={MARCH: 50 * EURO}), "claims.widening.not_more"),
        (Stated(advances={Month(2017, 7): EURO}), "claims.outside_period"),
        (Stated(last=date(2017, 7, 31)), "claim.period.outside_advance"),
    ],
)
def test_a_widening_that_could_not_hold_is_refused_at_once(stated: Stated, expected: str) -> None:
    assert code(act(claim(), Act.WIDEN, stated, at())) == expected


def test_one_widening_at_a_time_and_none_to_hear_or_decide_without_one() -> None:
    proposed = done(claim(), Act.WIDEN, MORE, at())
    assert code(act(proposed, Act.WIDEN, LONGER, at())) == "claims.widening.stands"
    stated = Stated(reason=REASON, deadline=DAY + timedelta(days=14))
    for what in (Act.HEAR, Act.ANSWER, Act.ACCEPT, Act.REJECT):
        assert code(act(claim(), what, stated, at(Party.HANDLER))) == "claims.widening.none"
    assert code(act(claim(), Act.DROP, Stated(), at())) == "claims.widening.none"
    assert code(act(claim(), Act.WIDEN, MORE, at(Party.HANDLER))) == "claims.party"


def test_the_deadline_of_its_hearing_passes_by_time() -> None:
    asked = heard(done(claim(), Act.WIDEN, MORE, at()))
    assert [due(asked, day, holds=False) for day in (DAY, LATER)] == [None, Act.ANSWER]
    answered = done(asked, Act.ANSWER, Stated(), Situation(by=Party.SYSTEM, day=LATER))
    assert (answered.hearing_deadline, answered.widening) == (None, asked.widening)


def test_its_letters_tell_what_is_added_and_that_the_claim_goes_on() -> None:
    asked = heard(done(claim(), Act.WIDEN, MORE, at()))
    hearing = letters(asked, Act.HEAR, "", DAY)
    assert all("6/2017: 120,00 €" in text and "24.2.2017" in text for text in hearing.values())
    rejected = done(asked, Act.REJECT, Stated(reason=REASON))
    assert "Vaatimus jatkuu kuten ennen" in letters(rejected, Act.REJECT, REASON, DAY)["fi"]


def test_it_stands_in_the_lists_and_is_kept_whole() -> None:
    proposed = done(claim(), Act.WIDEN, MORE, at())
    listed = Listed(proposed, 0 * EURO, 0 * EURO, overlapped=False, confirmed=True)
    assert [notice_of(listed, DAY, at_kela=kela) for kela in (True, False)] == ["widening", "widening"]
    whole = Widening(JUNE.last, {FEBRUARY: EURO}, DEARER.care, JUNE.last, heard=True)
    assert [proposals.read(proposals.written(one)) for one in (whole, Widening())] == [whole, Widening()]
