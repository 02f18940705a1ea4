"""Forms of the pages: the form token, empty fields, and errors that stand beside their fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from services.gateway.parts import Parts
from services.gateway.problems import wrong_form_token
from services.gateway.sessions import Session

M = TypeVar("M", bound=BaseModel)
_FIELDS = 40


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
