"""What of the register can be shared out, and that nothing of the rest ever is."""

from datetime import date
from decimal import Decimal

import pytest

from services.claims.data_files import protected_shares
from services.claims.domain.allocation import Paid, Taken, allocate
from services.claims.domain.sharing import period_fault, record_fault
from tests.unit.claims.test_allocation import claim

PAYDAY, FIRST, LAST = date(2017, 2, 7), date(2017, 2, 1), date(2017, 2, 28)


@pytest.mark.parametrize(
    ("benefit", "first", "last", "payday", "fault"),
    [
        ("kansanelake", FIRST, LAST, PAYDAY, None),
        ("kansanelake", FIRST, FIRST, PAYDAY, None),
        ("kansanelake", date(2007, 2, 2), date(2017, 2, 1), PAYDAY, None),
        ("kansanelake", date(2007, 2, 1), date(2017, 2, 1), PAYDAY, "too_long"),
        ("no_such", FIRST, LAST, PAYDAY, "benefit"),
        ("kansanelake", LAST, FIRST, PAYDAY, "reversed"),
        ("kansanelake", date(1, 1, 1), LAST, PAYDAY, "implausible"),
        ("kansanelake", FIRST, date(9999, 12, 31), PAYDAY, "implausible"),
        ("kansanelake", FIRST, LAST, date(9999, 12, 31), "implausible"),
        ("kansanelake", FIRST, LAST, date(1899, 12, 31), "implausible"),
    ],
)
def test_given_a_payment_then_it_can_be_shared_out_or_its_fault_is_named(
    benefit: str, first: date, last: date, payday: date, fault: str | None
) -> None:
    assert period_fault(benefit, first, last, payday) == fault
    paid = Paid(id="P", benefit=benefit, payday=payday, first=first, last=last, net=Decimal(300))
    made = allocate(paid, [claim("kunta", benefit=benefit, first=date(1900, 1, 1))], Taken(), protected_shares())
    assert made.client + sum(share.amount for share in made.shares) == 300
    assert fault is None or made.shares == ()


@pytest.mark.parametrize(
    ("first", "last", "fault"),
    [(None, None, None), (FIRST, None, None), (FIRST, date(2050, 1, 1), None), (LAST, FIRST, "reversed")],
)
def test_given_a_decision_then_it_may_be_open_and_long_but_never_reversed(
    first: date | None, last: date | None, fault: str | None
) -> None:
    assert record_fault("kansanelake", first, last, PAYDAY) == fault
