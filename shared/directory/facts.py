"""From a request and a directory to the facts of the gate: pure, so that every service gathers them alike."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from shared.contracts.agreements import AgreementChanged, InterfaceClient
from shared.contracts.base import Purpose
from shared.contracts.requests import Actor
from shared.directory.model import Directory
from shared.finnish.errors import FormatError
from shared.finnish.identity_code import IdentityCode
from shared.finnish.municipalities import municipalities
from shared.gate.facts import CodeForm, Facts, Function, Limits, Municipality

Age = Callable[[datetime], timedelta | None]
"""How old something that was heard is at an instant of the system clock; None when it was never heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a decision is made, on both clocks, and how fresh what it rests on is.

    Attributes:
        day: Helsinki day of the business clock: decides validity.
        time: Business clock: for what is measured in hours.
        now: System clock: decides the session's age.
        audit_age: System time up to which audit has not covered what was published; None when never heard.
        agreements_age: System time since the last heartbeat of the agreements service; None when never heard.
    """

    day: date
    time: datetime
    now: datetime
    audit_age: timedelta | None
    agreements_age: timedelta | None


def gather(
    directory: Directory,
    actor: Actor | None,
    worker: str | None,
    *,
    function: Function,
    moment: Moment,
    limits: Limits,
    purpose: Purpose | None = None,
) -> Facts:
    """The facts about who asks; what is asked (attestation, code) is added by `dataclasses.replace`.

    Args:
        directory: What the agreements service has published.
        actor: Who asks, signature verified; None when it could not be verified.
        worker: The worker's pseudonym; None for a sub-ID.
        function: What is wanted.
        moment: When.
        limits: Settings of the installation.
        purpose: Käyttötarkoitus, where one is chosen.
    """
    known = Facts(function=function, day=moment.day, time=moment.time, limits=limits, purpose=purpose)
    if actor is None:
        return replace(known, actor_verified=False)
    known = _of_session(known, actor, worker, moment)
    if worker is not None:
        known = _of_worker(known, directory, actor.organisation, worker)
    return _of_organisation(known, directory, actor)


def _of_session(facts: Facts, actor: Actor, worker: str | None, moment: Moment) -> Facts:
    """How the actor came here, and how fresh is what the decision rests on."""
    return replace(
        facts,
        channel=actor.channel,
        actor_verified=True,
        bound_to_person=actor.identity_code is not None and worker is not None,
        signed_in_for=moment.now - actor.signed_in,
        claimed_roles=frozenset(actor.roles),
        audit_age=moment.audit_age,
        agreements_age=moment.agreements_age,
    )


def _of_worker(facts: Facts, directory: Directory, organisation: str, worker: str) -> Facts:
    """What the worker has been given."""
    mandates = () if facts.day is None else directory.mandates(worker, facts.day)
    return replace(facts, mandates=mandates, user=directory.user(organisation, worker))


def _of_organisation(facts: Facts, directory: Directory, actor: Actor) -> Facts:
    """What the organisation is, and by what right it acts for the municipality."""
    facts = replace(facts, organisation=directory.organisation(actor.organisation))
    member, day = actor.member, facts.day
    if member is None or day is None:
        return facts
    agreement = directory.nearest_agreement(actor.organisation, member, day)
    return replace(
        facts,
        member=municipality_on(member, day),
        agreement=agreement,
        system=interface_client(agreement, actor, day),
        delegations=directory.delegations(member, day),
        bearer=directory.bearer(member, day),
    )


def interface_client(agreement: AgreementChanged | None, actor: Actor, day: date) -> InterfaceClient | None:
    """The municipality's own system as the agreement names it on the day; None when it does not."""
    if agreement is None or actor.system is None:
        return None
    named = (client for client in agreement.interface_clients if client.id == actor.system)
    return next((client for client in named if client.validity.covers(day)), None)


def municipality_on(code: str, day: date) -> Municipality:
    """What the table of municipalities says of a code on a day; an unknown code does not exist."""
    known = municipalities().get(code)
    if known is None:
        return Municipality(code, exists=False)
    successor = None if known.successor is None else municipalities()[known.successor]
    return Municipality(
        code,
        exists=known.exists_on(day),
        successor_fi=successor.name_fi if successor else None,
        successor_sv=successor.name_sv if successor else None,
    )


def read_code(typed: str) -> tuple[CodeForm, IdentityCode | None]:
    """What the typed identity code is; the code itself when it is well formed."""
    try:
        code = IdentityCode.parse(typed, allow_artificial=True)
    except FormatError:
        return CodeForm.INVALID, None
    return (CodeForm.ARTIFICIAL if code.is_artificial else CodeForm.VALID), code
