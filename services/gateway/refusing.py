"""How the API tells of a refusal: problem details with the rule, the law and the log event."""

import orjson
from starlette.responses import Response

from services.gateway.problems import MEDIA_TYPE
from shared.contracts.answers import Refused
from shared.contracts.base import Language


def refused(answer: Refused, language: Language) -> Response:
    """A refusal as problem details, in the reader's language. Its status is 403 whichever rule decided."""
    refusal = answer.refusal
    body = {
        "type": "urn:kelmu:problem:refused",
        "title": refusal.reason.in_language(language),
        "status": 403,
        "detail": refusal.advice.in_language(language),
        "code": refusal.code,
        "rule": refusal.rule,
        "law": refusal.law,
        "event": None if answer.event is None else str(answer.event),
    }
    return Response(orjson.dumps(body), 403, {"Content-Language": language}, media_type=MEDIA_TYPE)
