"""From an event to a usage row (käyttötapahtuma): what was used, by which agreement, when. Nothing personal.

The event's own time decides price and period, never the time of arrival: 2016-12-31T21:59:59.999Z is still 2016 in
Finland, 22:00:00Z is 2017.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, NamedTuple, Self
from uuid import UUID

from services.billing.domain.products import REGISTER, REGISTERED, ProductTable, UsageLimits, Use
from shared.clock.civil import Month, at_helsinki, helsinki_date
from shared.contracts.access import AccessDecided, AccessReversed
from shared.contracts.claims import ClaimRegistered

CLAIMS: Final = "claims"
"""The service of claims, whose events name no service."""


class MistimedError(ValueError):
    """The event's own time cannot be right.

    Attributes:
        code: ``usage.in_future`` or ``usage.too_old``.
        reason: What is wrong and what to do, in plain words.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


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
    service: str | None = None
    """The service that made it and alone may take it back; None of uses from before it was kept: lookup's."""

    @property
    def period(self) -> Month:
        """The price period: the calendar month in Finland."""
        return Month.of(self.day)


class Reversal(NamedTuple):
    """One use taken back (käyttötapahtuman peruutus), in the order of `REVERSAL_COLUMNS`."""

    event: UUID
    of: UUID
    """The event of the use."""
    agreement: str | None
    member: str | None
    time: datetime
    """Event time of the use."""
    day: date
    """Its Helsinki day."""
    reason: str
    source: Literal["access", "clerk"]
    service: str
    """Who tells it: only of its own uses; a clerk (billing) of every use."""


REVERSAL_COLUMNS = ("event_id", "of", "agreement", "member", "time", "day", "reason", "source", "service")
COLUMNS = ("event_id", "agreement", "member", "product", "time", "day", "worker", "service")
"""Columns of the usage table."""


def of_access(event: UUID, body: AccessDecided, products: ProductTable) -> Usage:
    """The usage that an access event is; refused, aborted and failed ones are rows too, at no charge.

    Raises:
        NoProductError: The table has no product for it (older than the first price book).
    """
    day = helsinki_date(body.time)
    row = products.of(Use("access", body.action, body.outcome, body.channel, body.service), day)
    worker = body.worker if row.active_user else None
    return Usage(event, body.agreement, body.member, row.product, body.time, day, worker, body.service)


def of_claim(event: UUID, body: ClaimRegistered, products: ProductTable) -> Usage:
    """The usage that a registered claim is. Claims make nobody an active user (golden G11).

    Raises:
        NoProductError: The table has no product for it.
    """
    day = helsinki_date(body.time)
    row = products.of(Use("claim", REGISTER, REGISTERED, body.channel, CLAIMS), day)
    return Usage(event, body.agreement, body.member, row.product, body.time, day, None, CLAIMS)


def of_reversal(event: UUID, body: AccessReversed, publisher: str) -> Reversal:
    """The reversal that tells that what was decided never reached the worker; of its publisher's own uses only."""
    day = helsinki_date(body.time)
    return Reversal(event, body.of, body.agreement, body.member, body.time, day, body.reason, "access", publisher)


@dataclass(frozen=True, slots=True)
class Window:
    """Between which event times a use is taken in now."""

    first: datetime
    last: datetime
    inner: tuple[date, date]
    """Every use after the one day and before the other is within, whatever its hour."""

    @classmethod
    def at(cls, now: datetime, limits: UsageLimits) -> Self:
        """By the business clock."""
        day = helsinki_date(now)
        oldest = Month.of(day).plus(-12 * limits.oldest_years)
        first = oldest.first.replace(day=min(day.day, oldest.length))
        return cls(at_helsinki(first), now + timedelta(minutes=limits.future_minutes), (first, day))

    def check(self, time: datetime) -> None:
        """Let a time pass.

        Raises:
            MistimedError: It lies in the future, or too far back to be charged.
        """
        if time > self.last:
            raise MistimedError(
                "usage.in_future",
                f"The event says {time:%Y-%m-%dT%H:%M:%SZ}, which is yet to come. Check the sender's clock and the "
                "business clock; replay it once its time has come, if it is right.",
            )
        if time < self.first:
            raise MistimedError(
                "usage.too_old",
                f"The event says {time:%Y-%m-%dT%H:%M:%SZ}; nothing older than {helsinki_date(self.first)} is charged "
                "any more. It is kept here as evidence.",
            )
