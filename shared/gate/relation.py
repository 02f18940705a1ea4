"""The client relation (asiakassuhde) on which a look-up rests, the strongest first.

Kela has no register of municipal clients (golden, client relation): what it knows itself comes first, then what the
worker states with a case reference, and last the emergency override.

Where a protected client lives (turvakielto, L 661/2009 36 §) is for the protected data handler alone. For everybody
else the home municipality counts for nothing, so that neither a refusal nor the relation shown tells it: they state
the relation, or an emergency, wherever the client lives.
"""

from shared.contracts.access import Relation
from shared.gate.emergency import valid
from shared.gate.facts import Client, Facts
from shared.gate.tables import sees_protected


def relation_of(facts: Facts) -> Relation | None:
    """What makes the client relation; None when nothing does, or when nothing is known of the client."""
    client, stated = facts.client, facts.relation
    if client is None:
        return None
    if _at_home(facts, client):
        return Relation.HOME
    if client.own_claim:
        return Relation.CLAIM
    if client.notice:
        return Relation.NOTICE
    if stated is not None and any(map(str.isalnum, stated.case_reference)):
        return Relation.STATED
    return Relation.EMERGENCY if valid(facts) else None


def override_counts(facts: Facts) -> bool:
    """Whether nothing but the emergency override made the relation: then it was used, and is told at once."""
    return relation_of(facts) is Relation.EMERGENCY


def _at_home(facts: Facts, client: Client) -> bool:
    """Whether the client lives in the member municipality, as far as the worker may know it."""
    if facts.member is None or client.municipality != facts.member.code:
        return False
    return not client.protected or sees_protected(facts)
