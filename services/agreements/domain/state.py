"""Everything the service has accepted so far, in memory, so that a change can be judged against it.

One instance belongs to one command: it is read under the service's lock, changed, and thrown away.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.agreements.domain.records import Record, RecordKey, key_of
from services.agreements.domain.spans import overlap
from shared.contracts.agreements import AgreementChanged, OrganisationChanged
from shared.contracts.base import Validity


@dataclass(frozen=True, slots=True)
class Bearing:
    """One agreement bears one municipality's social welfare on these days."""

    agreement: str
    party: str
    municipality: str
    days: Validity


class State:
    """All versions of all records, with the questions that the rules ask of them.

    Args:
        records: What is already accepted, each record's versions in order from 1.
    """

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self._versions: dict[RecordKey, list[Record]] = {}
        self._bearings: dict[str, dict[str, tuple[Bearing, ...]]] = {}
        self._municipalities: dict[str, str] = {}
        for record in records:
            self.accept(record)

    def accept(self, record: Record) -> None:
        """Make the record the current version of its key. The rules have been asked before."""
        self._versions.setdefault(key_of(record), []).append(record)
        match record:
            case AgreementChanged():
                for by_agreement in self._bearings.values():
                    by_agreement.pop(record.id, None)
                for bearing in bearings_of(record):
                    by_agreement = self._bearings.setdefault(bearing.municipality, {})
                    by_agreement[record.id] = (*by_agreement.get(record.id, ()), bearing)
            case OrganisationChanged(municipality=str(code)):
                self._municipalities[code] = record.business_id
            case _:
                pass

    def versions(self, key: RecordKey) -> Sequence[Record]:
        """Return all accepted versions; version n stands at index n - 1."""
        return self._versions.get(key, ())

    def current(self, key: RecordKey) -> Record | None:
        """Return the highest version, or None when the record is unknown."""
        versions = self._versions.get(key)
        return versions[-1] if versions else None

    def organisation(self, business_id: str) -> OrganisationChanged | None:
        """Return the organisation with this business id, or None."""
        found = self.current(RecordKey("organisation", business_id))
        return found if isinstance(found, OrganisationChanged) else None

    def organisation_of(self, municipality: str) -> str | None:
        """Return the business id of the organisation that is the municipality, or None."""
        return self._municipalities.get(municipality)

    def bearings(self, municipality: str) -> Iterator[Bearing]:
        """Every bearing of the municipality, by any agreement."""
        for bearings in self._bearings.get(municipality, {}).values():
            yield from bearings


def bearings_of(agreement: AgreementChanged) -> tuple[Bearing, ...]:
    """Return whom an agreement bears and when: its members' days within its own."""
    return tuple(
        Bearing(agreement.id, agreement.party, member.municipality, days)
        for member in agreement.members
        if (days := overlap(member.validity, agreement.validity)) is not None
    )
