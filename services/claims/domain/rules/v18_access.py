"""V18: the claimant has an agreement that covers claims, and the worker a mandate and a role for the member.

The rules are the gate's own. Left to V3 is the identity code, whose advice for claims is another one.
"""

from typing import Final

from services.claims.domain.facts import ClaimFacts
from shared.contracts.base import Refusal
from shared.gate.order import ASKING, decide
from shared.gate.rules import identity_code_valid

RULES: Final = tuple(rule for rule in ASKING if rule is not identity_code_valid.refuse)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse what the gate refuses."""
    return decide(facts.access, RULES)
