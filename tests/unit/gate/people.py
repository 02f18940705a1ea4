"""Accounts, mandates, delegations, systems and emergencies for the tests of the gate."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from shared.contracts.agreements import DelegationChanged, InterfaceClient, MandateChanged, UserChanged
from shared.contracts.asking import EmergencyOverride
from shared.contracts.base import Role, Validity
from shared.gate.facts import Client

KUOPIO, JOINT, KELA = "0171450-7", "1234567-1", "0246246-0"
WORKER = "v1." + "a" * 26
NOON = datetime(2016, 11, 15, 10, tzinfo=UTC)
SINCE_2016 = Validity(first=date(2016, 1, 1))
ENDED = Validity(first=date(2016, 1, 1), last=date(2016, 11, 14))
COMING = Validity(first=date(2016, 11, 16))


def account(**changes: object) -> UserChanged:
    """An active account with Kuopio."""
    usual = {"id": f"{KUOPIO}/{WORKER}", "version": 1, "worker": WORKER, "organisation": KUOPIO, "status": "active"}
    return UserChanged.model_validate(usual | {"why": "opened", "since": date(2016, 1, 1)} | changes)


def mandate(**changes: object) -> MandateChanged:
    """A fee clerk's mandate of Kuopio."""
    usual = {"id": "M-1", "version": 1, "worker": WORKER, "organisation": KUOPIO, "member": "297"}
    return MandateChanged.model_validate(usual | {"roles": (Role.FEE_CLERK,), "validity": SINCE_2016} | changes)


def delegation(**changes: object) -> DelegationChanged:
    """Kuopio's delegation to a joint authority."""
    usual = {"id": "D-1", "version": 1, "principal": "297", "agent": JOINT, "validity": SINCE_2016}
    return DelegationChanged.model_validate(usual | changes)


def system(**changes: object) -> InterfaceClient:
    """A municipality's own system with a fee clerk's rights."""
    return InterfaceClient.model_validate(
        {"id": "effica", "roles": (Role.FEE_CLERK,), "validity": SINCE_2016} | changes
    )


def emergency(reason: str = "A child has been left alone tonight", hours: float = 1) -> EmergencyOverride:
    """An override that began some hours before noon."""
    return EmergencyOverride(reason=reason, began=NOON - timedelta(hours=hours))


def client(**changes: object) -> dict[str, Any]:
    """The fact of a client who lives in Kuopio, to be laid over other facts."""
    usual = Client(known=True, born=date(1980, 1, 1), municipality="297")
    return {"client": replace(usual, **changes)}  # type: ignore[arg-type]  # fields by name
