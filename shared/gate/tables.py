"""Which role sees which data for which purpose: written out, one row a case. What stands in no row is not allowed.

Sources: L 812/2000 20 § (only what is necessary for the task) and 21 § (determining a charge, checking data). Which
optional group serves which task is assumed: insurance bears on fees and checks; recovery and the medicine ceiling on
what an assistance handler checks; recovery also on a claim, which comes after it (`golden.md`, life events).
"""

from dataclasses import dataclass
from typing import Final

from shared.contracts.base import DataGroup, Purpose, Role
from shared.gate.facts import Facts
from shared.gate.functions import row_of
from shared.gate.mandates import roles_in_force


@dataclass(frozen=True, slots=True)
class PurposeRow:
    """One role using one purpose, and the data groups that it may see so."""

    role: Role
    purpose: Purpose
    groups: frozenset[DataGroup]


_VIEWED: Final = frozenset({DataGroup.PENDING, DataGroup.DECISIONS, DataGroup.PAYMENTS})
_OWN: Final = _VIEWED | {DataGroup.CLAIMS}

PURPOSES: Final = (
    PurposeRow(Role.VIEWER, Purpose.CHARGE, _VIEWED),
    PurposeRow(Role.VIEWER, Purpose.VERIFY, _VIEWED | {DataGroup.INSURANCE}),
    PurposeRow(Role.FEE_CLERK, Purpose.CHARGE, _OWN | {DataGroup.INSURANCE}),
    PurposeRow(Role.FEE_CLERK, Purpose.VERIFY, _OWN | {DataGroup.INSURANCE}),
    PurposeRow(Role.FEE_CLERK, Purpose.CLAIM, _OWN | {DataGroup.RECOVERY}),
    PurposeRow(Role.ASSISTANCE_HANDLER, Purpose.CHARGE, _OWN | {DataGroup.INSURANCE}),
    PurposeRow(
        Role.ASSISTANCE_HANDLER,
        Purpose.VERIFY,
        _OWN | {DataGroup.INSURANCE, DataGroup.RECOVERY, DataGroup.MEDICINE},
    ),
    PurposeRow(Role.ASSISTANCE_HANDLER, Purpose.CLAIM, _OWN | {DataGroup.RECOVERY}),
    PurposeRow(Role.MAINTENANCE_OFFICER, Purpose.CHARGE, _OWN),
    PurposeRow(Role.MAINTENANCE_OFFICER, Purpose.VERIFY, _OWN | {DataGroup.INSURANCE}),
    PurposeRow(Role.MAINTENANCE_OFFICER, Purpose.CLAIM, _OWN | {DataGroup.RECOVERY}),
    PurposeRow(Role.EMERGENCY_WORKER, Purpose.VERIFY, _VIEWED | {DataGroup.INSURANCE}),
    PurposeRow(Role.LABOUR_MARKET_HANDLER, Purpose.TMT_LIST, frozenset({DataGroup.DECISIONS, DataGroup.PAYMENTS})),
    PurposeRow(Role.LABOUR_MARKET_HANDLER, Purpose.INVOICE_LIST, frozenset({DataGroup.PAYMENTS})),
    PurposeRow(Role.NOTICE_HANDLER, Purpose.ETOTU, frozenset({DataGroup.PENDING, DataGroup.DECISIONS})),
)

_GROUPS: Final = {(row.role, row.purpose): row.groups for row in PURPOSES}


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


def sees_protected(facts: Facts) -> bool:
    """Whether what a safety prohibition (turvakielto, L 661/2009 36 §) hides may be shown.

    The role of a protected data handler opens nothing by itself: another role must cover the function.
    """
    row, roles = row_of(facts.function), roles_in_force(facts)
    return row is not None and Role.PROTECTED_DATA_HANDLER in roles and bool(row.roles & roles)
