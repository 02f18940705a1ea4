"""What a gateway may ask of a service: one body a question or command, by subject (`<service>.requests`, sealed)."""

from typing import Annotated

from pydantic import Field

from shared.contracts.asking.alerts import AlertCommand, AlertsQuery
from shared.contracts.asking.audit import LogSearchQuery, OwnLogQuery
from shared.contracts.asking.billing import (
    BillingBooksQuery,
    BillingCorrectionsQuery,
    BillingDocumentQuery,
    BillingDocumentsQuery,
    BillingFileQuery,
    BillingLineQuery,
    BillingPriceChangeQuery,
    BillingUsageQuery,
    DocumentNumber,
    FileFormat,
)
from shared.contracts.asking.claims import (
    CareStated,
    ClaimAct,
    ClaimCommand,
    ClaimQuery,
    ClaimsQuery,
    ClaimStatusQuery,
    HandOverClaims,
    MonthAdvance,
    RegisterClaim,
    RegisterKelaClaim,
    ReturnStated,
    SettlementsQuery,
    ValidateClaim,
)
from shared.contracts.asking.log_reports import (
    AskSpecificReport,
    DecideSpecificReport,
    GenericReportQuery,
    GenericReportsQuery,
    SpecificReportFileQuery,
    SpecificReportQuery,
    SpecificReportsQuery,
)
from shared.contracts.asking.municipal import (
    AnnotateLookUp,
    ListName,
    ListQuery,
    NoticeCommand,
    NoticeQuery,
    NoticesQuery,
    NoticeState,
    NoticeStatisticsQuery,
)
from shared.contracts.asking.people import EmergencyOverride, NotDelivered, PersonQuery, StatedRelation
from shared.contracts.asking.records import ChangeRecords, RecordChange, RecordsQuery, UserSeen
from shared.contracts.asking.verification import LogVerificationQuery
from shared.contracts.asking.words import Day, IdempotencyKey, MonthText, NoticeId, Place, Sentence

__all__ = [
    "AlertCommand",
    "AlertsQuery",
    "AnnotateLookUp",
    "AskSpecificReport",
    "BillingBooksQuery",
    "BillingCorrectionsQuery",
    "BillingDocumentQuery",
    "BillingDocumentsQuery",
    "BillingFileQuery",
    "BillingLineQuery",
    "BillingPriceChangeQuery",
    "BillingUsageQuery",
    "Body",
    "CareStated",
    "ChangeRecords",
    "ClaimAct",
    "ClaimCommand",
    "ClaimQuery",
    "ClaimStatusQuery",
    "ClaimsQuery",
    "Day",
    "DecideSpecificReport",
    "DocumentNumber",
    "EmergencyOverride",
    "FileFormat",
    "GenericReportQuery",
    "GenericReportsQuery",
    "HandOverClaims",
    "IdempotencyKey",
    "ListName",
    "ListQuery",
    "LogSearchQuery",
    "LogVerificationQuery",
    "MonthAdvance",
    "MonthText",
    "NotDelivered",
    "NoticeCommand",
    "NoticeId",
    "NoticeQuery",
    "NoticeState",
    "NoticeStatisticsQuery",
    "NoticesQuery",
    "OwnLogQuery",
    "PersonQuery",
    "Place",
    "RecordChange",
    "RecordsQuery",
    "RegisterClaim",
    "RegisterKelaClaim",
    "ReturnStated",
    "Sentence",
    "SettlementsQuery",
    "SpecificReportFileQuery",
    "SpecificReportQuery",
    "SpecificReportsQuery",
    "StatedRelation",
    "UserSeen",
    "ValidateClaim",
]

Body = Annotated[
    PersonQuery
    | ListQuery
    | NoticesQuery
    | NoticeQuery
    | NoticeCommand
    | NoticeStatisticsQuery
    | AnnotateLookUp
    | NotDelivered
    | RegisterClaim
    | ClaimStatusQuery
    | ValidateClaim
    | ClaimCommand
    | HandOverClaims
    | RegisterKelaClaim
    | ClaimQuery
    | ClaimsQuery
    | SettlementsQuery
    | ChangeRecords
    | UserSeen
    | RecordsQuery
    | BillingBooksQuery
    | BillingCorrectionsQuery
    | BillingDocumentQuery
    | BillingDocumentsQuery
    | BillingFileQuery
    | BillingLineQuery
    | BillingPriceChangeQuery
    | BillingUsageQuery
    | OwnLogQuery
    | LogSearchQuery
    | LogVerificationQuery
    | AlertsQuery
    | AlertCommand
    | GenericReportsQuery
    | GenericReportQuery
    | AskSpecificReport
    | DecideSpecificReport
    | SpecificReportFileQuery
    | SpecificReportsQuery
    | SpecificReportQuery,
    Field(discriminator="kind"),
]
