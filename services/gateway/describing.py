"""The API's description says what every operation can answer before its handler is reached, and in which type."""

from collections.abc import Callable, Mapping
from typing import Final

from fastapi import FastAPI

from services.gateway.problems import MEDIA_TYPE

_PROBLEM: Final = {"$ref": "#/components/schemas/ProblemView"}
_GUARDED: Final[Mapping[str, str]] = {
    "400": "The body is no JSON, or lacks what the operation needs",
    "403": "Refused by a rule, or sent from another site",
    "413": "The body is too large",
    "415": "The body is of another type",
}
"""What the guard answers to whatever is sent (`guard.Guard`)."""
_WRITING: Final = frozenset({"post", "put", "patch", "delete"})


def described(app: FastAPI) -> Callable[[], dict[str, object]]:
    """What makes the description of an application, once: problems in their own media type, the guard's answers too."""
    plain = app.openapi

    def whole() -> dict[str, object]:
        if app.openapi_schema is None:
            description = plain()
            for operations in description["paths"].values():
                for method, operation in operations.items():
                    _tell(method, operation["responses"])
        return app.openapi_schema or {}

    return whole


def _tell(method: str, responses: dict[str, dict[str, object]]) -> None:
    if method in _WRITING:
        for status in _GUARDED:
            responses.setdefault(status, {})
    for status, response in responses.items():
        if status >= "400":
            response.setdefault("description", _GUARDED.get(status, ""))
            content = response.get("content")
            told = content.get("application/json") if isinstance(content, dict) else None
            response["content"] = {MEDIA_TYPE: told or {"schema": _PROBLEM}}
