"""What somebody had typed when their form could not be taken: kept sealed for minutes, for the same person alone.

It holds identity codes and free text. So it is sealed under the gateway's own key, opens only with the key in the
person's own cookie and for the person who typed it, and goes when it is used or when its time is over.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.gateway.domain.acting import Wish
from services.gateway.keys import SealBrokenError, SessionKeys, new_token, token_hash
from services.gateway.sessions import Identity, Store
from services.gateway.store.sessions import StoredForm
from shared.contracts.base import BusinessId, MunicipalityCode

_PLACE = b"typed "


class Why(StrEnum):
    """Why a form was not taken."""

    ENDED = "ended"
    """The session had ended."""
    EARLIER = "earlier"
    """It was shown in an earlier session of the same person."""
    BEHALF = "behalf"
    """It was shown on another one's behalf than the person acts on now."""


class Typed(BaseModel):
    """A form as it was sent."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    why: Why
    person: str = Field(repr=False)
    path: str
    fields: dict[str, str] = Field(repr=False)
    organisation: BusinessId | None
    member: MunicipalityCode | None
    """On whose behalf it was shown."""

    @property
    def behalf(self) -> Wish:
        """On whose behalf the form was shown."""
        return Wish(self.organisation, self.member)


def person_of(identity: Identity) -> str:
    """What tells one person from another; a sub-ID has its name and organisation only."""
    return identity.identity_code or f"{identity.organisation} {identity.name}"


@dataclass(frozen=True, slots=True)
class TypedForms:
    """Keeps what was typed, gives it back, forgets it."""

    store: Store
    keys: SessionKeys
    life: timedelta
    now: Callable[[], datetime]

    async def set_aside(self, typed: Typed) -> str:
        """Keep it; returns the key for the person's cookie."""
        key = new_token()
        hashed = token_hash(key)
        sealed = self.keys.seal(typed.model_dump_json().encode(), _PLACE + hashed)
        await self.store.set_aside(StoredForm(hashed, sealed, self.now() + self.life))
        return key

    async def find(self, key: str | None, identity: Identity) -> Typed | None:
        """What this person had typed; None when there is nothing, its time is over, or somebody else typed it."""
        if not key:
            return None
        hashed = token_hash(key)
        sealed = await self.store.aside(hashed, self.now())
        if sealed is None:
            return None
        try:
            typed = Typed.model_validate_json(self.keys.open(sealed, _PLACE + hashed))
        except (SealBrokenError, ValidationError):
            return None
        return typed if typed.person == person_of(identity) else None

    async def forget(self, key: str | None) -> None:
        """It was used, or is not wanted."""
        if key:
            await self.store.forget(token_hash(key))
