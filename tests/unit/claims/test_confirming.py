"""Golden R6: the municipality confirms the monthly amounts once the awaited benefit is granted."""

from dataclasses import replace
from datetime import date

import pytest

from services.claims.domain.acts import act
from services.claims.domain.due import Fate, due, due_on
from services.claims.domain.lifecycle import Act, Party
from services.claims.domain.lists import Listed, notice_of
from services.claims.domain.registration import Claim
from services.claims.domain.stated import Situation, Stated
from shared.clock.civil import Month
from shared.contracts.claims import ClaimState
from tests.unit.claims.test_acts import DAY, EURO, MARCH, at, care_claim, claim, code

JULY = Month(2017, 7)
GRANTED = date(2017, 2, 8)
WAITING = claim(ClaimState.WAITING)
ASKED = replace(WAITING, amounts_asked=GRANTED)


def test_r6_a_granted_benefit_asks_once_and_only_of_claims_that_wait_on_advances() -> None:
    fate = Fate(granted=GRANTED)
    assert due(WAITING, DAY, holds=True, fate=fate) is Act.ASK_AMOUNTS
    assert due_on(WAITING, Act.ASK_AMOUNTS, DAY, fate) == GRANTED
    assert due(WAITING, date(2017, 2, 7), holds=True, fate=fate) is None
    assert due(WAITING, DAY, holds=True, fate=replace(fate, asked=True)) is None
    assert due(replace(care_claim(), state=ClaimState.WAITING), DAY, holds=True, fate=fate) is None
    others = [state for state in ClaimState if due(claim(state), DAY, holds=True, fate=fate) is Act.ASK_AMOUNTS]
    assert others == [ClaimState.WAITING]
    asked = act(WAITING, Act.ASK_AMOUNTS, Stated(), Situation(by=Party.SYSTEM, day=DAY))
    assert asked == replace(WAITING, version=4, amounts_asked=DAY)


def test_r6_the_task_stands_in_the_list_until_the_amounts_are_confirmed() -> None:
    listed = Listed(ASKED, 0 * EURO, 0 * EURO, overlapped=False, confirmed=True)
    assert notice_of(listed, DAY, at_kela=False) == "amounts"
    assert act(ASKED, Act.CONFIRM, Stated(), at()) == replace(WAITING, version=4)
    assert notice_of(replace(listed, claim=WAITING), DAY, at_kela=False) != "amounts"


def test_r6_amounts_and_months_may_be_changed_by_the_confirmation_or_before_it() -> None:
    more = Stated(last=date(2017, 7, 31), advances={MARCH: 150 * EURO, JULY: 90 * EURO})
    found = act(ASKED, Act.CONFIRM, more, at())
    assert isinstance(found, Claim)
    assert (found.last, found.advances[MARCH], found.advances[JULY]) == (date(2017, 7, 31), 150 * EURO, 90 * EURO)
    assert found.amounts_asked is None
    added = act(ASKED, Act.CHANGE, more, at())
    assert isinstance(added, Claim)
    assert added.amounts_asked == GRANTED


@pytest.mark.parametrize("state", [ClaimState.IN_HEARING, ClaimState.ACCEPTED, ClaimState.ACTIVE, ClaimState.SUSPENDED])
def test_v15_once_the_client_was_heard_a_confirmation_states_no_more(state: ClaimState) -> None:
    before = replace(ASKED, state=state)
    assert code(act(before, Act.CONFIRM, Stated(advances={MARCH: 101 * EURO}), at())) == "claims.widened"
    assert isinstance(act(before, Act.CONFIRM, Stated(advances={MARCH: 99 * EURO}), at()), Claim)


def test_nothing_is_confirmed_that_was_not_asked_and_nobody_else_confirms_it() -> None:
    assert code(act(WAITING, Act.CONFIRM, Stated(), at())) == "claims.not_asked"
    assert code(act(ASKED, Act.CONFIRM, Stated(), at(Party.HANDLER))) == "claims.party"
