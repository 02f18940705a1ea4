from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from services.claims.data_files import policy, protected_shares
from services.claims.domain.facts import ClaimFacts, Granted, RegisterFacts
from shared.contracts.agreements import (
    Account,
    Bearer,
    Member,
    UserChanged,
)
from shared.contracts.asking import CareStated, MonthAdvance, RegisterClaim
from shared.contracts.base import DataGroup, Purpose, Role
from shared.gate.facts import CodeForm, Function, Limits
from tests.harness.agreed import agreed
from tests.harness.passing import KUOPIO, SINCE_2016, mandate, worker_at

AGREEMENT = agreed(
    id="A-297",
    party=KUOPIO.business_id,
    validity=SINCE_2016,
    purposes=tuple(Purpose),
    data_groups=tuple(DataGroup),
    members=(Member(municipality="297", validity=SINCE_2016),),
    accounts=(
        Account(id="acc-1", iban="FI2112345600000785", confirmed=True),
        Account(id="acc-2", iban="FI2112345600000785", confirmed=False),
    ),
)
MANDATE = mandate(Role.ASSISTANCE_HANDLER)
BEARER = Bearer(organisation=KUOPIO.business_id, form="own", validity=SINCE_2016)
USER = UserChanged(
    id=f"{KUOPIO.business_id}/{MANDATE.worker}",
    version=1,
    worker=MANDATE.worker,
    organisation=KUOPIO.business_id,
    status="active",
    why="opened",
    since=date(2016, 1, 1),
)
ARRIVED = date(2016, 11, 14)
ACCESS = replace(
    worker_at(ARRIVED, Function.REGISTER_CLAIM, AGREEMENT, [MANDATE]),
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
