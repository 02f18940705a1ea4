"""Forms of the pages: the form token, empty fields, and errors that stand beside their fields."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from services.gateway.behalf import is_of_now, shown_on
from services.gateway.domain.acting import Wish
from services.gateway.parts import Parts
from services.gateway.problems import Problem, wrong_form_token
from services.gateway.sessions import Session
from services.gateway.typed import Typed, Why, person_of

M = TypeVar("M", bound=BaseModel)
_FIELDS = 100
TOKEN: Final = "form_token"  # noqa: S105  # a field's name
RESUMED: Final = "typed"
"""Field of a form that puts back what was typed: its use is the end of what was kept."""
ADVANCE_ROWS = 6
"""Months that a new claim form offers; more come by a button."""
MOST_ADVANCE_ROWS = 30
_TYPED_MONTH = re.compile(r"(\d{1,2})[./](\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A form that breaks its schema: the fields at fault, each once, in their order on the page."""

    fields: tuple[str, ...]


async def fields_of(request: Request) -> dict[str, str]:
    """Everything that the form holds, texts only."""
    async with request.form(max_files=0, max_fields=_FIELDS) as form:
        return {name: value.strip() for name, value in form.items() if isinstance(value, str)}


async def checked_form(
    request: Request, parts: Parts, session: Session, *, on_any_behalf: bool = False
) -> dict[str, str]:
    """The fields of a form of this session, without the empty ones and without the token.

    Args:
        request: The form.
        parts: The gateway's parts.
        session: Who sends it.
        on_any_behalf: The form does nothing on anybody's behalf: signing out, choosing.

    Raises:
        Problem: 403 when the form is not one of this session's. 303 to the page with what was typed, when it was
            shown on another one's behalf or in an earlier session of the same person: nothing is done, and they choose.
    """
    fields = await fields_of(request)
    token = fields.pop(TOKEN, "")
    if not parts.keys.is_of_session(session.token, token):
        shown = shown_on(parts, session, token)
        if shown is None:
            raise wrong_form_token()
        raise await _set_aside(request, parts, session, fields, Why.EARLIER, shown)
    if not on_any_behalf and not is_of_now(parts, session, token):
        raise await _set_aside(request, parts, session, fields, Why.BEHALF, shown_on(parts, session, token))
    if fields.pop(RESUMED, ""):
        await parts.typed.forget(request.cookies.get(parts.typed_cookie))
    return {name: value for name, value in fields.items() if value}


async def set_aside(
    request: Request, parts: Parts, session: Session, fields: Mapping[str, str], why: Why, shown: Wish | None
) -> str:
    """Keep what was typed for this person; returns the key for the cookie."""
    kept = {name: value for name, value in fields.items() if value and name != RESUMED}
    behalf = shown or Wish()
    typed = Typed(
        why=why,
        person=person_of(session.identity),
        path=request.url.path,
        fields=kept,
        organisation=behalf.organisation,
        member=behalf.member,
    )
    return await parts.typed.set_aside(typed)


def aside_cookie(parts: Parts, key: str) -> str:
    """The header that lets the browser keep the key of what was typed."""
    secure = "; Secure" if parts.settings.cookie_secure else ""
    seconds = int(parts.settings.typed_life.total_seconds())
    return f"{parts.typed_cookie}={key}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Lax{secure}"


async def _set_aside(
    request: Request, parts: Parts, session: Session, fields: Mapping[str, str], why: Why, shown: Wish | None
) -> Problem:
    key = await set_aside(request, parts, session, fields, why, shown)
    return Problem(
        303,
        f"form_{why}",
        "Nothing was done: the form was shown on another behalf or in an earlier session.",
        "See what you had typed, and choose.",
        headers={"Location": "/typed", "Set-Cookie": aside_cookie(parts, key)},
    )


def read(model: type[M], fields: Mapping[str, object]) -> M | Rejected:
    """The form as a model, or which fields to point at."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        return Rejected(tuple(dict.fromkeys(str(one["loc"][0]) for one in found if one["loc"])))


def advance_rows(fields: Mapping[str, str]) -> int:
    """How many months a claim form shows: those that hold something, and some more when asked for."""
    numbered = (name.rpartition("_") for name in fields if name.startswith(("advance_month_", "advance_amount_")))
    filled = max((int(number) for _, _, number in numbered if number.isdecimal()), default=0)
    wanted = max(filled, ADVANCE_ROWS) + (ADVANCE_ROWS if "more" in fields else 0)
    return min(wanted, MOST_ADVANCE_ROWS)


def claim_of(fields: Mapping[str, str]) -> dict[str, object]:
    """The fields of a claim form as a `ClaimRequest` has them: months and care gathered, buttons left out."""
    claim: dict[str, object] = {
        name: value
        for name, value in fields.items()
        if name not in {"whole", "check", "more", "choose", "live"} and not name.startswith(("advance_", "care_of_"))
    }
    if "whole" in fields:
        claim["amount"] = "all"
    rows = [
        {"month": _month(fields.get(f"advance_month_{row}", "")), "amount": fields.get(f"advance_amount_{row}", "")}
        for row in range(1, MOST_ADVANCE_ROWS + 1)
    ]
    claim["advances"] = [row for row in rows if row["month"] or row["amount"]]
    care = {name.removeprefix("care_of_"): value for name, value in fields.items() if name.startswith("care_of_")}
    return claim | ({"care": care} if care else {})


def _month(typed: str) -> str:
    """2016-12, as a browser sends it or as people write it: 12/2016."""
    found = _TYPED_MONTH.fullmatch(typed)
    return typed if found is None else f"{found[2]}-{found[1]:0>2}"
