"""Structured logging: one JSON object a line, with identity codes struck out before anything is written.

The redaction is the last processor, over the finished line: a code inside an exception's text, a nested value or
a library's message is struck out too (invariant 5). It is a net under the rule, not the rule: nothing logs codes.
"""

import logging
import sys

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from shared.finnish.identity_code import redact


def _render(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    # Each string before it is escaped (a line break would become "\\n", whose n hides what follows it), and the
    # finished line once more for what was no string.
    return redact(orjson.dumps(_redacted(event), default=str, option=orjson.OPT_NON_STR_KEYS).decode())


def _redacted(value: object) -> object:
    match value:
        case str():
            return redact(value)
        case dict():
            return {_redacted(key): _redacted(inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_redacted(inner) for inner in value]
        case _:
            return value


def _flatten_extra(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Libraries pass their context as one `extra` mapping; a reader wants its fields beside the others."""
    extra = event.pop("extra", None)
    if isinstance(extra, dict):
        for key, value in extra.items():
            event.setdefault(key, value)
    return event


class Damped(logging.Filter):
    """Lets a library's line through once in ten seconds: during an outage clients repeat one line for ever."""

    SECONDS = 10.0

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is new enough to be said."""
        key = (record.name, str(record.msg))
        if record.created - self._last.get(key, 0.0) < self.SECONDS:
            return False
        if len(self._last) > 1_000:  # noqa: PLR2004 - so that ever new lines cannot fill the memory
            self._last.clear()
        self._last[key] = record.created
        return True


def configure(service: str, level: str = "INFO") -> structlog.stdlib.BoundLogger:
    """Set up logging for a process and return its logger. Standard-library records take the same way."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        _flatten_extra,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        # Lines below the level are dropped before any work is spent on them: FastStream writes two for each record.
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _render],
        )
    )
    damped = Damped()
    handler.addFilter(lambda record: not record.name.startswith("aiokafka") or damped.filter(record))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("aiokafka", "httpx", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("kelmu")
    return logger.bind(service=service)
