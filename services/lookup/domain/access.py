"""What the log is told of one look-up, before any data leaves: the clear part and the personal part."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.lookup.domain.alike import NOTHING, Alike
from shared.clock.civil import helsinki_date
from shared.contracts.access import AccessDecided, AccessPersonal, Action, Outcome, OverrideUsed, Relation
from shared.contracts.agreements import AgreementChanged
from shared.contracts.base import Channel, DataGroup, Purpose, Refusal
from shared.contracts.requests import Actor

SERVICE = "lookup"
NOBODY = "nobody"
"""Key of events of which not even the organisation is known."""
_CONTINUED: Final = frozenset({Action.LOOK_UP, Action.REDISPLAY})
_ANSWERED: Final = frozenset({Outcome.GRANTED, Outcome.EMPTY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt to see a client's data.

    Attributes:
        request: Id of the request.
        time: Business clock: decides price and period.
        actor: Who asked, verified; None when that failed.
        worker: The worker's pseudonym; None for a sub-ID or an unverified actor.
        agreement: The agreement under which it was tried, as far as one was found.
        purpose: Käyttötarkoitus.
        informed: The worker's attestation.
        client: The client's identity code when it was well formed, else None.
        pseudonym: The pseudonym of that.
        action: What was attempted.
        of: The access event that this one continues or remarks on; of a repeated command, its first.
        subject: Name of the list or id of the notice.
        reason: What the worker wrote: emergency, relation or remark.
        case_reference: Of the worker's case.
    """

    request: UUID
    time: datetime
    actor: Actor | None
    worker: str | None
    agreement: AgreementChanged | None
    purpose: Purpose | None
    action: Action = Action.LOOK_UP
    informed: bool = False
    client: str | None = None
    pseudonym: str | None = None
    of: UUID | None = None
    subject: str | None = None
    reason: str | None = None
    case_reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of it."""

    outcome: Outcome
    refusal: Refusal | None = None
    shown: dict[DataGroup, int] = field(default_factory=dict)
    records: tuple[str, ...] = ()
    relation: Relation | None = None
    """What made the client relation."""
    emergency: bool = False
    """The override was what let it pass."""
    clients: tuple[str, ...] = ()
    """Identity codes shown on a page of a list."""
    alike: Alike = NOTHING
    """What the log may compare of the client whose data were shown."""


def key_of(attempt: Attempt) -> str:
    """The event's key: the agreement, or what comes nearest."""
    if attempt.agreement is not None:
        return attempt.agreement.id
    return attempt.actor.organisation if attempt.actor is not None else NOBODY


def personal_part(attempt: Attempt, result: Result, salt: str) -> AccessPersonal:
    """What only the log may read: who looked at whom, and which records."""
    actor = attempt.actor
    return AccessPersonal(
        salt=salt,
        client=attempt.client,
        worker=actor.identity_code if actor else None,
        worker_name=actor.name if actor else None,
        records=result.records,
        informed=attempt.informed,
        clients=result.clients,
        reason=attempt.reason,
        case_reference=attempt.case_reference,
        surname=result.alike.surname,
        address=result.alike.address,
    )


def clear_part(attempt: Attempt, result: Result, *, commitment: str, personal: str) -> AccessDecided:
    """What billing and reports may read: nothing that identifies the client.

    Args:
        attempt: What was tried.
        result: What came of it.
        commitment: SHA-256 of the personal part's bytes.
        personal: The personal part, sealed.
    """
    actor, refusal = attempt.actor, result.refusal
    return AccessDecided(
        request=attempt.request,
        time=attempt.time,
        outcome=result.outcome,
        rule=refusal.rule if refusal else None,
        law=refusal.law if refusal else (attempt.agreement.law if attempt.agreement else None),
        channel=actor.channel if actor else Channel.INTERFACE,
        service=SERVICE,
        purpose=attempt.purpose,
        organisation=actor.organisation if actor else None,
        member=actor.member if actor else None,
        agreement=attempt.agreement.id if attempt.agreement else None,
        worker=attempt.worker,
        action=attempt.action,
        of=attempt.of,
        relation=result.relation,
        emergency=result.emergency,
        system=actor.system if actor else None,
        subject=attempt.subject,
        persons=len(result.clients) if attempt.action is Action.LIST else 1,
        shown=result.shown,
        commitment=commitment,
        personal=personal,
    )


def override_of(decided: AccessDecided, event: UUID) -> OverrideUsed | None:
    """What the organisation's log supervisor is told of an emergency override; None when none was used.

    It follows from the event alone: whenever that is published again, so is this.
    """
    if not decided.emergency or decided.organisation is None or decided.member is None or decided.worker is None:
        return None
    return OverrideUsed(
        access_event=event,
        time=decided.time,
        organisation=decided.organisation,
        member=decided.member,
        worker=decided.worker,
    )


def answered(event: AccessDecided) -> bool:
    """Whether anything was to be shown: data, or that there is none."""
    return event.outcome in _ANSWERED


def repeats(told: AccessDecided | None, attempt: Attempt) -> bool:
    """Whether what the log was told of a request is just what the request would be answered with now.

    A request id may come again with another content, or when another thing is true.

    Args:
        told: What the log was told; None when that is not known any more.
        attempt: The attempt as it is now.
    """
    if told is None or told.outcome is not Outcome.GRANTED or attempt.actor is None:
        return False
    actor = attempt.actor
    then = (told.action, told.organisation, told.member, told.worker, told.system, told.subject, told.of)
    return then == (
        *(attempt.action, actor.organisation, actor.member),
        *(attempt.worker, actor.system, attempt.subject, attempt.of),
    )


def continues(earlier: AccessDecided | None, attempt: Attempt, day: date, outcome: Outcome) -> bool:
    """Whether an attempt only filters, sorts or pages what an earlier one showed of the same client (golden R9).

    It must be the answered look-up of the same worker, in the same name, for the same purpose and on the same day;
    anything else is a look-up of its own, for whoever could name any event would look for nothing. Where nothing was
    found, nothing can be shown again: what is found since then is a look-up.

    Args:
        earlier: The event that the query names, where it was decided here and about the same client.
        attempt: The attempt.
        day: Its Helsinki day.
        outcome: What came of it.
    """
    actor, agreement = attempt.actor, attempt.agreement
    if earlier is None or actor is None or agreement is None or attempt.worker is None:
        return False
    same = (
        (earlier.worker, attempt.worker),
        (earlier.organisation, actor.organisation),
        (earlier.member, actor.member),
        (earlier.agreement, agreement.id),
        (earlier.channel, actor.channel),
        (earlier.system, actor.system),
        (earlier.purpose, attempt.purpose),
        (helsinki_date(earlier.time), day),
    )
    continued = earlier.action in _CONTINUED and answered(earlier)
    shown_anew = earlier.outcome is Outcome.EMPTY and outcome is not Outcome.EMPTY
    return continued and not shown_anew and all(before == now for before, now in same)
