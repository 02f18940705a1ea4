"""An outage makes a consumer wait; only the data's own faults may lead to the quarantine."""

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, ProgrammingError

from shared.database.errors import classify


class WithState(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError("gone"),
        TimeoutError(),
        InterfaceError("select", {}, ConnectionError()),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError("unexpected"),
        DBAPIError("select", {}, WithState("57P01"), connection_invalidated=True),
        DBAPIError("select", {}, WithState("40001")),
        DBAPIError("select", {}, WithState("53300")),
        asyncpg.ConnectionDoesNotExistError("closed"),
        asyncpg.AdminShutdownError("shutting down"),
        asyncpg.ReadOnlySQLTransactionError("a standby"),
    ],
)
def test_what_passes_by_itself_is_waited_out(error: BaseException) -> None:
    assert classify(error) == "transient"


@pytest.mark.parametrize(
    "error",
    [
        IntegrityError("insert", {}, WithState("23505")),
        DBAPIError("insert", {}, WithState("22021")),
        asyncpg.CharacterNotInRepertoireError("a NUL byte"),
    ],
)
def test_the_datas_own_fault_is_told_apart(error: BaseException) -> None:
    assert classify(error) == "data"


@pytest.mark.parametrize("error", [ProgrammingError("select", {}, WithState("42P01")), KeyError("x"), ValueError("x")])
def test_a_fault_of_the_release_is_neither(error: BaseException) -> None:
    assert classify(error) == "unexpected"
