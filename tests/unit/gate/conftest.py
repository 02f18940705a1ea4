from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from shared.contracts.agreements import AgreementChanged, MandateChanged, Member, OrganisationChanged
from shared.contracts.base import Channel, DataGroup, Purpose, Role, Validity
from shared.gate.facts import Client, CodeForm, Facts, Function, Municipality

DAY = date(2016, 11, 15)
ORGANISATION = OrganisationChanged(
    business_id="0171450-7",
    version=1,
    kind="municipality",
    municipality="297",
    name_fi="Kuopio",
    name_sv="Kuopio",
)
AGREEMENT = AgreementChanged(
    id="A-297",
    version=1,
    party=ORGANISATION.business_id,
    validity=Validity(first=date(2016, 1, 1), last=date(2016, 12, 31)),
    status="open",
    law="L 812/2000 21 §",
    purposes=(Purpose.CHARGE, Purpose.VERIFY, Purpose.CLAIM),
    data_groups=tuple(DataGroup),
    channels=(Channel.UI,),
    window_months=24,
    covers_claims=True,
    security_statement=True,
    members=(Member(municipality="297", validity=Validity(first=date(2016, 1, 1))),),
)
MANDATE = MandateChanged(
    id="M-1",
    version=1,
    worker="v1." + "a" * 26,
    organisation=ORGANISATION.business_id,
    member="297",
    roles=(Role.FEE_CLERK,),
    validity=Validity(first=date(2016, 1, 1)),
)
CLIENT = Client(known=True, born=date(1980, 1, 1), municipality="297")
PASSING = Facts(
    function=Function.VIEW_PERSON,
    channel=Channel.UI,
    day=DAY,
    actor_verified=True,
    bound_to_person=True,
    signed_in_for=timedelta(minutes=5),
    claimed_roles=frozenset({Role.FEE_CLERK}),
    audit_age=timedelta(seconds=1),
    agreements_age=timedelta(seconds=9),
    organisation=ORGANISATION,
    member=Municipality("297", exists=True),
    agreement=AGREEMENT,
    mandates=(MANDATE,),
    purpose=Purpose.CHARGE,
    informed=True,
    identity_code=CodeForm.VALID,
    client=CLIENT,
)


@pytest.fixture
def passing() -> Facts:
    """Facts of a look-up that every rule lets pass."""
    return PASSING


@pytest.fixture
def with_agreement() -> Callable[[dict[str, object]], Facts]:
    """The passing facts with some fields of the agreement changed."""
    return lambda changes: replace(PASSING, agreement=AGREEMENT.model_copy(update=changes))


@pytest.fixture
def with_mandate() -> Callable[[dict[str, object]], Facts]:
    """The passing facts with some fields of the one mandate changed."""
    return lambda changes: replace(PASSING, mandates=(MANDATE.model_copy(update=changes),))
