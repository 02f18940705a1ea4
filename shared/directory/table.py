"""One kind of record in memory: the newest version of each, and what each is found by."""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, Protocol, TypeVar


class Versioned(Protocol):
    """A record that says which version of itself it is."""

    @property
    def version(self) -> int:
        """From 1 on."""


R = TypeVar("R", bound=Versioned)
"""A kind of record."""


class Table(Generic[R]):
    """Keeps the highest version of each record, whatever is repeated and in whatever order it comes.

    Args:
        key: The record's id, which is its key on the topic.
        by: Every name by which the record is to be found besides its id.
    """

    def __init__(self, key: Callable[[R], str], by: Callable[[R], Iterable[str]] = lambda _: ()) -> None:
        self._key = key
        self._by = by
        self._records: dict[str, R] = {}
        self._named: dict[str, dict[str, R]] = {}
        self._forgotten: dict[str, int] = {}

    def apply(self, record: R) -> bool:
        """Take a version in; return whether it changed anything. One not above the known or forgotten does not."""
        key = self._key(record)
        known = self._records.get(key)
        if record.version <= (self._forgotten.get(key, 0) if known is None else known.version):
            return False
        if known is not None:
            self._unname(key, known)
        self._forgotten.pop(key, None)
        self._records[key] = record
        for name in self._by(record):
            self._named.setdefault(name, {})[key] = record
        return True

    def forget(self, key: str) -> bool:
        """Hold a record as unknown until a version above the known one comes; return whether it was known."""
        known = self._records.pop(key, None)
        if known is None:
            self._forgotten.setdefault(key, 0)
            return False
        self._unname(key, known)
        self._forgotten[key] = known.version
        return True

    def is_forgotten(self, key: str) -> bool:
        """Whether something was said of this record that could not be read, and nothing newer since."""
        return key in self._forgotten

    def hold(self, key: str, stand_in: R) -> bool:
        """Put something of the same version and names in a record's place; return whether that changed anything."""
        known = self._records.get(key)
        self._records[key] = stand_in
        return known != stand_in

    def get(self, key: str) -> R | None:
        """The record with this id, or None."""
        return self._records.get(key)

    def __iter__(self) -> Iterator[R]:
        """Every record, by id."""
        return (self._records[key] for key in sorted(self._records))

    def named(self, name: str) -> Iterator[R]:
        """Records that are found by this name, by id."""
        found = self._named.get(name, {})
        return (found[key] for key in sorted(found))

    def _unname(self, key: str, record: R) -> None:
        for name in self._by(record):
            self._named[name].pop(key, None)
