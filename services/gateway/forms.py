"""Forms of the pages: the form token, empty fields, and errors that stand beside their fields."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from services.gateway.parts import Parts
from services.gateway.problems import wrong_form_token
from services.gateway.sessions import Session

M = TypeVar("M", bound=BaseModel)
_FIELDS = 100
ADVANCE_ROWS = 6
"""Months that a new claim form offers; more come by a button."""
MOST_ADVANCE_ROWS = 30
_TYPED_MONTH = re.compile(r"(\d{1,2})[./](\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A form that breaks its schema: the fields at fault, each once, in their order on the page."""

    fields: tuple[str, ...]


async def checked_form(request: Request, parts: Parts, session: Session) -> dict[str, str]:
    """The fields of a form of this session, without the empty ones and without the token.

    Raises:
        Problem: 403 when the form is not one of this session's.
    """
    async with request.form(max_files=0, max_fields=_FIELDS) as form:
        fields = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    if not parts.keys.is_form_token(session.token, fields.pop("form_token", "")):
        raise wrong_form_token()
    return {name: value for name, value in fields.items() if value}


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
        if name not in {"whole", "check", "more"} and not name.startswith(("advance_", "care_of_"))
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
