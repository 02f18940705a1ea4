"""A municipality's own systems that an agreement lets call the interface: known by exactly one proof, and unique."""

from collections import Counter

from services.agreements.domain.refusals import ChangeRefused, refuse
from services.agreements.domain.rules.mandates import ROLES_AT_KELA
from services.agreements.domain.spans import is_reversed
from services.agreements.domain.state import State, marks
from services.agreements.domain.words import MARKS
from shared.contracts.agreements import AgreementChanged, InterfaceClient
from shared.contracts.base import Role

_NOT_FOR_SYSTEMS = frozenset({Role.MAIN_USER, Role.EMERGENCY_WORKER}) | ROLES_AT_KELA
"""Roles that are a person's own responsibility (assumed): records are changed and emergencies judged by people."""


def systems_prove_themselves(state: State, record: AgreementChanged) -> ChangeRefused | None:
    """Each system has a token or a certificate, not both and not neither, a role that systems may have, and days."""
    del state
    return next((fault for one in record.interface_clients if (fault := _fault(record, one)) is not None), None)


def systems_are_unique(state: State, record: AgreementChanged) -> ChangeRefused | None:
    """No id, token or certificate occurs twice in the service: nobody could say which of two systems calls."""
    counted = Counter(marks(record))
    taken = [mark for mark, times in counted.items() if times > 1 or state.holder(mark) not in {None, record.id}]
    if not taken:
        return None
    what = taken[0].partition(" ")[0]
    return refuse(record, "system.taken", what=MARKS[what])


def _fault(record: AgreementChanged, client: InterfaceClient) -> ChangeRefused | None:
    if (client.token_sha256 is None) == (client.certificate_sha256 is None):
        return refuse(record, "system.proof", client=client.id)
    if not client.roles or _NOT_FOR_SYSTEMS & set(client.roles):
        return refuse(record, "system.roles", client=client.id)
    if is_reversed(client.validity):
        return refuse(record, "system.validity", client=client.id)
    return None
