"""The auditor's verification: the log's newest signatures, and the proof of one entry, tried again before it is shown.

The proof is tried here with the same verifier that anybody uses offline; what does not hold is never said to hold.
"""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import ConfigDict
from starlette.responses import Response

from services.gateway.domain.acting import Wish
from services.gateway.models import OnBehalf
from services.gateway.parts import LanguageOf, NeedsSession, PartsOf
from services.gateway.refusing import PROBLEMS, told
from services.gateway.rendering import render, shown
from services.gateway.sending import sent
from shared.contracts.answers import LogVerification, Refused
from shared.contracts.asking import LogVerificationQuery
from shared.contracts.base import Channel
from verifier.entries import BadEntry, check_proof
from verifier.notes import BadNote, Key

router = APIRouter()
Verdict = Literal["not_asked", "holds", "unreadable", "not_in_log", "not_covered", "contradicts"]


class VerificationRequest(OnBehalf, LogVerificationQuery):
    """Which entry's proof to give, by its number or its event; none: only the newest signatures."""

    model_config = ConfigDict(extra="forbid")


@router.post("/api/v1/log/verify", response_model=LogVerification, responses=PROBLEMS, tags=["log"])
async def verify_log(
    parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: VerificationRequest
) -> Response:
    """The newest checkpoint with its co-signature, and a proof that anybody can check offline, for Kela's auditor."""
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    return told(await parts.desk.verify_log(asker, LogVerificationQuery(entry=asked.entry)), language)


@router.get("/log/verify", include_in_schema=False)
async def ask(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """What verification is. The log is asked by the button: looking at it is an entry of its own."""
    return render(request, parts, "verification.html", session=session, answer=None, asked="")


@router.post("/log/verify", include_in_schema=False)
async def verify(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """The newest signatures, and what came of the proof, in words."""
    query = await sent(request, parts, session, LogVerificationQuery)
    answer = await parts.desk.verify_log(parts.asker(session, Wish(), Channel.UI, language), query)
    verdict = verdict_of(answer) if isinstance(answer, LogVerification) else None
    return shown(request, parts, session, "verification.html", answer, asked=query.entry, verdict=verdict)


@router.post("/log/verify/file", include_in_schema=False)
async def proof_file(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """The proof as a file for the verifier; the page that says why when there is none."""
    query = await sent(request, parts, session, LogVerificationQuery)
    answer = await parts.desk.verify_log(parts.asker(session, Wish(), Channel.UI, language), query)
    if isinstance(answer, Refused) or answer.proof is None or verdict_of(answer) != "holds":
        verdict = None if isinstance(answer, Refused) else verdict_of(answer)
        return shown(request, parts, session, "verification.html", answer, asked=query.entry, verdict=verdict)
    headers = {"Content-Disposition": f'attachment; filename="proof-{answer.proof.entry}.json"'}
    return Response(f"{answer.proof.document}\n", 200, headers, media_type="application/json")


def verdict_of(answer: LogVerification) -> Verdict:
    """What came of the proof: what the log says, unless the proof that it gives does not hold with its own keys."""
    if answer.result != "holds":
        return answer.result
    if answer.proof is None:
        return "contradicts"
    try:
        check_proof(answer.proof.document.encode(), [Key.parse(one) for one in answer.keys])
    except (BadEntry, BadNote):
        return "contradicts"
    return "holds"
