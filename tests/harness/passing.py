"""Facts that the gate lets pass: a worker of Kuopio, signed in, under an agreement in force."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from shared.contracts.agreements import AgreementChanged, MandateChanged, OrganisationChanged
from shared.contracts.base import Channel, Role, Validity
from shared.gate.facts import CodeForm, Facts, Function, Municipality

SINCE_2016: Final = Validity(first=date(2016, 1, 1))
KUOPIO: Final = OrganisationChanged(
    business_id="0171450-7", version=1, kind="municipality", municipality="297", name_fi="Kuopio", name_sv="Kuopio"
)
_UNDER_WAY: Final = Facts(
    function=Function.VIEW_PERSON,
    channel=Channel.UI,
    day=SINCE_2016.first,
    actor_verified=True,
    bound_to_person=True,
    signed_in_for=timedelta(minutes=5),
    audit_age=timedelta(seconds=1),
    agreements_age=timedelta(seconds=9),
    organisation=KUOPIO,
    member=Municipality("297", exists=True),
    identity_code=CodeForm.VALID,
)


def mandate(*roles: Role) -> MandateChanged:
    """The worker's mandate for Kuopio with these roles."""
    return MandateChanged(
        id="M-1",
        version=1,
        worker="v1." + "a" * 26,
        organisation=KUOPIO.business_id,
        member="297",
        roles=roles,
        validity=SINCE_2016,
    )


def worker_at(day: date, function: Function, agreement: AgreementChanged, mandates: Sequence[MandateChanged]) -> Facts:
    """What the gate knows when the worker, with all roles of the mandates, wants something on a day."""
    claimed = frozenset(role for one in mandates for role in one.roles)
    return replace(
        _UNDER_WAY,
        function=function,
        day=day,
        agreement=agreement,
        mandates=tuple(mandates),
        claimed_roles=claimed,
    )
