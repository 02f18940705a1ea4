"""What may be done (toiminnot) and what must be known and stated for it: written out, one row a function.

Sources: L 812/2000 21 § gives the two purposes of the technical connection and demands that the client was told;
that fee clerks, assistance handlers and child-maintenance officers are the three who claim follows from the grounds
of claims (L 734/1992 14 §, L 1412/1997 23 §, L 580/2008 11 §). The other roles' division is assumed (`domain.md` C).
"""

from dataclasses import dataclass
from typing import Final

from shared.contracts.base import Purpose, Role
from shared.gate.facts import Facts, Function


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionRow:
    """One function: who may use it, and what must be stated for it.

    Attributes:
        function: The function.
        roles: Roles that may use it.
        purposes: Purposes that fit it, one of which must be chosen; empty: none is needed, it shows no data of the
            register.
        informed: Whether the client must have been told beforehand: it searches by the worker's own initiative.
        code: Whether it names a client by a typed identity code.
        client: Whether it is about one client, so that the rules about the client cannot pass without one.
        claims: Whether it needs an agreement that covers claims.
        member: Whether it acts for a member municipality under an agreement. Records are kept without one: the main
            user before there is an agreement, and Kela's officer under none. No client's data is shown so, except to
            Kela's claim handler, whose cases they are: then `client` is set, and the log must cover it.
        citizen: Whether it is used by a person about themselves: without role, mandate and organisation, by the
            channel for it and no other. What is asked must then name nobody: it is about whoever asks.
    """

    function: Function
    roles: frozenset[Role]
    purposes: frozenset[Purpose] = frozenset()
    informed: bool = False
    code: bool = False
    client: bool = False
    claims: bool = False
    member: bool = True
    citizen: bool = False


_LOOKING: Final = frozenset({Purpose.CHARGE, Purpose.VERIFY, Purpose.CLAIM})
_LISTS: Final = frozenset({Purpose.TMT_LIST, Purpose.INVOICE_LIST})
_NOTICES: Final = frozenset({Purpose.ETOTU})
_CLAIMANTS: Final = frozenset({Role.FEE_CLERK, Role.ASSISTANCE_HANDLER, Role.MAINTENANCE_OFFICER})
_SEARCHERS: Final = _CLAIMANTS | {Role.VIEWER, Role.EMERGENCY_WORKER}
_KEEPERS: Final = frozenset({Role.MAIN_USER, Role.AGREEMENT_OFFICER})
_SUPERVISORS: Final = frozenset({Role.LOG_SUPERVISOR, Role.AUDITOR})

FUNCTIONS: Final = (
    FunctionRow(
        function=Function.VIEW_PERSON, roles=_SEARCHERS, purposes=_LOOKING, informed=True, code=True, client=True
    ),
    FunctionRow(function=Function.VIEW_LIST, roles=frozenset({Role.LABOUR_MARKET_HANDLER}), purposes=_LISTS),
    FunctionRow(function=Function.VIEW_NOTICES, roles=frozenset({Role.NOTICE_HANDLER}), purposes=_NOTICES, client=True),
    FunctionRow(
        function=Function.HANDLE_NOTICES, roles=frozenset({Role.NOTICE_HANDLER}), purposes=_NOTICES, client=True
    ),
    FunctionRow(function=Function.ANNOTATE, roles=_SEARCHERS),
    FunctionRow(function=Function.REGISTER_CLAIM, roles=_CLAIMANTS, code=True, client=True, claims=True),
    FunctionRow(function=Function.CLAIM_STATUS, roles=_CLAIMANTS, claims=True),
    FunctionRow(function=Function.VIEW_CLAIMS, roles=_CLAIMANTS, client=True, claims=True),
    FunctionRow(function=Function.ACT_ON_CLAIM, roles=_CLAIMANTS, client=True, claims=True),
    FunctionRow(function=Function.HAND_OVER_CLAIMS, roles=frozenset({Role.MAIN_USER}), client=True, claims=True),
    FunctionRow(function=Function.HANDLE_CLAIMS, roles=frozenset({Role.CLAIM_HANDLER}), client=True, member=False),
    FunctionRow(function=Function.CHANGE_RECORDS, roles=_KEEPERS, member=False),
    FunctionRow(function=Function.VIEW_RECORDS, roles=_KEEPERS, member=False),
    FunctionRow(function=Function.VIEW_BILLING, roles=frozenset({Role.BILLING_CLERK}), member=False),
    FunctionRow(function=Function.CITIZEN_LOG, roles=frozenset(), client=True, member=False, citizen=True),
    FunctionRow(function=Function.AUDIT_SEARCH, roles=frozenset({Role.AUDITOR}), client=True, member=False),
    FunctionRow(function=Function.GENERIC_REPORT, roles=_SUPERVISORS, member=False),
    FunctionRow(function=Function.SPECIFIC_REPORT, roles=_SUPERVISORS, client=True, member=False),
    FunctionRow(function=Function.HANDLE_ALERTS, roles=_SUPERVISORS, member=False),
)

_ROWS: Final = {row.function: row for row in FUNCTIONS}


def row_of(function: Function | None) -> FunctionRow | None:
    """The row of a function; None when it is not known."""
    return None if function is None else _ROWS.get(function)


def without_member(facts: Facts) -> bool:
    """Whether the function is used without a member municipality, so that rules about one have no say.

    So records are kept, and so Kela handles claims. So the log is looked into: supervision outlives the agreement.
    Of an unknown function it is not so: every rule then stands.
    """
    row = row_of(facts.function)
    return row is not None and not row.member


def about_oneself(facts: Facts) -> bool:
    """Whether a person asks about themselves, so that rules about organisations and roles have no say."""
    row = row_of(facts.function)
    return row is not None and row.citizen


def needs_client(facts: Facts) -> bool:
    """Whether the rules about the client cannot pass without one; an unknown function needs one."""
    row = row_of(facts.function)
    return row is None or row.client
