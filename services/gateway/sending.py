"""Forms that a page sends as it made them: hidden fields and buttons, nothing that a person may mistype."""

from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel

from services.gateway.forms import Rejected, checked_form, read
from services.gateway.parts import Parts
from services.gateway.problems import wrong_form
from services.gateway.sessions import Session

M = TypeVar("M", bound=BaseModel)


async def sent(request: Request, parts: Parts, session: Session, model: type[M], **fixed: object) -> M:
    """What the form sends, with what the page itself fixes.

    Raises:
        Problem: 403 when the form is not one of this session's, 422 when no page of ours sends such a form.
    """
    found = read(model, {**await checked_form(request, parts, session), **fixed})
    if isinstance(found, Rejected):
        raise wrong_form(found.fields)
    return found
