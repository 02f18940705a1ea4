"""What the pages offer whom. Only an offer: whether it is done, the gate of the asked service decides. Pure."""

from collections.abc import Collection

from shared.contracts.base import Role
from shared.gate.facts import Function
from shared.gate.functions import row_of


def offered(function: Function, roles: Collection[Role]) -> bool:
    """Whether the gate's table of functions has a row for one of the roles."""
    row = row_of(function)
    return row is not None and not row.roles.isdisjoint(roles)
