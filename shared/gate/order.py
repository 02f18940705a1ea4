"""All rules of the gate in their one order, and the decision: the first refusal wins.

The order follows the law's own: who asks, whether the machinery can be trusted right now, whether the
organisation has a right at all, whether this worker has it for this municipality, what for, and about whom.
A worker so learns the most basic obstacle first, and nothing about a client before the right to ask stands.
"""

from collections.abc import Callable, Sequence
from typing import Final

from shared.contracts.base import Refusal
from shared.gate.facts import Facts
from shared.gate.rules import (
    actor_verified,
    agreement_exists,
    agreement_not_suspended,
    agreement_not_terminated,
    agreement_valid,
    agreements_fresh,
    audit_fresh,
    bound_to_person,
    channel_covered,
    claims_covered,
    client_informed,
    client_relation,
    data_group_covered,
    deceased,
    emergency_override,
    identity_code_valid,
    law_section,
    list_date,
    mandate_of_municipality,
    mandate_of_worker,
    minors_right,
    municipality_exists,
    not_of_relative,
    not_own_code,
    organisation_known,
    purpose_chosen,
    purpose_covered,
    purpose_fits_function,
    purpose_of_role,
    responsible_body,
    role_covers_function,
    security_statement,
    session_age,
    user_active,
)

Rule = Callable[[Facts], Refusal | None]

ASKING: Final[tuple[Rule, ...]] = (
    actor_verified.refuse,
    bound_to_person.refuse,
    session_age.refuse,
    audit_fresh.refuse,
    agreements_fresh.refuse,
    organisation_known.refuse,
    municipality_exists.refuse,
    agreement_exists.refuse,
    agreement_valid.refuse,
    agreement_not_terminated.refuse,
    agreement_not_suspended.refuse,
    law_section.refuse,
    security_statement.refuse,
    channel_covered.refuse,
    claims_covered.refuse,
    responsible_body.refuse,
    mandate_of_municipality.refuse,
    user_active.refuse,
    mandate_of_worker.refuse,
    role_covers_function.refuse,
    purpose_chosen.refuse,
    purpose_fits_function.refuse,
    purpose_covered.refuse,
    purpose_of_role.refuse,
    data_group_covered.refuse,
    list_date.refuse,
    emergency_override.refuse,
    client_informed.refuse,
    identity_code_valid.refuse,
)
"""Who asks, with what right and what for: decided before anything of the client is read."""

CLIENT: Final[tuple[Rule, ...]] = (
    not_own_code.refuse,
    not_of_relative.refuse,
    client_relation.refuse,
    deceased.refuse,
    minors_right.refuse,
)
"""About whom: decided when the register was read and before anything is shown."""

ORDER: Final = (*ASKING, *CLIENT)


def decide(facts: Facts, rules: Sequence[Rule] = ORDER) -> Refusal | None:
    """Ask every rule in order.

    Returns:
        The first refusal, or None when every rule lets the request pass.
    """
    for rule in rules:
        refused = rule(facts)
        if refused is not None:
            return refused
    return None
