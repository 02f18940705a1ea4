"""The person page: the rows that are shown, under the header, with what follows from them."""

from collections.abc import Iterable
from typing import TypeVar, cast
from uuid import UUID

from services.lookup.domain.access import Attempt
from services.lookup.domain.coming import coming
from services.lookup.domain.found import Found
from services.lookup.domain.header import Header, mask
from services.lookup.domain.income import summarise
from services.lookup.domain.view import Rows
from shared.clock.civil import helsinki_date
from shared.contracts.answers import PersonView
from shared.contracts.base import Contract

R = TypeVar("R", bound=Contract)


def page_of(attempt: Attempt, event: UUID, found: Found, rows: Rows, header: Header) -> PersonView:
    """The answer. The income summary and the coming payments rest on what is shown and on nothing else.

    Args:
        attempt: The attempt, granted.
        event: Its access event.
        found: Everything known of the client, for the surname on which some paydays depend.
        rows: What is shown.
        header: Who the client is, as far as it is shown.
    """
    surname = found.person.last_name if found.person else None
    return PersonView(
        name=header.name,
        identity_code=attempt.client or "",
        municipality=header.municipality,
        safety_prohibition=header.safety_prohibition,
        looked_up=attempt.time,
        access_event=event,
        pending=_masked(rows.pending, header),
        decisions=_masked(rows.decisions, header),
        payments=rows.payments,
        claims=rows.claims,
        trimmed=rows.trimmed,
        address=header.address,
        phone=header.phone,
        relation=header.relation,
        income=summarise(rows.paid),
        coming=coming(rows.decided, rows.paid, helsinki_date(attempt.time), surname=surname, chosen=rows.chosen),
        interruptions=_masked(rows.interruptions, header),
        insurance=rows.insurance,
        recovery=rows.recovery,
        medicine=rows.medicine,
    )


def _masked(rows: Iterable[R], header: Header) -> tuple[R, ...]:
    # A masked row is a copy of the same kind with other words.
    return tuple(cast("R", mask(row)) for row in rows) if header.masked else tuple(rows)
