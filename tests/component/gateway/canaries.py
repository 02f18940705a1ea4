"""What the services of the walk answer: every kind of answer there is, each holding something that names the canary."""

from dataclasses import dataclass
from datetime import date

from shared.bus.client import Question
from shared.contracts.anomalies import AlertState
from shared.contracts.answers import (
    AlertDone,
    AlertsPage,
    Answer,
    ChangesDone,
    ClaimDone,
    ClaimListRow,
    ClaimReceipt,
    ClaimsHandedOver,
    ClaimsPage,
    ClaimValidated,
    ClaimView,
    FoundRow,
    KelaClaimRegistered,
    ListPage,
    ListRow,
    LogSearchPage,
    LookUpAnnotated,
    NoticeDone,
    NoticePage,
    NoticeRow,
    NoticeStatistics,
    NoticeView,
    OwnLogPage,
    PersonView,
    RecordsFound,
    RecordVersion,
    SettlementRow,
    SettlementsPage,
    StatisticsRow,
)
from shared.contracts.asking import (
    AlertCommand,
    AlertsQuery,
    AnnotateLookUp,
    ChangeRecords,
    ClaimCommand,
    ClaimQuery,
    ClaimsQuery,
    ClaimStatusQuery,
    HandOverClaims,
    ListQuery,
    LogSearchQuery,
    LogVerificationQuery,
    NoticeCommand,
    NoticeQuery,
    NoticesQuery,
    NoticeStatisticsQuery,
    OwnLogQuery,
    PersonQuery,
    RecordsQuery,
    RegisterClaim,
    RegisterKelaClaim,
    SettlementsQuery,
    UserSeen,
    ValidateClaim,
)
from shared.contracts.base import Contract, Instant
from tests.component.gateway.proven import verified
from tests.component.gateway.recorded import recorded
from tests.component.gateway.reported import CANARY, CANARY_EVENT, CANARY_NAME, OF_REPORTS, report_answer

CANARY_COUNT = 730_916_482_055
"""Stands in answers that hold nothing else than numbers."""
CANARIES = (CANARY, CANARY_NAME, str(CANARY_EVENT), str(CANARY_COUNT))
_DAY = date(2016, 12, 31)


@dataclass(frozen=True)
class Canaries:
    """Answers any question with what is known of the canary."""

    person: PersonView

    def of(self, question: Question) -> Answer:
        """The answer to a question. A kind of question that is not known here fails the test that asks it."""
        match question.body:
            case PersonQuery():
                named = {"name": CANARY_NAME, "identity_code": CANARY, "access_event": CANARY_EVENT}
                return self.person.model_copy(update=named)
            case AnnotateLookUp():
                return LookUpAnnotated(access_event=CANARY_EVENT, annotation=CANARY_EVENT)
            case ListQuery(list=name):
                row = ListRow(identity_code=CANARY, name=CANARY_NAME, days=301)
                return ListPage(list=name, as_of=_DAY, rows=(row,), total=1, next=None, access_event=CANARY_EVENT)
            case ChangeRecords() | UserSeen() | RecordsQuery():
                return _of_records(question.body, question.accepted)
            case NoticesQuery() | NoticeQuery() | NoticeCommand() | NoticeStatisticsQuery():
                return _of_notices(question.body, question.accepted)
            case body:
                return _otherwise(body, question.accepted)


def _otherwise(body: Contract, at: Instant) -> Answer:
    if isinstance(body, OF_REPORTS):
        return report_answer(body, at)
    is_of_log = isinstance(body, OwnLogQuery | LogSearchQuery | LogVerificationQuery | AlertsQuery | AlertCommand)
    return _of_log(body, at) if is_of_log else _of_claims(body, at)


def _of_records(body: ChangeRecords | UserSeen | RecordsQuery, at: Instant) -> Answer:
    if not isinstance(body, RecordsQuery):
        return ChangesDone(changed=CANARY_COUNT, unchanged=0)
    row = RecordVersion(
        kind=body.record_kind,
        id="u",
        version=1,
        body=recorded(body.record_kind, CANARY_NAME),
        recorded_at=at,
        actor=CANARY_NAME,
        reason=CANARY_NAME,
    )
    return RecordsFound(rows=(row,), next=None)


