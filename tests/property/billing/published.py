"""The facts of a history as the service receives them: its own contracts, read by its own rules."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from services.billing.domain.products import ProductTable
from services.billing.domain.usage import Usage, of_access
from shared.clock.civil import Month
from shared.contracts.access import AccessDecided, Action, Outcome
from shared.contracts.agreements import AgreementChanged, Member, OrganisationChanged, PopulationStated
from shared.contracts.base import Channel, Validity
from tests.harness.agreed import agreed
from tests.property.billing.histories import PARTIES, Agreement, Event, History, Span

_BODY = AccessDecided(
    request=UUID(int=0),
    time=datetime(2016, 1, 1, tzinfo=UTC),
    outcome=Outcome.GRANTED,
    channel=Channel.UI,
    service="lookup",
    commitment="0" * 64,
    personal="audit.1.AAAA",
)


def body_of(event: Event) -> AccessDecided:
    """A raw event as the message that tells of it."""
    changes = {
        "time": event.time,
        "agreement": event.agreement,
        "member": event.member,
        "worker": event.worker,
        "action": Action(event.action),
        "outcome": Outcome(event.outcome),
        "channel": Channel(event.channel),
        "service": event.service,
    }
    return _BODY.model_copy(update=changes)


def usage_of(event: Event, products: ProductTable) -> Usage:
    """The engine's own reading of a raw event."""
    return of_access(UUID(int=event.number), body_of(event), products)


def uses_by_month(past: History, products: ProductTable) -> dict[Month, list[tuple[Event, Usage]]]:
    """All uses by the month in which they fall."""
    found: dict[Month, list[tuple[Event, Usage]]] = {}
    for event in past.events:
        use = usage_of(event, products)
        found.setdefault(use.period, []).append((event, use))
    return found


def agreement_of(one: Agreement) -> AgreementChanged:
    """A version of an agreement."""
    return agreed(
        id=one.id,
        version=one.version,
        party=one.party,
        validity=_validity(one.span),
        members=tuple(Member(municipality=code, validity=_validity(span)) for code, span in one.members),
    )


def _validity(span: Span) -> Validity:
    return Validity(first=span[0], last=span[1])


def populations(past: History) -> Iterable[PopulationStated]:
    """Every figure stated."""
    for (code, year), heads in past.inhabitants.items():
        yield PopulationStated(municipality=code, year_end=year, version=1, inhabitants=heads)


@cache
def organisations() -> tuple[OrganisationChanged, ...]:
    """Every party."""
    return tuple(
        OrganisationChanged(
            business_id=business_id,
            version=1,
            kind="joint_authority" if code == "joint" else "municipality",
            municipality=None if code == "joint" else code,
            name_fi=code,
            name_sv=code,
        )
        for code, business_id in PARTIES.items()
    )
