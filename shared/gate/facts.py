"""The facts on which the gate decides, gathered before it runs. None means "not known" and helps nobody."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from shared.contracts.agreements import (
    AgreementChanged,
    Bearer,
    DelegationChanged,
    InterfaceClient,
    MandateChanged,
    OrganisationChanged,
    UserChanged,
)
from shared.contracts.asking import EmergencyOverride, StatedRelation
from shared.contracts.base import Channel, Purpose, Role

CLOCK_SKEW = timedelta(seconds=5)
"""How far ahead another machine's clock may be before its statement counts as garbage."""


class Function(StrEnum):
    """Toiminto: what the worker wants to do."""

    VIEW_PERSON = "view_person"
    VIEW_LIST = "view_list"
    VIEW_NOTICES = "view_notices"
    """The list of notices, one notice, and their statistics."""
    HANDLE_NOTICES = "handle_notices"
    ANNOTATE = "annotate"
    REGISTER_CLAIM = "register_claim"
    CLAIM_STATUS = "claim_status"
    VIEW_CLAIMS = "view_claims"
    """The team's list of claims, one claim, and settlements."""
    ACT_ON_CLAIM = "act_on_claim"
    """Change, withdraw, end, suspend or resume an own claim."""
    HAND_OVER_CLAIMS = "hand_over_claims"
    """Give a worker's open claims to another worker of the same body."""
    HANDLE_CLAIMS = "handle_claims"
    """Kela's side: its work queue, hearing, decision. It shows clients' data, under no agreement."""
    CHANGE_RECORDS = "change_records"
    """Change what the agreements service holds of the worker's own organisation."""
    VIEW_RECORDS = "view_records"
    VIEW_BILLING = "view_billing"
    """Usage, invoices and prices of the own organisation; Kela's billing sees those of all. No client's data."""
    CITIZEN_LOG = "citizen_log"
    """Oman tiedon lokinäkymä: a person reads who looked at their own data."""
    AUDIT_SEARCH = "audit_search"
    """Kela's auditor searches the log."""
    GENERIC_REPORT = "generic_report"
    """A month's report on use, without persons (Suwinet's model, domain 6)."""
    SPECIFIC_REPORT = "specific_report"
    """Ordering, approving and reading a report on a named suspicion."""
    HANDLE_ALERTS = "handle_alerts"
    """Seeing, acknowledging and closing alerts of anomalies. No client's data."""


class CodeForm(StrEnum):
    """What the typed identity code turned out to be."""

    VALID = "valid"
    ARTIFICIAL = "artificial"
    """Individual number 900-999: belongs to nobody."""
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Municipality:
    """The municipality on whose behalf the worker acts, as it is known on the day."""

    code: str
    exists: bool | None
    successor_fi: str | None = None
    """Name of the municipality that it merged into, when it has ended."""
    successor_sv: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """What the register and the service's own records say of the client, as far as rules need it.

    Attributes:
        known: Whether the register knows the person at all.
        born: From the identity code.
        died: Day of death.
        municipality: Home municipality in the register.
        minor_forbids: A minor has forbidden that the data be given to the guardian (L 812/2000 11 §).
        kinship: How the worker is related to the client (`kinship.KINSHIPS`), "self" included; None: not at all.
        own_claim: A claim of the worker's organisation on this client is in force.
        notice: A notice on this client was sent to the municipality.
        protected: A safety prohibition (turvakielto) hides where the client lives: the home municipality then makes
            no client relation for whoever may not see it (`relation`).
    """

    known: bool
    born: date
    died: date | None = None
    municipality: str | None = None
    minor_forbids: bool = False
    kinship: str | None = None
    own_claim: bool = False
    notice: bool = False
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """Settings of the installation that rules measure by."""

    session: timedelta = timedelta(hours=8)
    """How long an identification carries: one working day (assumed)."""
    audit: timedelta = timedelta(seconds=60)
    agreements: timedelta = timedelta(seconds=60)
    artificial_codes: bool = False
    emergency: timedelta = timedelta(hours=24)
    """How long an emergency override carries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a rule may look at.

    Attributes:
        function: What is wanted.
        channel: By which way of use.
        day: The business day in Helsinki; decides validity.
        actor_verified: The request carries an actor signed by the gateway for this very request, not expired.
        bound_to_person: The identification names a person; False for a sub-ID (alitunniste).
        signed_in_for: System time since the person identified.
        claimed_roles: Roles that the actor states; they count only where a mandate grants them.
        audit_age: System time up to which audit has not covered what was published.
        agreements_age: System time since the last heartbeat of the agreements service.
        organisation: The organisation in whose name the worker acts.
        member: The municipality on whose behalf.
        agreement: The organisation's agreement that bears the member, or the nearest to it.
        mandates: The worker's mandates valid on the day, all of them.
        purpose: Käyttötarkoitus chosen for this search.
        informed: The worker's attestation that the client was told beforehand.
        identity_code: What was typed as the client's code.
        time: Instant of the business clock, for what is measured in hours.
        user: The worker's account with the organisation; None: never opened, so nothing locks it.
        system: The municipality's own system that calls, as its agreement names it; None over the browser, and when
            the agreement does not name the one that called.
        delegations: Delegations of the member municipality valid on the day.
        bearer: Who bears the member's social welfare on the day.
        relation: Client relation that the worker states.
        emergency: Emergency override that the worker states.
        list_from: First day of the list that is asked for; None when no list is.
        client: The client; None before the register was read. Rules about the client refuse then.
        limits: Settings of the installation.
    """

    function: Function | None = None
    channel: Channel | None = None
    day: date | None = None
    actor_verified: bool | None = None
    bound_to_person: bool | None = None
    signed_in_for: timedelta | None = None
    claimed_roles: frozenset[Role] | None = None
    audit_age: timedelta | None = None
    agreements_age: timedelta | None = None
    organisation: OrganisationChanged | None = None
    member: Municipality | None = None
    agreement: AgreementChanged | None = None
    mandates: tuple[MandateChanged, ...] | None = None
    purpose: Purpose | None = None
    informed: bool | None = None
    identity_code: CodeForm | None = None
    time: datetime | None = None
    user: UserChanged | None = None
    system: InterfaceClient | None = None
    delegations: tuple[DelegationChanged, ...] = ()
    bearer: Bearer | None = None
    relation: StatedRelation | None = None
    emergency: EmergencyOverride | None = None
    list_from: date | None = None
    client: Client | None = None
    limits: Limits = field(default_factory=Limits)


def within(age: timedelta | None, limit: timedelta) -> bool:
    """Whether an age is known, not beyond its limit, and not of the future."""
    return age is not None and -CLOCK_SKEW <= age <= limit
