"""Which role may do what, for which purpose, on which data: written out, one row a case.

What stands in no row is not allowed. Sources: L 812/2000 21 § gives the two purposes of the technical
connection (determining a charge, checking data); that fee clerks, assistance handlers and child-maintenance
officers are the three who claim follows from the grounds of claims (L 734/1992 14 §, L 1412/1997 23 §,
L 580/2008 11 §); the viewer without claims and the division of roles are assumed.
"""

from dataclasses import dataclass
from typing import Final

from shared.contracts.base import DataGroup, Purpose, Role
from shared.gate.facts import Facts, Function, roles_in_force


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """One function: who may use it, and what must be stated for it.

    Attributes:
        function: The function.
        roles: Roles that may use it.
        purpose: Whether a purpose is chosen for it and the client told: it shows data of the register.
        client: Whether it names a client by identity code.
        claims: Whether it needs an agreement that covers claims.
    """

    function: Function
    roles: frozenset[Role]
    purpose: bool
    client: bool
    claims: bool


@dataclass(frozen=True, slots=True)
class PurposeRow:
    """One role using one purpose, and the data groups that it may see so."""

    role: Role
    purpose: Purpose
    groups: frozenset[DataGroup]


_VIEWED = frozenset({DataGroup.PENDING, DataGroup.DECISIONS, DataGroup.PAYMENTS})
_ALL = _VIEWED | {DataGroup.CLAIMS}
_CLAIMANTS = frozenset({Role.FEE_CLERK, Role.ASSISTANCE_HANDLER, Role.MAINTENANCE_OFFICER})

FUNCTIONS: Final = (
    FunctionRow(Function.VIEW_PERSON, _CLAIMANTS | {Role.VIEWER}, purpose=True, client=True, claims=False),
    FunctionRow(Function.REGISTER_CLAIM, _CLAIMANTS, purpose=False, client=True, claims=True),
    FunctionRow(Function.CLAIM_STATUS, _CLAIMANTS, purpose=False, client=False, claims=True),
)

PURPOSES: Final = (
    PurposeRow(Role.VIEWER, Purpose.CHARGE, _VIEWED),
    PurposeRow(Role.VIEWER, Purpose.VERIFY, _VIEWED),
    PurposeRow(Role.FEE_CLERK, Purpose.CHARGE, _ALL),
    PurposeRow(Role.FEE_CLERK, Purpose.VERIFY, _ALL),
    PurposeRow(Role.FEE_CLERK, Purpose.CLAIM, _ALL),
    PurposeRow(Role.ASSISTANCE_HANDLER, Purpose.CHARGE, _ALL),
    PurposeRow(Role.ASSISTANCE_HANDLER, Purpose.VERIFY, _ALL),
    PurposeRow(Role.ASSISTANCE_HANDLER, Purpose.CLAIM, _ALL),
    PurposeRow(Role.MAINTENANCE_OFFICER, Purpose.CHARGE, _ALL),
    PurposeRow(Role.MAINTENANCE_OFFICER, Purpose.VERIFY, _ALL),
    PurposeRow(Role.MAINTENANCE_OFFICER, Purpose.CLAIM, _ALL),
)

_FUNCTION_ROWS: Final = {row.function: row for row in FUNCTIONS}
_GROUPS: Final = {(row.role, row.purpose): row.groups for row in PURPOSES}


def row_of(function: Function | None) -> FunctionRow | None:
    """The row of a function; None when it is not known."""
    return None if function is None else _FUNCTION_ROWS.get(function)


def groups_of_roles(facts: Facts) -> frozenset[DataGroup]:
    """Data groups that the worker's roles in force may see for the chosen purpose."""
    purpose = facts.purpose
    if purpose is None:
        return frozenset()
    nothing: frozenset[DataGroup] = frozenset()
    return nothing.union(*(_GROUPS.get((role, purpose), nothing) for role in roles_in_force(facts)))


def visible_groups(facts: Facts) -> frozenset[DataGroup]:
    """Data groups that both the worker's roles and the agreement allow for this search."""
    if facts.agreement is None:
        return frozenset()
    return groups_of_roles(facts) & frozenset(facts.agreement.data_groups)
