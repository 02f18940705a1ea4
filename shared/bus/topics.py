"""Every topic as one row: the table from which provisioning, access rights, key sets and documents follow.

Adding a topic is adding a row. `key` says what keeps which messages in order; it is a pseudonym or an id, never an
identity code. `key_set` names the keys that seal the personal parts on it.
"""

from datetime import timedelta
from typing import Final

from shared.bus.topic import FOR_EVER, OPERATOR, PARTITIONS, SEALED_RETENTION, Topic
from shared.contracts import (
    access,
    agreements,
    anomalies,
    audit,
    billing,
    claims,
    completeness,
    counting,
    register,
    requests,
)


def _register(kind: str) -> Topic:
    return Topic(
        name=f"register.{kind}",
        key="client pseudonym",
        partitions=PARTITIONS,
        retention=SEALED_RETENTION,
        owner=("upstream",),
        consumers=("lookup", "claims"),
        payloads=(register.RegisterRecord,),
        key_set="register",
    )


REGISTER_PERSONS: Final = _register("persons")
REGISTER_APPLICATIONS: Final = _register("applications")
REGISTER_DECISIONS: Final = _register("decisions")
REGISTER_PAYMENTS: Final = _register("payments")
REGISTER_STATUS: Final = _register("status")
"""Insurance status, recovery and the annual medicine ceiling."""
REGISTER_NOTICES: Final = _register("notices")
"""eTotu: notices and applications that Kela passes to municipalities."""

LOOKUP_REQUESTS: Final = Topic(
    name="lookup.requests",
    key="request id",
    partitions=PARTITIONS,
    retention=timedelta(days=7),
    owner=("gateway",),
    consumers=("lookup",),
    payloads=(requests.RequestEnvelope,),
    key_set="requests-lookup",
)
CLAIMS_REQUESTS: Final = Topic(
    name="claims.requests",
    key="client pseudonym",
    partitions=PARTITIONS,
    retention=SEALED_RETENTION,
    owner=("gateway",),
    consumers=("claims",),
    payloads=(requests.RequestEnvelope,),
    key_set="requests-claims",
)
AGREEMENTS_REQUESTS: Final = Topic(
    name="agreements.requests",
    key="organisation",
    # The service takes one change at a time anyway: what was judged must still hold when it is written.
    partitions=1,
    retention=SEALED_RETENTION,
    owner=("gateway",),
    consumers=("agreements",),
    payloads=(requests.RequestEnvelope,),
    key_set="requests-agreements",
)
AUDIT_REQUESTS: Final = Topic(
    name="audit.requests",
    key="request id",
    partitions=PARTITIONS,
    retention=timedelta(days=7),
    owner=("gateway",),
    consumers=("audit",),
    payloads=(requests.RequestEnvelope,),
    key_set="requests-audit",
)
BILLING_REQUESTS: Final = Topic(
    name="billing.requests",
    key="request id",
    partitions=PARTITIONS,
    retention=timedelta(days=7),
    owner=("gateway",),
    consumers=("billing",),
    payloads=(requests.RequestEnvelope,),
    key_set="requests-billing",
)
"""Sealed for the sake of what is asked; who asks stands in it by pseudonym only: billing holds nothing personal."""
GATEWAY_REPLIES: Final = Topic(
    name="gateway.replies",
    key="request id",
    # Every gateway reads all of it, so partitions scale nothing but the brokers; each costs work in every fetch.
    partitions=3,
    retention=timedelta(hours=1),
    owner=("lookup", "claims", "agreements", "billing", "audit"),
    consumers=("gateway",),
    payloads=(requests.ReplyEnvelope,),
)
ACCESS_EVENTS: Final = Topic(
    name="access.events",
    key="agreement",
    partitions=PARTITIONS,
    retention=SEALED_RETENTION,
    owner=("lookup", "claims", "audit", "upstream"),
    consumers=("billing", "audit"),
    payloads=(access.AccessDecided, access.AccessReversed, counting.HourCounted),
    key_set="access",
)
ACCESS_ALERTS: Final = Topic(
    name="access.alerts",
    key="organisation",
    partitions=1,
    retention=SEALED_RETENTION,
    owner=("lookup",),
    consumers=("gateway",),
    payloads=(access.OverrideUsed,),
)
CLAIMS_EVENTS: Final = Topic(
    name="claims.events",
    key="client pseudonym",
    partitions=PARTITIONS,
    retention=SEALED_RETENTION,
    owner=("claims",),
    consumers=("billing", "audit", "lookup"),
    payloads=(
        claims.ClaimRegistered,
        claims.ClaimChanged,
        claims.ClaimReminded,
        claims.PaymentAllocated,
        claims.ClaimRefused,
        counting.HourCounted,
    ),
    key_set="claims",
)
CLAIMS_KELA: Final = Topic(
    name="claims.kela",
    key="client pseudonym",
    partitions=PARTITIONS,
    retention=SEALED_RETENTION,
    owner=("upstream",),
    consumers=("claims",),
    payloads=(claims.KelaClaim,),
    key_set="register",
)
BILLING_EVENTS: Final = Topic(
    name="billing.events",
    key="agreement",
    partitions=PARTITIONS,
    retention=FOR_EVER,
    owner=("billing",),
    consumers=("audit",),
    payloads=(
        billing.InvoiceIssued,
        billing.AmountRolledOver,
        billing.InvoiceCredited,
        billing.CorrectionRecorded,
        billing.RectificationDemanded,
        billing.RectificationDecided,
        billing.InvoiceSettled,
        billing.UsageReversed,
        billing.DocumentFetched,
        counting.DayCounted,
        counting.HourCounted,
    ),
)
AGREEMENTS_EVENTS: Final = Topic(
    name="agreements.events",
    key="record id",
    partitions=1,
    retention=FOR_EVER,
    owner=("agreements",),
    consumers=("gateway", "lookup", "claims", "billing", "audit"),
    payloads=(
        agreements.OrganisationChanged,
        agreements.AgreementChanged,
        agreements.MandateChanged,
        agreements.DelegationChanged,
        agreements.ResponsibilityChanged,
        agreements.UserChanged,
        agreements.AgreementPath,
        agreements.PopulationStated,
        agreements.Heartbeat,
    ),
)
AUDIT_CHECKPOINTS: Final = Topic(
    name="audit.checkpoints",
    key="log origin",
    partitions=1,
    retention=FOR_EVER,
    owner=("audit",),
    # The operator's reconciliation reads it too: not a service, so it is in no consumer group.
    consumers=("witness",),
    payloads=(audit.CheckpointSigned, counting.DayCounted),
)
AUDIT_COSIGNATURES: Final = Topic(
    name="audit.cosignatures",
    key="log origin",
    partitions=1,
    retention=FOR_EVER,
    owner=("witness",),
    consumers=("audit",),
    payloads=(audit.CheckpointCosigned, audit.CosigningRefused),
)
AUDIT_SEQUENCE: Final = Topic(
    name="audit.sequence",
    key="log origin",
    # One order: that of the log.
    partitions=1,
    retention=FOR_EVER,
    owner=("audit",),
    # Audit itself, at its start and in no consumer group: what a restored database has to write again.
    consumers=(),
    payloads=(audit.SequenceAssigned,),
)
AUDIT_ALERTS: Final = Topic(
    name="audit.alerts",
    key="organisation",
    partitions=1,
    retention=SEALED_RETENTION,
    owner=("audit",),
    # Audit logs what became of its own alerts; a log supervisor's reader may follow it.
    consumers=("audit",),
    payloads=(
        anomalies.AnomalyFound,
        anomalies.AlertHandled,
        completeness.GapFound,
        completeness.GapClosed,
        completeness.PersonalPartsErased,
        audit.LogKeyChanged,
    ),
)
AUDIT_FRESHNESS: Final = Topic(
    name="audit.freshness",
    key="log origin",
    partitions=1,
    retention=timedelta(days=1),
    owner=("audit",),
    # Audit itself too: looking into the log is refused by the same statement as every other looking.
    consumers=("lookup", "claims", "audit"),
    payloads=(audit.FreshnessStated,),
)

