"""Everything the service has accepted so far, in memory, so that a change can be judged against it.

One instance belongs to one command: it is read under the service's lock, changed, and thrown away.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.agreements.domain.records import Record, RecordKey, key_of
from services.agreements.domain.spans import overlap
from shared.contracts.agreements import (
    AgreementChanged,
    AgreementPath,
    DelegationChanged,
    OrganisationChanged,
    ResponsibilityChanged,
)
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
        self._actors: dict[RecordKey, list[str]] = {}
        self._bearings: dict[str, dict[str, tuple[Bearing, ...]]] = {}
        self._municipalities: dict[str, str] = {}
        self._delegations: dict[str, dict[str, DelegationChanged]] = {}
        self._paths: dict[str, dict[str, AgreementPath]] = {}
        self._systems: dict[str, str] = {}
        for record in records:
            self.accept(record)

    def accept(self, record: Record, actor: str = "") -> None:
        """Make the record the current version of its key. The rules have been asked before.

        Args:
            record: The version.
            actor: Who answers for it.
        """
        key = key_of(record)
        before = self.current(key)
        self._versions.setdefault(key, []).append(record)
        self._actors.setdefault(key, []).append(actor)
        match record:
            case AgreementChanged():
                self._index_agreement(before if isinstance(before, AgreementChanged) else None, record)
            case OrganisationChanged(municipality=str(code)):
                self._municipalities[code] = record.business_id
            case DelegationChanged():
                self._delegations.setdefault(record.principal, {})[record.id] = record
            case AgreementPath():
                self._paths.setdefault(record.party, {})[record.id] = record
            case _:
                pass

    def versions(self, key: RecordKey) -> Sequence[Record]:
        """Return all accepted versions; version n stands at index n - 1."""
        return self._versions.get(key, ())

    def actors(self, key: RecordKey) -> Sequence[str]:
        """Return who answers for each version, in the order of `versions`."""
        return self._actors.get(key, ())

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

    def responsibility(self, municipality: str) -> ResponsibilityChanged | None:
        """Return who is responsible for the municipality's social welfare, or None when it was never stated."""
        found = self.current(RecordKey("responsibility", municipality))
        return found if isinstance(found, ResponsibilityChanged) else None

    def agreement(self, agreement_id: str) -> AgreementChanged | None:
        """Return the agreement with this id, or None."""
        found = self.current(RecordKey("agreement", agreement_id))
        return found if isinstance(found, AgreementChanged) else None

    def bearings(self, municipality: str) -> Iterator[Bearing]:
        """Every bearing of the municipality, by any agreement."""
        for bearings in self._bearings.get(municipality, {}).values():
            yield from bearings

    def delegations(self, principal: str, agent: str) -> Iterator[DelegationChanged]:
        """Every delegation of the municipality to the organisation, past and coming ones too."""
        return (one for one in self._delegations.get(principal, {}).values() if one.agent == agent)

    def paths(self, party: str) -> Iterator[AgreementPath]:
        """Every path of the organisation, whatever its step."""
        return iter(self._paths.get(party, {}).values())

    def holder(self, mark: str) -> str | None:
        """Return the agreement whose interface client holds this id, token or certificate (`marks`), or None."""
        return self._systems.get(mark)

    def _index_agreement(self, before: AgreementChanged | None, record: AgreementChanged) -> None:
        for code in {member.municipality for member in before.members} if before else ():
            self._bearings.get(code, {}).pop(record.id, None)
        for bearing in bearings_of(record):
            by_agreement = self._bearings.setdefault(bearing.municipality, {})
            by_agreement[record.id] = (*by_agreement.get(record.id, ()), bearing)
        for mark in marks(before) if before else ():
            self._systems.pop(mark, None)
        self._systems.update(dict.fromkeys(marks(record), record.id))


def bearings_of(agreement: AgreementChanged) -> tuple[Bearing, ...]:
    """Return whom an agreement bears and when: its members' days within its own."""
    return tuple(
        Bearing(agreement.id, agreement.party, member.municipality, days)
        for member in agreement.members
        if (days := overlap(member.validity, agreement.validity)) is not None
    )


def marks(agreement: AgreementChanged) -> list[str]:
    """Return by what the agreement's interface clients are known; each may occur once in the whole service."""
    return [
        f"{name} {value}"
        for client in agreement.interface_clients
        for name, value in (
            ("id", client.id),
            ("token", client.token_sha256),
            ("certificate", client.certificate_sha256),
        )
        if value is not None
    ]
