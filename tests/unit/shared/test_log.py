"""Invariant 5: no identity code in a log line, whichever way it tries to get there."""

import json
import logging
from collections.abc import Callable

import pytest
from structlog.stdlib import BoundLogger

from shared.log import configure

CODE = "010180-9015"


@pytest.mark.parametrize(
    "write",
    [
        lambda log: log.info("looked up %s", CODE),
        lambda log: log.info("looked up", client=CODE),
        lambda log: log.info("several lines", text=f"bad line\n{CODE}\tand\t{CODE}"),
        lambda log: log.info("looked up", nested={"person": [CODE]}),
        lambda _: logging.getLogger("asyncpg").warning("value %s", CODE),
        lambda _: logging.getLogger("x").warning("extra", extra={"extra": {"who": CODE}}),
    ],
)
def test_a_code_is_struck_out_of_every_kind_of_line(
    write: Callable[[BoundLogger], None], capsys: pytest.CaptureFixture[str]
) -> None:
    log = configure("test")
    write(log)
    line = capsys.readouterr().err
    assert CODE not in line
    json.loads(line)


def test_a_code_in_an_exceptions_text_is_struck_out(capsys: pytest.CaptureFixture[str]) -> None:
    log = configure("test")
    try:
        int(CODE)
    except ValueError:
        log.exception("failed")
    assert CODE not in capsys.readouterr().err


def test_a_client_that_repeats_itself_during_an_outage_is_heard_once(capsys: pytest.CaptureFixture[str]) -> None:
    configure("test")
    for _ in range(1_000):
        logging.getLogger("aiokafka.conn").error("Unable connect to node with id %s", 1)
        logging.getLogger("kelmu").error("ours is always heard")
    lines = capsys.readouterr().err.splitlines()
    assert sum("Unable connect" in line for line in lines) == 1
    assert sum("always heard" in line for line in lines) == 1_000
