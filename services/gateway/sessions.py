"""Sessions: who is signed in, until when, and on whose behalf they act.

A session id exists in the person's cookie only; the database knows its hash, and the person's identity sealed
for that hash. A new id is made at every sign-in, so an id planted before it is worth nothing. All times here
are the system clock: the business clock never ends a session.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from services.gateway.keys import SealBrokenError, SessionKeys, new_token, token_hash
from services.gateway.store.sessions import StoredForm, StoredSession
from shared.contracts.base import BusinessId, Instant

REMEMBERED = timedelta(days=1)
"""How long after its absolute limit a session still says whose a late form is."""
_TOUCH_AFTER = timedelta(minutes=1)
"""Use is noted at most once a minute: a write for every look-up would cost more than the minute is worth."""


class Identity(BaseModel):
    """Who the identification service says the person is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    identity_code: str | None = Field(repr=False)
    """None: a sub-ID (alitunniste), bound to no person; the gate refuses it."""
    organisation: BusinessId | None = None
    """The organisation that issued the ID, where the identification states it."""
    signed_in: Instant


class Store(Protocol):
    """What sessions need of the database (`store.SessionStore`)."""

    async def find(self, id_hash: bytes) -> StoredSession | None:
        """The session with this hash."""
        ...

    async def add(self, session: StoredSession) -> None:
        """Keep a new session."""
        ...

    async def choose(self, id_hash: bytes, organisation: str, member: str) -> None:
        """Note on whose behalf."""
        ...

    async def touch(self, id_hash: bytes, seen: datetime) -> None:
        """Note that it was used."""
        ...

    async def remove(self, id_hash: bytes) -> None:
        """End it."""
        ...

    async def set_aside(self, form: StoredForm) -> None:
        """Keep what was typed."""
        ...

    async def aside(self, key_hash: bytes, now: datetime) -> bytes | None:
        """What was typed, still sealed, unless its time is over."""
        ...

    async def forget(self, key_hash: bytes) -> None:
        """Delete what was typed."""
        ...


@dataclass(frozen=True, slots=True)
class Session:
    """A living session as a handler sees it."""

    token: str = field(repr=False)
    identity: Identity
    expires: datetime
    organisation: str | None
    member: str | None
    idle_ends_at: datetime
    """When it ends if it is not used before."""

    @property
    def ends_at(self) -> datetime:
        """When it ends even if it is used all the time."""
        return self.expires


@dataclass(frozen=True, slots=True)
class Sessions:
    """Opens, finds and ends sessions."""

    store: Store
    keys: SessionKeys
    idle: timedelta
    life: timedelta
    now: Callable[[], datetime]

    async def open(self, identity: Identity) -> str:
        """Start a session for an identified person; returns the id for the cookie."""
        token, now = new_token(), self.now()
        place = token_hash(token)
        sealed = self.keys.seal(identity.model_dump_json().encode(), place)
        await self.store.add(StoredSession(place, sealed, now, now, now + self.life))
        return token

    async def find(self, token: str | None) -> Session | None:
        """The living session of a cookie; None when there is none, or it has ended, or is not ours."""
        session = await self.remembered(token)
        now = self.now()
        if session is None or now >= session.ends_at or now >= session.idle_ends_at:
            return None
        if now - (session.idle_ends_at - self.idle) < _TOUCH_AFTER:
            return session
        return await self.extend(session)

    async def remembered(self, token: str | None) -> Session | None:
        """The session of a cookie, though it may have ended by time: it may do nothing, it only says whose it was."""
        if not token:
            return None
        place = token_hash(token)
        stored = await self.store.find(place)
        if stored is None:
            return None
        try:
            identity = Identity.model_validate_json(self.keys.open(stored.sealed, place))
        except SealBrokenError:
            return None
        return Session(token, identity, stored.expires, stored.organisation, stored.member, stored.seen + self.idle)

    async def extend(self, session: Session) -> Session:
        """Note that the session is used now; its absolute limit stays."""
        now = self.now()
        await self.store.touch(token_hash(session.token), now)
        return replace(session, idle_ends_at=now + self.idle)

    async def choose(self, session: Session, organisation: str, member: str) -> None:
        """Act on behalf of another municipality from the next request on."""
        await self.store.choose(token_hash(session.token), organisation, member)

    async def close(self, token: str | None) -> None:
        """End the session of a cookie, if there is one."""
        if token:
            await self.store.remove(token_hash(token))
