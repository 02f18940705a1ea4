"""A proposed widening as it stands in its claim's row."""

import json
from datetime import date
from decimal import Decimal

from services.claims.domain.allocation import CareFee
from services.claims.domain.terms import Widening
from shared.clock.civil import Month


def written(widening: Widening) -> str:
    """The widening as JSON."""
    care = None
    if widening.care is not None:
        month, fee = widening.care
        care = {"from": str(month), "fee": str(fee.fee), "income": str(fee.income), "others": str(fee.others)}
    return json.dumps(
        {
            "last": None if widening.last is None else widening.last.isoformat(),
            "advances": {str(month): str(amount) for month, amount in widening.advances.items()},
            "care": care,
            "care_last": None if widening.care_last is None else widening.care_last.isoformat(),
            "heard": widening.heard,
        }
    )


def read(stored: str) -> Widening:
    """The widening out of JSON."""
    row = json.loads(stored)
    care = row["care"]
    fee = None if care is None else CareFee(*(Decimal(care[name]) for name in ("fee", "income", "others")))
    return Widening(
        last=_day(row["last"]),
        advances={Month.parse(month): Decimal(amount) for month, amount in row["advances"].items()},
        care=None if fee is None else (Month.parse(care["from"]), fee),
        care_last=_day(row["care_last"]),
        heard=row["heard"],
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
