"""What both e-invoice formats ask of a line: a price that is never negative, and the days that it charges for."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.billing.domain.invoice import Invoice, Line
from shared.clock.civil import Month

_MONTH = re.compile(r"2[0-9]{3}-(0[1-9]|1[0-2])", re.ASCII)
_INSTALMENT = re.compile(r"(2[0-9]{3})/[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Priced:
    """Quantity and unit price of a line, the price never below zero.

    EN 16931 (BR-27) wants it so: what is taken back is a negative quantity.
    """

    quantity: int
    unit_price: Decimal

    @classmethod
    def of(cls, line: Line) -> "Priced":
        """The same product as the line's own quantity and price."""
        if line.unit_price < 0:
            return cls(-line.quantity, -line.unit_price)
        return cls(line.quantity, line.unit_price)


def days_of(invoice: Invoice, line: Line) -> tuple[date, date]:
    """First and last day of what a line charges for; a correction's are those of the period that it corrects."""
    period = line.charged.period
    if period != invoice.period:
        if _MONTH.fullmatch(period):
            month = Month.parse(period)
            return month.first, month.last
        if year := _INSTALMENT.fullmatch(period):
            return date(int(year[1]), 1, 1), date(int(year[1]), 12, 31)
    return invoice.first_day, invoice.last_day
