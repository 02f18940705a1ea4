"""V21: the mediation account (välitystili) is no claim, and is advised where it is possible."""

from collections.abc import Callable

import pytest

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.rules import order
from shared.contracts.base import Refusal
from tests.unit.claims.conftest import CARE

Make = Callable[..., ClaimFacts]


def refusal_of(facts: ClaimFacts) -> Refusal:
    """The first refusal."""
    refusal = order.first_refusal(facts)
    assert refusal is not None
    return refusal


def test_v21_given_the_mediation_account_as_ground_then_refused_for_it_needs_consent(facts: Make) -> None:
    refusal = refusal_of(facts(ground="valitystili"))
    assert (refusal.rule, refusal.code) == ("V21", "claim.mediation")
    assert "suostumu" in refusal.reason.fi


@pytest.mark.parametrize(
    ("benefit", "possible"),
    [
        ("yleinen_asumistuki", True),
        ("vammaistuki_16_tayttaneen", True),
        ("perhe_elake", False),
        ("elakkeensaajan_asumistuki", False),
        ("adoptiotuki", False),
        ("laakekatto", False),
    ],
)
def test_v21_given_a_cell_that_cannot_be_claimed_then_the_account_is_advised_where_it_is_possible(
    facts: Make, benefit: str, *, possible: bool
) -> None:
    advice = refusal_of(facts(**CARE, benefit=benefit)).advice
    assert ["välitystili" in advice.fi, "förmedlingskonto" in advice.sv, "mediation" in advice.en] == [possible] * 3
