from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.claims.data_files import policy, protected_shares
from services.claims.domain.facts import ClaimFacts, Granted, RegisterFacts
from shared.contracts.agreements import (
    Account,
    AgreementChanged,
    Bearer,
    MandateChanged,
    Member,
    OrganisationChanged,
    UserChanged,
)
from shared.contracts.asking import CareStated, MonthAdvance, RegisterClaim
from shared.contracts.base import Channel, DataGroup, Purpose, Role, Validity
from shared.gate.facts import CodeForm, Facts, Function, Limits, Municipality

ORGANISATION = OrganisationChanged(
    business_id="0171450-7", version=1, kind="municipality", municipality="297", name_fi="Kuopio", name_sv="Kuopio"
)
AGREEMENT = AgreementChanged(
    id="A-297",
    version=1,
    party=ORGANISATION.business_id,
    validity=Validity(first=date(2016, 1, 1)),
    status="open",
    law="L 812/2000 21 §",
    purposes=tuple(Purpose),
    data_groups=tuple(DataGroup),
    channels=(Channel.UI,),
    window_months=24,
    covers_claims=True,
    security_statement=True,
    members=(Member(municipality="297", validity=Validity(first=date(2016, 1, 1))),),
    accounts=(
        Account(id="acc-1", iban="FI2112345600000785", confirmed=True),
        Account(id="acc-2", iban="FI2112345600000785", confirmed=False),
    ),
)
MANDATE = MandateChanged(
    id="M-1",
    version=1,
    worker="v1." + "a" * 26,
    organisation=ORGANISATION.business_id,
    member="297",
    roles=(Role.ASSISTANCE_HANDLER,),
    validity=Validity(first=date(2016, 1, 1)),
)
BEARER = Bearer(organisation=ORGANISATION.business_id, form="own", validity=Validity(first=date(2016, 1, 1)))
USER = UserChanged(
    id=f"{ORGANISATION.business_id}/{MANDATE.worker}",
    version=1,
    worker=MANDATE.worker,
    organisation=ORGANISATION.business_id,
    status="active",
    why="opened",
    since=date(2016, 1, 1),
)
ARRIVED = date(2016, 11, 14)
ACCESS = Facts(
    function=Function.REGISTER_CLAIM,
    channel=Channel.UI,
    day=ARRIVED,
    actor_verified=True,
    bound_to_person=True,
    signed_in_for=timedelta(minutes=5),
    claimed_roles=frozenset({Role.ASSISTANCE_HANDLER}),
    audit_age=timedelta(seconds=1),
    agreements_age=timedelta(seconds=9),
    organisation=ORGANISATION,
    member=Municipality("297", exists=True),
    agreement=AGREEMENT,
    mandates=(MANDATE,),
    user=USER,
    bearer=BEARER,
    identity_code=CodeForm.ARTIFICIAL,
    limits=Limits(artificial_codes=True),
)
CLAIM = RegisterClaim(
    idempotency_key="key-00000001",
    identity_code="010180-9015",
    benefit="kansanelake",
    ground="totul_23",
    first=date(2016, 12, 1),
    last=date(2016, 12, 31),
    amount="120,50",
    handler_name="Hilja Käsittelijä",
    handler_phone="+358 17 123 456",
    account="acc-1",
    reference="12344",
    assistance="supplementary",
    decided=date(2016, 11, 10),
    advances=(MonthAdvance(month="2016-12", amount="250,00"),),
)
CARE: dict[str, object] = {
    "ground": "aml_14",
    "care": CareStated(
        first=date(2016, 10, 10), fee="637,50", income="750,00", others="130,00", unit="Koivukoti, päätös 12/2016"
    ),
}
"""What makes the usual claim one by AML 14 (golden G3)."""
GRANTED = RegisterFacts(granted=(Granted(to_client=True, first=date(2015, 1, 1)),))
"""Paid to the client until further notice."""


def advances(*months: str) -> tuple[MonthAdvance, ...]:
    """An advance of 250 € for each month."""
    return tuple(MonthAdvance(month=month, amount="250.00") for month in months)


Facts_ = Callable[..., ClaimFacts]


@pytest.fixture
def facts() -> Facts_:
    """Facts of a claim that every rule lets pass, with some fields of the claim changed."""

    def make(
        *,
        arrived: date = ARRIVED,
        access: dict[str, object] | None = None,
        register: RegisterFacts | None = GRANTED,
        **claim: object,
    ) -> ClaimFacts:
        changed = replace(ACCESS, day=arrived, **(access or {}))  # type: ignore[arg-type]  # fields by name
        sent = CLAIM.model_copy(update=claim)
        return ClaimFacts(sent, arrived, changed, policy(), protected_shares(), own=False, register=register)

    return make
