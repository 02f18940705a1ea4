"""Who calls the interface: a municipality's own system, by token or certificate, at its agreement's pace.

Cookies mean nothing here. Whatever is odd ends the call before anything is asked, and costs nothing.
"""

import hashlib
import hmac
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Header, Request
from pydantic import TypeAdapter, ValidationError

from services.gateway.domain.acting import Acting
from services.gateway.inquiring import Asker
from services.gateway.parts import Parts, PartsOf, language_wanted
from services.gateway.problems import Problem, not_ready, too_fast, unknown_system
from services.gateway.sessions import Identity
from shared.clock.civil import helsinki_date
from shared.contracts.agreements import AgreementChanged, InterfaceClient
from shared.contracts.asking import IdempotencyKey
from shared.contracts.base import Channel, Language
from shared.finnish.identity_code import contains_identity_code
from shared.ids import event_id

_SCHEME: Final = "bearer "
_NAME_LENGTH: Final = 100
_KEY: Final = TypeAdapter[str](IdempotencyKey)
_LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")
"""Hexadecimal digits become letters: no key by chance looks like an identity code."""

OfAgreement = tuple[AgreementChanged, InterfaceClient]


@dataclass(frozen=True, slots=True)
class Call:
    """A recognised call."""

    agreement: AgreementChanged
    client: InterfaceClient
    user: str
    """The municipality's own user, as its system states it."""
    idempotency_key: str
    language: Language
    received: datetime
    """System clock."""

    @property
    def command_key(self) -> str:
        """The idempotency key of a command of this call: no other system's, whatever keys that one makes."""
        return command_key_of(self.agreement.id, self.client.id, self.idempotency_key)

    def asking(self, member: str) -> Asker:
        """Who asks a question. Its id follows from system and key: sent again, it is the same request."""
        return self._asker(member, request_of(self.agreement.id, self.client.id, self.idempotency_key))

    def commanding(self, member: str) -> Asker:
        """Who gives a command. Each delivery is a request of its own, so that a lost answer can be had again.

        That nothing happens twice is held by the command's own key.
        """
        return self._asker(member, None)

    def _asker(self, member: str, request: UUID | None) -> Asker:
        return Asker(
            identity=Identity(name=self.user, identity_code=None, signed_in=self.received),
            acting=Acting(self.agreement.party, member, self.client.roles),
            channel=Channel.INTERFACE,
            language=self.language,
            system=self.client.id,
            request=request,
        )


def request_of(agreement: str, client: str, key: str) -> UUID:
    """The id of the question that a system of the agreement asked with this idempotency key."""
    return event_id("interface-request", agreement, client, key)


def command_key_of(agreement: str, client: str, key: str) -> str:
    """The idempotency key of a command that a system of the agreement sent with this key of its own."""
    return event_id("interface-command", agreement, client, key).hex.translate(_LETTERS)


async def recognise(
    request: Request,
    parts: PartsOf,
    authorization: Annotated[str, Header(description="`Bearer` and the system's token")] = "",
    x_kelmu_user: Annotated[str, Header(description="The municipality's own user; never an identity code")] = "",
    idempotency_key: Annotated[str, Header(description="New for each request; a repeat shows nothing twice")] = "",
) -> Call:
    """The caller of the interface.

    Raises:
        Problem: 401 unknown, 429 too fast, 422 the headers are not as they should be, 503 agreements unknown.
    """
    if not parts.agreements.ready:
        raise not_ready("agreements are being read")
    found = _presented(request, parts, authorization)
    today = helsinki_date(parts.clock.now())
    if found is None or not found[1].validity.covers(today):
        raise unknown_system()
    agreement, client = found
    now = parts.now()
    minute = now.replace(second=0, microsecond=0)
    if not await parts.pace.take(agreement.id, minute, agreement.interface_per_minute):
        raise too_fast(60 - now.second)
    return Call(agreement, client, _user(x_kelmu_user), _key(idempotency_key), language_wanted(request), now)


Caller = Annotated[Call, Depends(recognise)]


def _presented(request: Request, parts: Parts, authorization: str) -> OfAgreement | None:
    """Whose token or certificate it is; both at once must be one system's."""
    directory = parts.agreements.directory
    found: list[OfAgreement | None] = []
    if authorization:
        token = authorization[len(_SCHEME) :] if authorization.lower().startswith(_SCHEME) else ""
        digest = hashlib.sha256(token.strip().encode()).hexdigest()
        of_token = directory.interface_client_by_token(digest)
        found.append(_if_same(of_token, of_token and of_token[1].token_sha256, digest))
    header = parts.settings.certificate_header
    fingerprint = request.headers.get(header, "").replace(":", "").lower() if header else ""
    if fingerprint:
        of_certificate = directory.interface_client_by_certificate(fingerprint)
        found.append(_if_same(of_certificate, of_certificate and of_certificate[1].certificate_sha256, fingerprint))
    if not found or any(one is None or one != found[0] for one in found):
        return None
    return found[0]


def _if_same(found: OfAgreement | None, known: str | None, presented: str) -> OfAgreement | None:
    return found if hmac.compare_digest((known or "").encode(), presented.encode()) else None


def _user(stated: str) -> str:
    with suppress(UnicodeError):
        # Headers are read as Latin-1; systems send UTF-8 as often.
        stated = stated.encode("latin-1").decode("utf-8")
    name = stated.strip()
    if not name or len(name) > _NAME_LENGTH or not name.isprintable() or contains_identity_code(name):
        raise _odd_header("X-Kelmu-User", "State your own user, 1-100 characters, and never by an identity code.")
    return name


def _key(stated: str) -> str:
    try:
        return _KEY.validate_python(stated)
    except ValidationError:
        raise _odd_header("Idempotency-Key", "Send 8-64 letters, digits, '-' or '_', new for each request.") from None


def _odd_header(name: str, advice: str) -> Problem:
    return Problem(422, "header", f"The header {name} is missing or odd.", advice, extra={"header": name})