def _of_log(body: Contract, at: Instant) -> Answer:
    if isinstance(body, AlertsQuery):
        return AlertsPage(rows=(), event=CANARY_EVENT)
    if isinstance(body, AlertCommand):
        return AlertDone(alert=body.alert, state=AlertState.ACKNOWLEDGED, version=2, event=CANARY_EVENT)
    if isinstance(body, LogSearchQuery):
        found = FoundRow(event=CANARY_EVENT, entry=1, time=at, reason=CANARY_NAME)
        return LogSearchPage(rows=(found,), searched_from=0, next=None, event=CANARY_EVENT)
    if isinstance(body, LogVerificationQuery):
        return verified(event=CANARY_EVENT)
    return OwnLogPage(
        since=_DAY, rows=(), contacts=(), erased_months=(), checkpoint=None, next=None, event=CANARY_EVENT
    )


def _of_notices(body: NoticesQuery | NoticeQuery | NoticeCommand | NoticeStatisticsQuery, at: Instant) -> Answer:
    notice = body.notice if isinstance(body, NoticeQuery) else CANARY_NAME
    row = NoticeRow(
        notice=notice, version=1, type="contact", visible=at, due=None, state="open", urgent=False, overdue=False
    )
    match body:
        case NoticesQuery():
            return NoticePage(rows=(row,), next=None, overdue=1)
        case NoticeQuery():
            return NoticeView(
                row=row, identity_code=CANARY, name=CANARY_NAME, phone=None, text=CANARY_NAME, access_event=CANARY_EVENT
            )
        case NoticeCommand():
            return NoticeDone(notice=CANARY_NAME, version=2, state=CANARY_NAME, municipality="837")
        case NoticeStatisticsQuery():
            figures = StatisticsRow(
                type=CANARY_NAME, arrived=1, open=1, done=0, done_late=0, overdue=0, median_days=None
            )
            return NoticeStatistics(first=_DAY, last=_DAY, rows=(figures,))


def _of_desks(body: ClaimCommand | HandOverClaims | RegisterKelaClaim, at: Instant) -> Answer:
    if isinstance(body, ClaimCommand):
        return ClaimDone(number=CANARY_NAME, version=2, state=CANARY_NAME)
    if isinstance(body, HandOverClaims):
        return ClaimsHandedOver(numbers=(CANARY_NAME,))
    return KelaClaimRegistered(
        claim=CANARY_EVENT, arrived=at, benefit=CANARY_NAME, first=_DAY, last=_DAY, access_event=CANARY_EVENT
    )


def _of_claims(body: object, at: Instant) -> Answer:
    row = ClaimListRow(
        number=body.number if isinstance(body, ClaimQuery) else CANARY_NAME,
        version=1,
        organisation="0211675-2",
        member="837",
        benefit="kansanelake",
        ground="aml_14",
        state="registered",
        arrived=at,
        first=_DAY,
        last=None,
        effective_payday=None,
        paid="0.00",
        held="0.00",
    )
    match body:
        case ClaimCommand() | HandOverClaims() | RegisterKelaClaim():
            return _of_desks(body, at)
        case RegisterClaim() | ClaimStatusQuery():
            return ClaimReceipt(
                number=CANARY_NAME,
                arrived=at,
                state="registered",
                effective_payday=None,
                earliest=None,
                missed_paydays=(),
            )
        case ValidateClaim():
            return ClaimValidated(effective_payday=None, earliest=None, missed_paydays=(), warnings=(CANARY_NAME,))
        case ClaimsQuery():
            return ClaimsPage(rows=(row,), next=None)
        case ClaimQuery():
            return ClaimView(
                row=row, identity_code=CANARY, handler=CANARY_NAME, steps=(), shares=(), access_event=CANARY_EVENT
            )
        case SettlementsQuery():
            return SettlementsPage(rows=(_settled(),), total="0.00", next=None)
        case _:
            raise AssertionError(f"the walk does not know how a service answers {type(body).__name__}")


def _settled() -> SettlementRow:
    return SettlementRow(
        reference=CANARY_NAME,
        number=CANARY_NAME,
        payday=_DAY,
        first=_DAY,
        last=_DAY,
        net="0.00",
        to_municipality="0.00",
        to_client="0.00",
        correction=False,
    )