COUNTS_ASKED: Final = Topic(
    name="counts.asked",
    key="ask id",
    partitions=1,
    retention=timedelta(days=7),
    # The log asks by hours, all the time; an operator by months.
    owner=(OPERATOR, "audit"),
    consumers=("audit", "billing", "lookup", "claims"),
    payloads=(counting.CountsAsked, counting.HoursAsked),
)

TOPICS: Final = (
    REGISTER_PERSONS,
    REGISTER_APPLICATIONS,
    REGISTER_DECISIONS,
    REGISTER_PAYMENTS,
    REGISTER_STATUS,
    REGISTER_NOTICES,
    LOOKUP_REQUESTS,
    CLAIMS_REQUESTS,
    AGREEMENTS_REQUESTS,
    AUDIT_REQUESTS,
    BILLING_REQUESTS,
    GATEWAY_REPLIES,
    ACCESS_EVENTS,
    ACCESS_ALERTS,
    CLAIMS_EVENTS,
    CLAIMS_KELA,
    BILLING_EVENTS,
    AGREEMENTS_EVENTS,
    AUDIT_CHECKPOINTS,
    AUDIT_COSIGNATURES,
    AUDIT_SEQUENCE,
    AUDIT_ALERTS,
    AUDIT_FRESHNESS,
    COUNTS_ASKED,
)

CONTRACTS: Final = {contract.ce_type: contract for topic in TOPICS for contract in topic.payloads}
"""Every message type that may stand on the bus."""
