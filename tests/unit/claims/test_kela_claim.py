"""Kela's own claim at its desk is judged by a municipality's rules, less what a municipality alone states."""

from dataclasses import replace
from datetime import date

import pytest

from services.claims.data_files import policy, protected_shares
from services.claims.domain.acts import act
from services.claims.domain.facts import ClaimFacts, ExistingClaim, RegisterFacts
from services.claims.domain.kela_claim import as_claim, refuse_known, refuse_stated
from services.claims.domain.lifecycle import Act
from services.claims.domain.stated import Stated
from shared.contracts.asking import MonthAdvance, RegisterKelaClaim
from shared.contracts.claims import Ground
from shared.gate.mandates import KELA
from tests.unit.claims.conftest import ACCESS, ARRIVED
from tests.unit.claims.test_acts import at, claim, code

SENT = RegisterKelaClaim(
    idempotency_key="key-00000001", identity_code="010180-9015", benefit="kansanelake", decided=date(2016, 11, 10),
    first=date(2016, 12, 1), last=date(2016, 12, 31), advances=(MonthAdvance(month="2016-12", amount="250,00"),),
)  # fmt: skip


def facts(**changes: object) -> ClaimFacts:
    sent = as_claim(SENT.model_copy(update=changes))
    return ClaimFacts(sent, ARRIVED, ACCESS, policy(), protected_shares(), own=False, register=RegisterFacts())


def test_a_claim_that_states_what_kela_knows_passes_without_account_reference_and_handler() -> None:
    assert refuse_stated(facts()) is None
    assert refuse_known(facts()) is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"benefit": "x"}, "claim.benefit"),
        ({"first": None}, "claim.period.missing"),
        ({"last": date(2016, 11, 1)}, "claim.period.reversed"),
        ({"last": date(2017, 1, 31)}, "claim.period.outside_advance"),
        ({"decided": None}, "claim.decided.missing"),
        ({"advances": (MonthAdvance(month="2016-12", amount="1,234"),)}, "claim.advances.invalid"),
    ],
)
def test_what_is_wrong_in_it_is_refused_before_the_client_is_read(changes: dict[str, object], expected: str) -> None:
    refused = refuse_stated(facts(**changes))
    assert refused is not None
    assert refused.code == expected


def test_kelas_earlier_claim_on_the_same_months_refuses_it_and_one_on_other_months_does_not() -> None:
    def known(first: date) -> ClaimFacts:
        own = ExistingClaim("x", KELA, "", "kansanelake", Ground.TOTUL_23, first, None)
        return replace(facts(), existing=(own,))

    refused = refuse_known(known(date(2016, 12, 31)))
    assert refused is not None
    assert refused.code == "claims.kela_duplicate"
    assert refuse_known(known(date(2017, 1, 1))) is None


def test_a_claim_goes_over_to_somebody_and_for_a_reason() -> None:
    assert code(act(claim(), Act.HAND_OVER, Stated(reason="Lähtee"), at())) == "claims.hand_over.taker"
    assert code(act(claim(), Act.HAND_OVER, Stated(holder="v1." + "c" * 26), at())) == "claims.hand_over.reason"
