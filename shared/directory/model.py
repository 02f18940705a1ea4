"""The directory: organisations, agreements, mandates and population, folded from agreements events.

Every event carries the whole record and its version, so the fold keeps the highest version of each record and
is indifferent to repeats and to order; only heartbeats are followed in the order of the topic. A record of which a
newer version came that cannot be read is not known any more (`forget`). Answers are "valid on day Y": validity
stands in the records.
The directory does no I/O and reads no clock; one writer, any number of readers on the same thread.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Protocol, TypeVar

from shared.contracts.agreements import (
    AgreementChanged,
    Bearer,
    DelegationChanged,
    Heartbeat,
    MandateChanged,
    OrganisationChanged,
    PopulationStated,
    ResponsibilityChanged,
    UserChanged,
)
from shared.contracts.base import Contract


class _Versioned(Protocol):
    @property
    def version(self) -> int: ...


_Record = TypeVar("_Record", bound=_Versioned)


class Directory:
    """Everything known from `agreements.events`, in memory.

    Attributes:
        heartbeat: System instant stated by the heartbeat that was applied last, whatever the time in it: the newest
            of the topic. None before the first.
    """

    def __init__(self, events: Iterable[Contract] = ()) -> None:
        self._organisations: dict[str, OrganisationChanged] = {}
        self._agreements: dict[str, AgreementChanged] = {}
        self._by_party: dict[str, dict[str, AgreementChanged]] = {}
        self._mandates: dict[str, MandateChanged] = {}
        self._by_worker: dict[str, dict[str, MandateChanged]] = {}
        self._population: dict[str, PopulationStated] = {}
        self._delegations: dict[str, DelegationChanged] = {}
        self._responsibilities: dict[str, ResponsibilityChanged] = {}
        self._users: dict[str, UserChanged] = {}
        self._forgotten: dict[tuple[str, str], int] = {}
        self.heartbeat: datetime | None = None
        for event in events:
            self.apply(event)

    def apply(self, event: Contract) -> bool:
        """Take one event in; return whether it changed anything.

        A version not above the known one changes nothing: a repeat, a late arrival, or two events that claim
        the same version, of which the first stands. Events of other kinds are ignored.
        """
        match event:
            case AgreementChanged():
                return self._apply_agreement(event)
            case MandateChanged():
                return self._apply_mandate(event)
            case Heartbeat():
                return self._apply_heartbeat(event)
            case _:
                return self._apply_record(event)

    def forget(self, key: str) -> bool:
        """Hold a record as unknown: its newest version cannot be read, and the one before may be a lost right.

        It is known again when a version above the forgotten one is applied. Everything that is asked meanwhile is
        answered as if the record had never been, so whatever rests on it is refused (invariant 6).

        Args:
            key: The record's key on the topic, which is its id in the agreements service.

        Returns:
            Whether a record was known under this key.
        """
        agreement, mandate = self._agreements.get(key), self._mandates.get(key)
        if agreement is not None:
            del self._by_party[agreement.party][key]
        if mandate is not None:
            del self._by_worker[mandate.worker][key]
        found = [
            self._forget(self._organisations, key),
            self._forget(self._agreements, key),
            self._forget(self._mandates, key),
            self._forget(self._population, key),
            self._forget(self._delegations, key),
            self._forget(self._responsibilities, key),
            self._forget(self._users, key),
        ]
        return any(found)

    def organisation(self, business_id: str) -> OrganisationChanged | None:
        """The organisation with this business id (Y-tunnus), or None when it is unknown."""
        return self._organisations.get(business_id)

    def organisations(self) -> Iterator[OrganisationChanged]:
        """Every organisation, by business id."""
        return (self._organisations[key] for key in sorted(self._organisations))

    def agreement(self, agreement_id: str) -> AgreementChanged | None:
        """The agreement with this id, or None when it is unknown."""
        return self._agreements.get(agreement_id)

    def agreements(self) -> Iterator[AgreementChanged]:
        """Every agreement whatever its state, by id."""
        return (self._agreements[key] for key in sorted(self._agreements))

    def agreement_of(self, organisation: str, member: str, day: date) -> AgreementChanged | None:
        """The agreement under which the organisation acts for the member municipality on the day.

        Its status is for the caller to judge: a suspended or terminated agreement is returned too, but an
        open one is preferred, then the one that began last.
        """
        return max(
            (
                agreement
                for agreement in self._by_party.get(organisation, {}).values()
                if agreement.validity.covers(day) and bears(agreement, member, day)
            ),
            key=lambda agreement: (agreement.status == "open", agreement.validity.first, agreement.id),
            default=None,
        )

    def nearest_agreement(self, organisation: str, member: str, day: date) -> AgreementChanged | None:
        """`agreement_of`, or else the best match that does not hold on the day: a refusal can then say why.

        Preferred are agreements that name the member at all, then open ones, then the one that began last.
        """
        found = self.agreement_of(organisation, member, day)
        if found is not None:
            return found
        return max(
            self._by_party.get(organisation, {}).values(),
            key=lambda agreement: (
                any(borne.municipality == member for borne in agreement.members),
                agreement.status == "open",
                agreement.validity.first,
                agreement.id,
            ),
            default=None,
        )

    def agreement_bearing(self, municipality: str, day: date) -> AgreementChanged | None:
        """The agreement, of whichever party, that bears the municipality on the day (golden R10)."""
        return next(
            (
                agreement
                for agreement in self.agreements()
                if agreement.validity.covers(day) and bears(agreement, municipality, day)
            ),
            None,
        )

    def mandates(self, worker: str, day: date) -> tuple[MandateChanged, ...]:
        """The worker's mandates (valtuudet) valid on the day, by id.

        Args:
            worker: Worker pseudonym.
            day: Helsinki day.
        """
        known = self._by_worker.get(worker, {})
        return tuple(known[key] for key in sorted(known) if known[key].validity.covers(day))

    def all_mandates(self) -> Iterator[MandateChanged]:
        """Every mandate, past and coming ones too, by id."""
        return (self._mandates[key] for key in sorted(self._mandates))

    def delegations(self, principal: str, day: date) -> tuple[DelegationChanged, ...]:
        """Delegations (valtuutukset) that the municipality has given and that hold on the day, by id."""
        known = (self._delegations[key] for key in sorted(self._delegations))
        return tuple(one for one in known if one.principal == principal and one.validity.covers(day))

    def bearer(self, municipality: str, day: date) -> Bearer | None:
        """Who bears the municipality's social welfare on the day; None when it was never stated."""
        stated = self._responsibilities.get(municipality)
        return None if stated is None else stated.on(day)

    def user(self, organisation: str, worker: str) -> UserChanged | None:
        """The worker's account with the organisation; None when nothing was ever said of it."""
        return self._users.get(f"{organisation}/{worker}")

    def population(self, municipality: str, year_end: int) -> int | None:
        """Inhabitants of the municipality at the end of the year; None when not stated."""
        stated = self._population.get(f"{municipality}/{year_end}")
        return None if stated is None else stated.inhabitants

    def municipalities(self) -> tuple[str, ...]:
        """Codes of all municipalities that are organisations here, in order."""
        return tuple(
            sorted(
                organisation.municipality
                for organisation in self._organisations.values()
                if organisation.municipality is not None
            )
        )

    def _apply_record(self, event: Contract) -> bool:
        """Records that need no index beside them."""
        match event:
            case OrganisationChanged():
                return self._keep(self._organisations, event.business_id, event)
            case PopulationStated():
                return self._keep(self._population, f"{event.municipality}/{event.year_end}", event)
            case DelegationChanged():
                return self._keep(self._delegations, event.id, event)
            case ResponsibilityChanged():
                return self._keep(self._responsibilities, event.municipality, event)
            case UserChanged():
                return self._keep(self._users, event.id, event)
            case _:
                return False

    def _apply_agreement(self, event: AgreementChanged) -> bool:
        before = self._agreements.get(event.id)
        if not self._keep(self._agreements, event.id, event):
            return False
        if before is not None:
            del self._by_party[before.party][before.id]
        self._by_party.setdefault(event.party, {})[event.id] = event
        return True

    def _apply_mandate(self, event: MandateChanged) -> bool:
        before = self._mandates.get(event.id)
        if not self._keep(self._mandates, event.id, event):
            return False
        if before is not None:
            del self._by_worker[before.worker][before.id]
        self._by_worker.setdefault(event.worker, {})[event.id] = event
        return True

    def _apply_heartbeat(self, event: Heartbeat) -> bool:
        before, self.heartbeat = self.heartbeat, event.at
        return event.at != before

    def _keep(self, records: dict[str, _Record], key: str, event: _Record) -> bool:
        known = records.get(key)
        place = (type(event).__name__, key)
        if event.version <= (self._forgotten.get(place, 0) if known is None else known.version):
            return False
        records[key] = event
        self._forgotten.pop(place, None)
        return True

    def _forget(self, records: dict[str, _Record], key: str) -> bool:
        known = records.pop(key, None)
        if known is None:
            return False
        self._forgotten[type(known).__name__, key] = known.version
        return True


def bears(agreement: AgreementChanged, municipality: str, day: date) -> bool:
    """Whether the agreement's members hold the municipality on the day."""
    return any(borne.municipality == municipality and borne.validity.covers(day) for borne in agreement.members)
