"""Records of the agreements service: change them, and read them as known on one day and valid on another."""

from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.asked import ChangesRefusedView, ChangesRequest, RecordsRequest
from services.gateway.domain.acting import Wish
from services.gateway.models import ProblemView
from services.gateway.parts import LanguageOf, NeedsSession, PartsOf
from services.gateway.problems import problem_response, records_refused
from services.gateway.refusing import PROBLEMS, told
from shared.contracts.answers import ChangesDone, ChangesRefused, RecordsFound
from shared.contracts.asking import ChangeRecords, RecordsQuery
from shared.contracts.base import Channel

router = APIRouter(tags=["agreements"])
_API = "/api/v1/records"


@router.post(
    _API,
    response_model=ChangesDone,
    responses={
        **PROBLEMS,
        422: {"model": ChangesRefusedView | ProblemView, "description": "A record, or the request, was refused"},
    },
)
async def change_records(
    parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: ChangesRequest
) -> Response:
    """Change organisations, agreements, mandates, users: all of it or nothing. Who, when and why is kept."""
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    changes = ChangeRecords(idempotency_key=asked.idempotency_key, changes=asked.changes, reason=asked.reason)
    answer = await parts.desk.change_records(asker, changes)
    if isinstance(answer, ChangesRefused):
        return problem_response(records_refused(answer, language))
    return told(answer, language)


@router.post(f"{_API}/query", response_model=RecordsFound, responses=PROBLEMS)
async def read_records(parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: RecordsRequest) -> Response:
    """Records as known at the end of one day and valid on another, or one record with all its versions."""
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    query = RecordsQuery.model_validate(asked.model_dump(exclude={"organisation", "member"}))
    return told(await parts.desk.records(asker, query), language)
