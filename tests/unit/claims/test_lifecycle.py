"""The life of a claim: what leads where, by whom, and that nothing else does."""

from itertools import product

import pytest

from services.claims.domain.lifecycle import OPEN, TRANSITIONS, UNDECIDED, Act, Party, move
from shared.contracts.base import Refusal
from shared.contracts.claims import ClaimState

ENDS = {ClaimState.ENDED, ClaimState.REJECTED, ClaimState.WITHDRAWN, ClaimState.EXPIRED}


@pytest.mark.parametrize("state", list(ClaimState))
def test_only_what_stands_in_the_table_can_be_done(state: ClaimState) -> None:
    for what, by in product(Act, Party):
        rows = [row for row in TRANSITIONS if (row.before, row.act) == (state, what) and by in row.by]
        found = move(state, what, by)
        if rows:
            assert found == rows[0].after
        else:
            assert isinstance(found, Refusal)
            assert found.code in {"claims.state", "claims.party"}


def test_every_state_is_reached_and_from_every_open_one_an_end() -> None:
    reached, before = {ClaimState.DRAFT}, set[ClaimState]()
    while reached != before:
        before = set(reached)
        reached |= {row.after for row in TRANSITIONS if row.before in before}
    assert reached == set(ClaimState)
    assert set(ClaimState) - OPEN == ENDS
    for state in OPEN:
        ahead, known = {state}, set[ClaimState]()
        while ahead != known:
            known = set(ahead)
            ahead |= {row.after for row in TRANSITIONS if row.before in known}
        assert ahead & ENDS


def test_no_payment_follows_a_claim_before_its_client_was_heard() -> None:
    into = {row.before for row in TRANSITIONS if row.after is ClaimState.ACCEPTED is not row.before}
    assert into == {ClaimState.IN_HEARING}
    assert {row.before for row in TRANSITIONS if row.after is ClaimState.IN_HEARING} <= UNDECIDED


def test_the_municipality_never_decides_and_kela_never_withdraws() -> None:
    decides = {Act.HEAR, Act.ACCEPT, Act.REJECT}
    assert all(Party.CLAIMANT not in row.by for row in TRANSITIONS if row.act in decides)
    assert all(row.by == {Party.CLAIMANT} for row in TRANSITIONS if row.act in {Act.WITHDRAW, Act.CHANGE, Act.REGISTER})
