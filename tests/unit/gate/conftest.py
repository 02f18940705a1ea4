from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from shared.contracts.agreements import Member
from shared.contracts.base import DataGroup, Purpose, Role, Validity
from shared.gate.facts import Client, Facts, Function
from tests.harness.agreed import agreed
from tests.harness.passing import KUOPIO, SINCE_2016, mandate, worker_at

DAY = date(2016, 11, 15)
AGREEMENT = agreed(
    id="A-297",
    party=KUOPIO.business_id,
    validity=Validity(first=date(2016, 1, 1), last=date(2016, 12, 31)),
    purposes=(Purpose.CHARGE, Purpose.VERIFY, Purpose.CLAIM),
    data_groups=tuple(DataGroup),
    members=(Member(municipality="297", validity=SINCE_2016),),
)
MANDATE = mandate(Role.FEE_CLERK)
CLIENT = Client(known=True, born=date(1980, 1, 1), municipality="297")
PASSING = replace(
    worker_at(DAY, Function.VIEW_PERSON, AGREEMENT, [MANDATE]), purpose=Purpose.CHARGE, informed=True, client=CLIENT
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
