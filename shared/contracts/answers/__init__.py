"""What a service answers, by subject (`gateway.replies`, sealed); `Answer` is any of them."""

from typing import Annotated

from pydantic import Field

from shared.contracts.answers.alerts import AlertDone, AlertRow, AlertsPage
from shared.contracts.answers.audit import (
    FoundRow,
    LogContact,
    LogProof,
    LogReversal,
    LogSearchPage,
    OwnLogClaim,
    OwnLogPage,
    OwnLogRow,
    Redaction,
)
from shared.contracts.answers.billing import (
    BillingBooks,
    BillingCorrections,
    BillingDocument,
    BillingDocuments,
    BillingFile,
    BillingLine,
    BillingPriceChange,
    BillingUsage,
)
from shared.contracts.answers.claims import (
    ClaimDone,
    ClaimListRow,
    ClaimReceipt,
    ClaimReturn,
    ClaimsHandedOver,
    ClaimShare,
    ClaimsPage,
    ClaimStep,
    ClaimValidated,
    ClaimView,
    ClaimWidening,
    KelaClaimRegistered,
    SettlementRow,
    SettlementsPage,
)
from shared.contracts.answers.general import Failed, Noted, Refused
from shared.contracts.answers.log_reports import (
    Consulted,
    GenericReportFile,
    GenericReportList,
    GenericReportRow,
    SpecificReportDone,
    SpecificReportFile,
    SpecificReportList,
    SpecificReportRow,
    SpecificReportView,
)
from shared.contracts.answers.municipal import (
    AttachmentRow,
    ListPage,
    ListRow,
    LookUpAnnotated,
    NoticeDone,
    NoticePage,
    NoticeRow,
    NoticeStatistics,
    NoticeView,
    StatisticsRow,
)
from shared.contracts.answers.people import (
    ClaimRow,
    ComingPayment,
    DecisionRow,
    IncomeMonth,
    InsuranceRow,
    InterruptionRow,
    MedicineRow,
    NothingFound,
    PaymentRow,
    Pending,
    PersonView,
    RecoveryRow,
    Trimmed,
)
from shared.contracts.answers.records import ChangeFault, ChangesDone, ChangesRefused, RecordsFound, RecordVersion
from shared.contracts.answers.verification import LogVerification

__all__ = [
    "AlertDone",
    "AlertRow",
    "AlertsPage",
    "Answer",
    "AttachmentRow",
    "BillingBooks",
    "BillingCorrections",
    "BillingDocument",
    "BillingDocuments",
    "BillingFile",
    "BillingLine",
    "BillingPriceChange",
    "BillingUsage",
    "ChangeFault",
    "ChangesDone",
    "ChangesRefused",
    "ClaimDone",
    "ClaimListRow",
    "ClaimReceipt",
    "ClaimReturn",
    "ClaimRow",
    "ClaimShare",
    "ClaimStep",
    "ClaimValidated",
    "ClaimView",
    "ClaimWidening",
    "ClaimsHandedOver",
    "ClaimsPage",
    "ComingPayment",
    "Consulted",
    "DecisionRow",
    "Failed",
    "FoundRow",
    "GenericReportFile",
    "GenericReportList",
    "GenericReportRow",
    "IncomeMonth",
    "InsuranceRow",
    "InterruptionRow",
    "KelaClaimRegistered",
    "ListPage",
    "ListRow",
    "LogContact",
    "LogProof",
    "LogReversal",
    "LogSearchPage",
    "LogVerification",
    "LookUpAnnotated",
    "MedicineRow",
    "Noted",
    "NothingFound",
    "NoticeDone",
    "NoticePage",
    "NoticeRow",
    "NoticeStatistics",
    "NoticeView",
    "OwnLogClaim",
    "OwnLogPage",
    "OwnLogRow",
    "PaymentRow",
    "Pending",
    "PersonView",
    "RecordVersion",
    "RecordsFound",
    "RecoveryRow",
    "Redaction",
    "Refused",
    "SettlementRow",
    "SettlementsPage",
    "SpecificReportDone",
    "SpecificReportFile",
    "SpecificReportList",
    "SpecificReportRow",
    "SpecificReportView",
    "StatisticsRow",
    "Trimmed",
]

Answer = Annotated[
    PersonView
    | NothingFound
    | Refused
    | ClaimReceipt
    | ClaimValidated
    | ClaimsPage
    | ClaimView
    | ClaimDone
    | ClaimsHandedOver
    | KelaClaimRegistered
    | SettlementsPage
    | Failed
    | Noted
    | ListPage
    | NoticePage
    | NoticeView
    | NoticeDone
    | NoticeStatistics
    | LookUpAnnotated
    | ChangesDone
    | ChangesRefused
    | RecordsFound
    | BillingBooks
    | BillingCorrections
    | BillingDocument
    | BillingDocuments
    | BillingFile
    | BillingLine
    | BillingPriceChange
    | BillingUsage
    | OwnLogPage
    | LogSearchPage
    | LogVerification
    | AlertsPage
    | AlertDone
    | GenericReportList
    | GenericReportFile
    | SpecificReportDone
    | SpecificReportFile
    | SpecificReportList
    | SpecificReportView,
    Field(discriminator="kind"),
]
