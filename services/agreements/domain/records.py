"""The kinds of record of this service, and how each is named.

A record is an event contract as it stands: what is stored is what is published, so that no translation
between the two can go wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pydantic import TypeAdapter

from shared.contracts.agreements import (
    AgreementChanged,
    AgreementPath,
    AgreementsRecord,
    DelegationChanged,
    MandateChanged,
    OrganisationChanged,
    PopulationStated,
    ResponsibilityChanged,
    UserChanged,
)

Record = AgreementsRecord

KINDS: Final[Mapping[str, type[Record]]] = MappingProxyType(
    {
        "organisation": OrganisationChanged,
        "agreement": AgreementChanged,
        "mandate": MandateChanged,
        "population": PopulationStated,
        "delegation": DelegationChanged,
        "responsibility": ResponsibilityChanged,
        "user": UserChanged,
        "path": AgreementPath,
    }
)
"""Kind as it stands in files and in the database, and the contract of its body."""

_READERS: Final = {kind: TypeAdapter(contract) for kind, contract in KINDS.items()}


@dataclass(frozen=True, slots=True, order=True)
class RecordKey:
    """What stays the same through all versions of a record."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


def key_of(record: Record) -> RecordKey:  # noqa: C901, PLR0911 - one line a kind of record
    """Return the key of a record; population is named by municipality and year end (``091/2015``)."""
    match record:
        case OrganisationChanged():
            return RecordKey("organisation", record.business_id)
        case AgreementChanged():
            return RecordKey("agreement", record.id)
        case MandateChanged():
            return RecordKey("mandate", record.id)
        case PopulationStated():
            return RecordKey("population", f"{record.municipality}/{record.year_end}")
        case DelegationChanged():
            return RecordKey("delegation", record.id)
        case ResponsibilityChanged():
            return RecordKey("responsibility", record.municipality)
        case UserChanged():
            return RecordKey("user", record.id)
        case AgreementPath():
            return RecordKey("path", record.id)


def read_record(kind: str, body: bytes | str) -> Record:
    """Read the JSON body of one record.

    Raises:
        KeyError: The kind is not one of `KINDS`.
        pydantic.ValidationError: The body breaks the contract of its kind.
    """
    return _READERS[kind].validate_json(body)
