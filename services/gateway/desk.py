"""What people and systems may ask of each service, one method a question."""

import hashlib
from dataclasses import dataclass, field
from uuid import UUID

from services.gateway.inquiring import A, Asker, Inquirer, Inquiry, expect
from services.gateway.problems import unexpected
from shared.bus.client import NoAnswer
from shared.bus.topics import AGREEMENTS_REQUESTS, AUDIT_REQUESTS, CLAIMS_REQUESTS, LOOKUP_REQUESTS
from shared.contracts.answers import (
    AlertDone,
    AlertsPage,
    ChangesDone,
    ChangesRefused,
    ClaimDone,
    ClaimReceipt,
    ClaimsHandedOver,
    ClaimsPage,
    ClaimValidated,
    ClaimView,
    KelaClaimRegistered,
    ListPage,
    LogSearchPage,
    LogVerification,
    LookUpAnnotated,
    NothingFound,
    NoticeDone,
    NoticePage,
    NoticeStatistics,
    NoticeView,
    OwnLogPage,
    PersonView,
    RecordsFound,
    Refused,
    SettlementsPage,
)
from shared.contracts.asking import (
    AlertCommand,
    AlertsQuery,
    AnnotateLookUp,
    Body,
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
from shared.contracts.base import Contract
from shared.finnish.errors import FormatError
from shared.finnish.identity_code import IdentityCode
from shared.ids import pseudonym

LookUpAnswer = PersonView | NothingFound | Refused
ClaimAnswer = ClaimReceipt | Refused


@dataclass(frozen=True, slots=True)
class Accepted:
    """A claim is on its way and its receipt has not come in time. Ask by its idempotency key."""

    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Sends what is asked to the services and gives back what may be seen.

    Every method raises `Problem` when there is no answer (`Inquirer.answer`).
    """

    inquirer: Inquirer
    pseudonym_key: bytes = field(repr=False)
    look_up_seconds: float
    claim_seconds: float

    async def look_up(self, asker: Asker, query: PersonQuery) -> LookUpAnswer:
        """Make one look-up. An answer about somebody else is shown to nobody."""
        answer = await self.inquirer.answer(asker, _of_lookup(asker, query), self.look_up_seconds, Contract)
        match answer:
            case PersonView() if answer.identity_code == _canonical(query.identity_code):
                return answer
            case NothingFound() | Refused():
                return answer
            case _:
                raise unexpected()

    async def page_of_list(self, asker: Asker, query: ListQuery) -> ListPage | Refused:
        """One page of a list of persons."""
        answer = await self._lookup(asker, query, ListPage)
        if isinstance(answer, ListPage) and answer.list != query.list:
            raise unexpected()
        return answer

    async def notices(self, asker: Asker, query: NoticesQuery) -> NoticePage | Refused:
        """One page of notices, without clients."""
        return await self._lookup(asker, query, NoticePage)

    async def notice(self, asker: Asker, query: NoticeQuery) -> NoticeView | Refused:
        """One notice opened."""
        answer = await self._lookup(asker, query, NoticeView)
        if isinstance(answer, NoticeView) and answer.row.notice != query.notice:
            raise unexpected()
        return answer

    async def act_on_notice(self, asker: Asker, command: NoticeCommand) -> NoticeDone | Refused:
        """Take, finish or move a notice; with the same idempotency key nothing happens twice."""
        return await self._lookup(asker, command, NoticeDone, command=True)

    async def statistics(self, asker: Asker, query: NoticeStatisticsQuery) -> NoticeStatistics | Refused:
        """Statistics of notices."""
        return await self._lookup(asker, query, NoticeStatistics)

    async def annotate(self, asker: Asker, remark: AnnotateLookUp) -> LookUpAnnotated | Refused:
        """Add a remark to an own look-up."""
        return await self._lookup(asker, remark, LookUpAnnotated, command=True)

    async def register(self, asker: Asker, claim: RegisterClaim) -> ClaimAnswer | Accepted:
        """Register a claim. Sending it again with the same idempotency key registers nothing twice."""
        request = asker.request_id()
        key = self._claims_key(request, claim.identity_code)
        inquiry = Inquiry(CLAIMS_REQUESTS, request, key, claim, command=True)
        try:
            answer = await self.inquirer.put(asker, inquiry, self.claim_seconds)
        except NoAnswer:
            return Accepted(claim.idempotency_key)
        return expect(answer, ClaimReceipt)

    async def validate(self, asker: Asker, claim: RegisterClaim) -> ClaimValidated | Refused:
        """What registering a claim would give at this moment; nothing is stored, and the asking is logged."""
        request = asker.request_id()
        key = self._claims_key(request, claim.identity_code)
        inquiry = Inquiry(CLAIMS_REQUESTS, request, key, ValidateClaim(claim=claim))
        return await self.inquirer.answer(asker, inquiry, self.claim_seconds, ClaimValidated)

    async def claim_status(self, asker: Asker, idempotency_key: str) -> ClaimAnswer:
        """How a registration went; a `Problem` of 404 when nothing is known of it (yet)."""
        request = asker.request_id()
        query = ClaimStatusQuery(idempotency_key=idempotency_key)
        inquiry = Inquiry(CLAIMS_REQUESTS, request, self._claims_key(request, ""), query)
        return await self.inquirer.answer(asker, inquiry, self.claim_seconds, ClaimReceipt)

    async def act_on_claim(self, asker: Asker, command: ClaimCommand) -> ClaimDone | Refused:
        """One act on one claim; with the same idempotency key nothing happens twice."""
        return await self._claims(asker, command, command.number, ClaimDone, command=True)

    async def hand_over(self, asker: Asker, command: HandOverClaims) -> ClaimsHandedOver | Refused:
        """Give claims of a worker to another; with the same idempotency key nothing happens twice."""
        return await self._claims(asker, command, command.idempotency_key, ClaimsHandedOver, command=True)

    async def register_kela_claim(self, asker: Asker, claim: RegisterKelaClaim) -> KelaClaimRegistered | Refused:
        """Register Kela's own claim; with the same idempotency key nothing happens twice."""
        request = asker.request_id()
        key = self._claims_key(request, claim.identity_code)
        inquiry = Inquiry(CLAIMS_REQUESTS, request, key, claim, command=True)
        return await self.inquirer.answer(asker, inquiry, self.claim_seconds, KelaClaimRegistered)

    async def claim(self, asker: Asker, query: ClaimQuery) -> ClaimView | Refused:
        """One claim with its history. Another one than the asked is shown to nobody."""
        answer = await self._claims(asker, query, query.number, ClaimView)
        if isinstance(answer, ClaimView) and answer.row.number != query.number:
            raise unexpected()
        return answer

    async def claims(self, asker: Asker, query: ClaimsQuery) -> ClaimsPage | Refused:
        """One page of claims, without clients."""
        return await self._claims(asker, query, query.view, ClaimsPage)

    async def settlements(self, asker: Asker, query: SettlementsQuery) -> SettlementsPage | Refused:
        """One page of settlement rows."""
        return await self._claims(asker, query, query.month, SettlementsPage)

    async def change_records(self, asker: Asker, changes: ChangeRecords) -> ChangesDone | ChangesRefused | Refused:
        """Change records of the agreements service: all of them or none."""
        inquiry = _of_agreements(asker, changes, command=True)
        answer = await self.inquirer.answer(asker, inquiry, self.claim_seconds, Contract)
        if isinstance(answer, ChangesDone | ChangesRefused | Refused):
            return answer
        raise unexpected()

    async def records(self, asker: Asker, query: RecordsQuery) -> RecordsFound | Refused:
        """Records as known at the end of one day and valid on another."""
        return await self.inquirer.answer(asker, _of_agreements(asker, query), self.look_up_seconds, RecordsFound)

    async def seen(self, asker: Asker, seconds: float) -> ChangesDone | Refused:
        """Tell that the worker signed in."""
        return await self.inquirer.answer(asker, _of_agreements(asker, UserSeen(), command=True), seconds, ChangesDone)

    async def own_log(self, asker: Asker, query: OwnLogQuery) -> OwnLogPage | Refused:
        """One page of the log of the asker's own data."""
        return await self.inquirer.answer(asker, _of_audit(asker, query), self.look_up_seconds, OwnLogPage)

    async def search_log(self, asker: Asker, query: LogSearchQuery) -> LogSearchPage | Refused:
        """One page of what the auditor searches."""
        return await self.inquirer.answer(asker, _of_audit(asker, query), self.look_up_seconds, LogSearchPage)

    async def verify_log(self, asker: Asker, query: LogVerificationQuery) -> LogVerification | Refused:
        """The log's newest signatures, and the proof of an entry."""
        return await self.inquirer.answer(asker, _of_audit(asker, query), self.look_up_seconds, LogVerification)

    async def anomalies(self, asker: Asker, query: AlertsQuery) -> AlertsPage | Refused:
        """The newest alerts of anomalies."""
        return await self.inquirer.answer(asker, _of_audit(asker, query), self.look_up_seconds, AlertsPage)

    async def handle_anomaly(self, asker: Asker, command: AlertCommand) -> AlertDone | Refused:
        """Acknowledge or close an alert; with the same idempotency key nothing happens twice."""
        return await self.inquirer.answer(asker, _of_audit(asker, command), self.look_up_seconds, AlertDone)

    async def log_report(self, asker: Asker, body: Body, wanted: type[A]) -> A | Refused:
        """Ask about reports of the log, or take a step on one; what is sent again happens once."""
        return await self.inquirer.answer(asker, _of_audit(asker, body), self.claim_seconds, wanted)

    async def _lookup(self, asker: Asker, body: Body, wanted: type[A], *, command: bool = False) -> A | Refused:
        inquiry = _of_lookup(asker, body, command=command)
        return await self.inquirer.answer(asker, inquiry, self.look_up_seconds, wanted)

    async def _claims(
        self, asker: Asker, body: Body, order: str, wanted: type[A], *, command: bool = False
    ) -> A | Refused:
        """Ask the claims service; what is about the same claim (`order`) stays in order."""
        key = hashlib.sha256(order.encode()).hexdigest()
        inquiry = Inquiry(CLAIMS_REQUESTS, asker.request_id(), key, body, command=command)
        return await self.inquirer.answer(asker, inquiry, self.claim_seconds, wanted)

    def _claims_key(self, request: UUID, code: str) -> str:
        """The client's pseudonym, so that one client's claims stay in order; else something that spreads."""
        try:
            client = IdentityCode.parse(code, allow_artificial=True)
        except FormatError:
            return hashlib.sha256(request.bytes).hexdigest()
        return pseudonym(self.pseudonym_key, "client", client.reveal())


def _of_lookup(asker: Asker, body: Body, *, command: bool = False) -> Inquiry:
    request = asker.request_id()
    return Inquiry(LOOKUP_REQUESTS, request, str(request), body, command=command)


def _of_agreements(asker: Asker, body: Body, *, command: bool = False) -> Inquiry:
    return Inquiry(AGREEMENTS_REQUESTS, asker.request_id(), asker.acting.organisation, body, command=command)


def _of_audit(asker: Asker, body: Body) -> Inquiry:
    request = asker.request_id()
    return Inquiry(AUDIT_REQUESTS, request, str(request), body)


def _canonical(code: str) -> str | None:
    try:
        return IdentityCode.parse(code, allow_artificial=True).reveal()
    except FormatError:
        return None
