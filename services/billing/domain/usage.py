"""From an event to a usage row (käyttötapahtuma): what was used, by which agreement, when. Nothing personal.

The event's own time decides price and period, never the time of arrival: 2016-12-31T21:59:59.999Z is still 2016 in
Finland, 22:00:00Z is 2017.
"""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from services.billing.domain.products import REGISTER, REGISTERED, ProductTable, Use
from shared.clock.civil import Month, helsinki_date
from shared.contracts.access import AccessDecided
from shared.contracts.claims import ClaimRegistered

_HOUR = 3600


class Usage(NamedTuple):
    """One use of the service; its fields stand in the order of `COLUMNS`."""

    event: UUID
    agreement: str | None
    """None when the attempt ended before an agreement was found: never charged."""
    member: str | None
    """The municipality on whose behalf it was made."""
    product: str
    time: datetime
    day: date
    """The Helsinki day of `time`: decides the price book and the period."""
    worker: str | None
    """Pseudonym of the user when this use makes the user an active one of the month, else None."""

    @property
    def period(self) -> Month:
        """The price period: the calendar month in Finland."""
        return Month.of(self.day)


COLUMNS = ("event_id", "agreement", "member", "product", "time", "day", "worker")
"""Columns of the usage table."""


def day_of(time: datetime) -> date:
    """The Helsinki day of an instant; cheap, because Finnish days begin on whole UTC hours."""
    return _day_of_hour(int(time.timestamp()) // _HOUR)


@lru_cache(maxsize=100_000)
def _day_of_hour(hour: int) -> date:
    return helsinki_date(datetime.fromtimestamp(hour * _HOUR, UTC))


def of_access(event: UUID, body: AccessDecided, products: ProductTable) -> Usage:
    """The usage that an access event is; refused, aborted and failed ones are rows too, at no charge.

    Raises:
        NoProductError: The table has no product for it (older than the first price book).
    """
    day = day_of(body.time)
    row = products.of(Use("access", body.action, body.outcome, body.channel, body.service), day)
    worker = body.worker if row.active_user else None
    return Usage(event, body.agreement, body.member, row.product, body.time, day, worker)


def of_claim(event: UUID, body: ClaimRegistered, products: ProductTable) -> Usage:
    """The usage that a registered claim is. Claims make nobody an active user (golden G11).

    Raises:
        NoProductError: The table has no product for it.
    """
    day = day_of(body.time)
    row = products.of(Use("claim", REGISTER, REGISTERED, body.channel, "claims"), day)
    return Usage(event, body.agreement, body.member, row.product, body.time, day, None)
