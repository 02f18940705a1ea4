"""The client relation (asiakassuhde) on which a look-up rests, the strongest first.

Kela has no register of municipal clients (golden, client relation): what it knows itself comes first, then what the
worker states with a case reference, and last the emergency override.
"""

from shared.contracts.access import Relation
from shared.gate.emergency import valid
from shared.gate.facts import Facts


def relation_of(facts: Facts) -> Relation | None:
    """What makes the client relation; None when nothing does, or when nothing is known of the client."""
    client, stated = facts.client, facts.relation
    if client is None:
        return None
    if facts.member is not None and client.municipality == facts.member.code:
        return Relation.HOME
    if client.own_claim:
        return Relation.CLAIM
    if client.notice:
        return Relation.NOTICE
    if stated is not None and stated.case_reference.strip():
        return Relation.STATED
    return Relation.EMERGENCY if valid(facts) else None


def override_counts(facts: Facts) -> bool:
    """Whether nothing but the emergency override made the relation: then it was used, and is told at once."""
    return relation_of(facts) is Relation.EMERGENCY
