"""How the API tells of an answer, and of a refusal: problem details with the rule, the law and the log event."""

from typing import Any, Final

import orjson
from starlette.responses import Response

from services.gateway.models import ProblemView, RefusedView
from services.gateway.problems import MEDIA_TYPE
from shared.contracts.answers import Refused
from shared.contracts.base import Contract, Language

PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    400: {"model": ProblemView},
    401: {"model": ProblemView},
    403: {"model": RefusedView, "description": "Refused by the gate, and logged"},
    409: {"model": ProblemView},
    413: {"model": ProblemView},
    415: {"model": ProblemView},
    422: {"model": ProblemView},
    503: {"model": ProblemView, "description": "Nothing was looked up"},
    504: {"model": ProblemView},
}
"""What every question to a service may end in, for the description of the API."""


def told(answer: Contract, language: Language, status: int = 200) -> Response:
    """An answer as the API gives it: the data as JSON, or the refusal."""
    if isinstance(answer, Refused):
        return refused(answer, language)
    return Response(answer.model_dump_json(), status, media_type="application/json")


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
