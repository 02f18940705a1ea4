"""Every way in which a request ends without its answer, as problem details (RFC 9457).

A problem says what went wrong in plain words and what to do next. It never repeats what was sent.
"""

from collections.abc import Mapping, Sequence

import orjson
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared.contracts.answers import ChangesRefused
from shared.contracts.base import Language, Text
from shared.finnish.identity_code import redact

MEDIA_TYPE = "application/problem+json"
Details = Mapping[str, object]


class Problem(HTTPException):
    """A request that ends here.

    Attributes:
        code: Stable machine code; the tail of the problem's `type`.
        title: One short sentence.
        advice: What to do next.
        extra: Further members for machines; nothing personal.
    """

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        advice: str,
        *,
        extra: Details | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, title, dict(headers or {}))
        self.code = code
        self.title = title
        self.advice = advice
        self.extra = dict(extra or {})

    def body(self) -> dict[str, object]:
        """The members of the problem."""
        return {
            "type": f"urn:kelmu:problem:{self.code}",
            "title": self.title,
            "status": self.status_code,
            "detail": self.advice,
            "code": self.code,
            **self.extra,
        }


def problem_response(problem: Problem) -> Response:
    """The problem as the API answers it."""
    return Response(orjson.dumps(problem.body()), problem.status_code, problem.headers, media_type=MEDIA_TYPE)


def no_session() -> Problem:
    """Nobody is signed in, or the session has ended."""
    return Problem(401, "no_session", "You are not signed in.", "Sign in at /sign-in and try again.")


def foreign_origin() -> Problem:
    """The request was made by a page of another site."""
    return Problem(403, "foreign_origin", "The request came from another site.", "Use the service's own pages.")


def wrong_form_token() -> Problem:
    """The form was not one that this session was given."""
    return Problem(
        403,
        "form_token",
        "This form belongs to another session.",
        "Open the page again and send it from there.",
    )


def wrong_media_type(wanted: str) -> Problem:
    """The body is not of the type that the address reads."""
    return Problem(415, "media_type", "The body is of another type.", f"Send it as {wanted}.")


def too_large(limit: int) -> Problem:
    """The body exceeds the limit."""
    return Problem(413, "too_large", "The request is too large.", f"Send at most {limit} bytes.")


def invalid(errors: Sequence[ErrorDetails]) -> Problem:
    """The body breaks the schema. Places and reasons are told, never values."""
    broken = any(error["type"] == "json_invalid" for error in errors)
    found = [
        {
            "field": redact(".".join(str(part) for part in error["loc"] if part != "body")),
            "reason": error["msg"],
        }
        for error in errors
    ]
    if broken:
        return Problem(400, "not_json", "The body is not JSON.", "Send one JSON object.")
    return Problem(422, "invalid", "Some fields are not as they should be.", "Correct them.", extra={"errors": found})


def wrong_form(fields: Sequence[str]) -> Problem:
    """A page's form without fields of its own came otherwise than the page sends it."""
    errors = [{"field": field, "reason": "missing or odd"} for field in fields]
    return Problem(422, "invalid", "Some fields are not as they should be.", "Correct them.", extra={"errors": errors})


def unavailable() -> Problem:
    """Kafka did not take the request: nothing happened."""
    return Problem(
        503,
        "unavailable",
        "The service is interrupted and nothing was looked up.",
        "Try again in a moment.",
        headers={"Retry-After": "10"},
    )


def interrupted() -> Problem:
    """Something that the gateway itself needs does not answer: nobody was asked anything."""
    return Problem(
        503,
        "interrupted",
        "The service is interrupted and nothing was looked up.",
        "Try again in a moment.",
        headers={"Retry-After": "10"},
    )


def unconfirmed() -> Problem:
    """Kafka did not confirm a command: it may or may not stand."""
    return Problem(
        503,
        "unconfirmed",
        "The service is interrupted, and it is not known whether this was taken.",
        "Send it again with the same idempotency key: nothing happens twice.",
        headers={"Retry-After": "10"},
    )


def undecided() -> Problem:
    """No receipt of a command came in time: it may or may not have taken effect."""
    return Problem(
        504,
        "undecided",
        "It is not known whether this took effect.",
        "Send it again with the same idempotency key: nothing happens twice.",
        headers={"Retry-After": "10"},
    )


def repeated() -> Problem:
    """This very request was made before: its data is neither shown nor charged twice."""
    return Problem(
        409,
        "repeated",
        "This request was made before, and its data is not shown twice.",
        "Make a new request with a new idempotency key if you need the data again.",
    )


def records_refused(answer: ChangesRefused, language: Language) -> Problem:
    """At least one record was refused; each fault is told in the reader's language."""
    faults = [
        {
            "record": one.record,
            "code": one.code,
            "reason": _said(one.reason, language),
            "advice": _said(one.advice, language),
        }
        for one in answer.faults
    ]
    return Problem(
        422,
        "records_refused",
        "Nothing was changed: at least one record is not as it should be.",
        "Correct what the faults name and send all records again.",
        extra={"faults": faults},
    )


def _said(words: str | Text, language: Language) -> str:
    """Words in the reader's language, where they were written in all three."""
    return words.in_language(language) if isinstance(words, Text) else words


def unknown_system() -> Problem:
    """Whoever calls the interface is none of its users. No hint says what was wrong."""
    return Problem(
        401,
        "unknown_system",
        "The call was not recognised.",
        "Call with the valid token or certificate of an agreement.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def too_fast(seconds: int) -> Problem:
    """The agreement's calls of this minute are used up."""
    return Problem(
        429,
        "too_fast",
        "The agreement's calls of this minute are used up. Nothing was looked up and nothing is charged.",
        f"Wait {seconds} seconds and call again.",
        headers={"Retry-After": str(seconds)},
    )


def not_allowed(advice: str) -> Problem:
    """The person has no role for this, and nothing of a client was asked."""
    return Problem(403, "not_allowed", "Your roles do not cover this.", advice)


def not_ready(what: str) -> Problem:
    """Something that decides who may do what is not known yet."""
    return Problem(503, "not_ready", f"The service is starting: {what}.", "Try again.", headers={"Retry-After": "5"})


def no_answer() -> Problem:
    """The deadline passed. Whatever comes later is dropped, and the log tells of the attempt."""
    return Problem(
        504, "no_answer", "The answer did not come in time and nothing is shown.", "Search again in a moment."
    )


def unexpected() -> Problem:
    """A fault of ours; its detail is in the operators' log, not in the answer."""
    return Problem(500, "unexpected", "Something went wrong in the service.", "Try again; tell support if it goes on.")
