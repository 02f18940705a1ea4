"""What a claim rests on, as typed: advances by month (ToTuL 23), the care and its fee (AML 14)."""

from decimal import Decimal

from services.claims.domain.allocation import CareFee
from shared.clock.civil import Month
from shared.contracts.asking import CareStated, RegisterClaim
from shared.money import parse_amount


def advances(claim: RegisterClaim) -> dict[Month, Decimal]:
    """The advances by month; of a month that stands twice the last one.

    Raises:
        CivilTimeError: there is no such month.
        MoneyError: an amount is no sum of euros with at most two decimals.
    """
    return {Month.parse(one.month): parse_amount(one.amount) for one in claim.advances}


def care_fee(care: CareStated) -> CareFee:
    """The fee, all net income and what is collected from other payers.

    Raises:
        MoneyError: an amount is no sum of euros with at most two decimals.
    """
    return CareFee(parse_amount(care.fee), parse_amount(care.income), parse_amount(care.others))


def care_unit(claim: RegisterClaim) -> str:
    """The care unit or the decision on care; empty when none is named."""
    stated = claim.care.unit if claim.care is not None else ""
    return stated.strip() or (claim.care_unit or "").strip()
