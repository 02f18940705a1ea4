"""Which database errors pass by themselves, and which are the data's fault (design 7).

An outage must make a consumer wait, never fill its quarantine; a bad row must not stop it for ever.
"""

from typing import Final, Literal

import asyncpg
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout

TRANSIENT: Final = ("08", "40", "53", "57", "25006")
"""SQLSTATE classes: connection, serialisation and deadlock, resources, operator intervention (shutdown); and the one
state of a server that is read-only for now, as a standby is until it takes over."""
DATA: Final = ("22", "23")
"""SQLSTATE classes: data exception (a NUL byte in text is enough), integrity constraint violation."""

LOST: Final = (
    OSError,
    TimeoutError,
    PoolTimeout,
    InterfaceError,
    # Raised on a raw connection, past SQLAlchemy's wrapping, when the server has gone away under it.
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""The connection is gone or was never had."""

Fault = Literal["transient", "data", "unexpected"]


def sqlstate_of(error: BaseException) -> str | None:
    """The SQLSTATE of an error or of what caused it."""
    seen: BaseException | None = error
    while seen is not None:
        state = getattr(seen, "sqlstate", None)
        if isinstance(state, str):
            return state
        original = getattr(seen, "orig", None)
        seen = original if isinstance(original, BaseException) else seen.__cause__
    return None


def classify(error: BaseException) -> Fault:
    """Whether to wait and retry, to look for the culprit, or to treat it as a fault of this release."""
    if isinstance(error, LOST):
        return "transient"
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return "transient"
    state = sqlstate_of(error)
    if state is None:
        return "unexpected"
    if state.startswith(TRANSIENT):
        return "transient"
    if state[:2] in DATA:
        return "data"
    return "unexpected"
