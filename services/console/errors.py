"""What a person is told when a command fails for a reason that is known: plain words, no traceback."""

from collections.abc import Iterator
from typing import Final

_OURS: Final = ("services.", "shared.", "deploy.")
"""Exceptions of our own are written for people; their text names fields and settings, never values."""
_FOREIGN: Final = (
    ("aiokafka.", "Kafka does not answer.", "Is it running, and is KELMU_KAFKA its address? `kelmu up` starts it."),
    (
        "asyncpg.",
        "PostgreSQL refused.",
        "Is the database there and migrated (`kelmu migrate`), and the password its own?",
    ),
)
_UNREACHABLE: Final = (
    "A server does not answer.",
    "Are Kafka and PostgreSQL running (`kelmu up`), and are KELMU_KAFKA and KELMU_DATABASE their addresses?",
)


def told(error: BaseException) -> str | None:
    """Return what to tell, or None for an error that nobody foresaw: its traceback is needed."""
    return next((words for cause in _causes(error) if (words := _words(cause)) is not None), None)


def _words(error: BaseException) -> str | None:
    module = f"{type(error).__module__}."
    if module.startswith(_OURS):
        return _own_words(error)
    for prefix, reason, advice in _FOREIGN:
        if module.startswith(prefix):
            return f"{reason} ({type(error).__name__})\n{advice}"
    if isinstance(error, (ConnectionError, TimeoutError)):
        return "\n".join(_UNREACHABLE)
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}."
    return None


def _own_words(error: BaseException) -> str:
    reason, advice = getattr(error, "reason", None), getattr(error, "advice", None)
    if isinstance(reason, str) and isinstance(advice, str):
        return f"{reason}\n{advice}"
    return str(error) or type(error).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, those inside a group, and what caused it."""
    yield error
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _causes(inner)
    original = getattr(error, "orig", None)
    if isinstance(original, BaseException):
        yield from _causes(original)
    if error.__cause__ is not None:
        yield from _causes(error.__cause__)
