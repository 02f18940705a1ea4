"""Requests as plain values, and how the gate's facts are made of them; what they should come to says `oracle`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from shared.contracts.agreements import (
    AgreementChanged,
    Bearer,
    DelegationChanged,
    InterfaceClient,
    MandateChanged,
    Member,
    OrganisationChanged,
    UserChanged,
)
from shared.contracts.asking import EmergencyOverride, StatedRelation
from shared.contracts.base import Channel, DataGroup, Purpose, Role, Validity
from shared.gate.facts import Client, CodeForm, Facts, Function, Limits, Municipality

Span = tuple[date, date | None]
Grant = tuple[str, str, tuple[str, ...], Span]
"""Organisation, member, roles, days."""

DAY, NOON = date(2016, 11, 15), datetime(2016, 11, 15, 10, tzinfo=UTC)
KUOPIO, JOINT, KELA = "0171450-7", "1234567-1", "0246246-0"
WORKER = "v1." + "a" * 26
ALWAYS: Span = (date(2016, 1, 1), None)
DANGER = "A child has been left alone tonight"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One request, in words and numbers. The days of `agreement` are those of the contract with Kela."""

    function: str | None
    channel: str | None = "ui"
    day: date | None = DAY
    verified: bool | None = True
    bound: bool | None = True
    signed_in: float | None = 60
    audit: float | None = 1
    heard: float | None = 1
    organisation: str | None = KUOPIO
    member: str | None = "297"
    exists: bool | None = True
    party: str | None = KUOPIO
    agreement: Span = ALWAYS
    status: str = "open"
    suspensions: tuple[Span, ...] = ()
    law: str = "L 812/2000 21 §"
    statement: bool = True
    channels: tuple[str, ...] = ("ui", "interface")
    claims: bool = True
    purposes: tuple[str, ...] = tuple(Purpose)
    groups: tuple[str, ...] = tuple(DataGroup)
    members: tuple[tuple[str, Span], ...] = (("297", ALWAYS), ("174", ALWAYS))
    system: tuple[tuple[str, ...], Span] | None = None
    named: bool = True
    """Whether the agreement names the system."""
    mandates: tuple[Grant, ...] | None = ()
    delegations: tuple[tuple[str, str, Span], ...] = ()
    bearer: tuple[str, Span] | None = None
    user: tuple[str, str, str] | None = None
    roles: tuple[str, ...] | None = ()
    purpose: str | None = None
    informed: bool | None = True
    code: str | None = "valid"
    artificial: bool = False
    emergency: tuple[str, float] | None = None
    """Reason, and hours since it began."""
    reference: str | None = None
    list_from: date | None = None
    client: bool = True
    born: date = date(1980, 1, 1)
    died: date | None = None
    home: str | None = "297"
    forbids: bool = False
    kinship: str | None = None
    own_claim: bool = False
    notice: bool = False
    protected: bool = False


def _validity(span: Span) -> Validity:
    return Validity(first=span[0], last=span[1])


def _seconds(value: float | None) -> timedelta | None:
    return None if value is None else timedelta(seconds=value)


def _agreement(case: Case, system: InterfaceClient | None) -> AgreementChanged | None:
    if case.party is None:
        return None
    return AgreementChanged.model_validate(
        {
            "id": "A",
            "version": 1,
            "party": case.party,
            "validity": _validity(case.agreement),
            "status": case.status,
            "suspensions": tuple(map(_validity, case.suspensions)),
            "law": case.law,
            "purposes": case.purposes,
            "data_groups": case.groups,
            "channels": case.channels,
            "window_months": 24,
            "covers_claims": case.claims,
            "security_statement": case.statement,
            "members": tuple(Member(municipality=code, validity=_validity(span)) for code, span in case.members),
            "interface_clients": (system,) if system and case.named else (),
        }
    )


def _organisation(case: Case) -> OrganisationChanged | None:
    if case.organisation is None:
        return None
    own = "297" if case.organisation == KUOPIO else None
    kind = "joint_authority" if own is None else "municipality"
    return OrganisationChanged.model_validate(
        {"business_id": case.organisation, "version": 1, "kind": kind, "municipality": own, "name_fi": "K"}
        | {"name_sv": "K"}
    )


def _mandates(case: Case) -> tuple[MandateChanged, ...] | None:
    if case.mandates is None:
        return None
    return tuple(
        MandateChanged.model_validate(
            {"id": "M", "version": 1, "worker": WORKER, "organisation": organisation, "member": member}
            | {"roles": roles, "validity": _validity(span)}
        )
        for organisation, member, roles, span in case.mandates
    )


def _user(case: Case) -> UserChanged | None:
    if case.user is None:
        return None
    organisation, status, why = case.user
    return UserChanged.model_validate(
        {"id": f"{organisation}/{WORKER}", "version": 1, "worker": WORKER, "organisation": organisation}
        | {"status": status, "why": why, "since": DAY}
    )


def _client(case: Case) -> Client | None:
    if not case.client:
        return None
    return Client(
        known=case.home is not None,
        born=case.born,
        died=case.died,
        municipality=case.home,
        minor_forbids=case.forbids,
        kinship=case.kinship,
        own_claim=case.own_claim,
        notice=case.notice,
        protected=case.protected,
    )


def facts_of(case: Case) -> Facts:
    """The gate's facts of a case."""
    system = None
    if case.system is not None:
        system = InterfaceClient(
            id="effica", roles=tuple(map(Role, case.system[0])), validity=_validity(case.system[1])
        )
    return Facts(
        function=None if case.function is None else Function(case.function),
        channel=None if case.channel is None else Channel(case.channel),
        day=case.day,
        time=NOON,
        actor_verified=case.verified,
        bound_to_person=case.bound,
        signed_in_for=_seconds(case.signed_in),
        claimed_roles=None if case.roles is None else frozenset(map(Role, case.roles)),
        audit_age=_seconds(case.audit),
        agreements_age=_seconds(case.heard),
        organisation=_organisation(case),
        member=None if case.member is None else Municipality(case.member, exists=case.exists),
        agreement=_agreement(case, system),
        mandates=_mandates(case),
        purpose=None if case.purpose is None else Purpose(case.purpose),
        informed=case.informed,
        identity_code=None if case.code is None else CodeForm(case.code),
        user=_user(case),
        system=system,
        delegations=tuple(
            DelegationChanged(id="D", version=1, principal=principal, agent=agent, validity=_validity(span))
            for principal, agent, span in case.delegations
        ),
        bearer=None
        if case.bearer is None
        else Bearer(organisation=case.bearer[0], form="own", validity=_validity(case.bearer[1])),
        relation=None if case.reference is None else StatedRelation(case_reference=case.reference),
        emergency=None
        if case.emergency is None
        else EmergencyOverride(reason=case.emergency[0], began=NOON - timedelta(hours=case.emergency[1])),
        list_from=case.list_from,
        client=_client(case),
        limits=Limits(artificial_codes=case.artificial),
    )
