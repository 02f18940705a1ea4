"""The directory: what the agreements service has published, folded from its events.

Every event carries the whole record and its version, so the fold keeps the highest version of each record and
is indifferent to repeats and to order; only heartbeats are followed in the order of the topic. A record of which a
newer version came that cannot be read is not known any more (`forget`). Answers are "valid on day Y": validity
stands in the records.
The directory does no I/O and reads no clock; one writer, any number of readers on the same thread.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Final

from shared.contracts.agreements import (
    AgreementChanged,
    Bearer,
    DelegationChanged,
    Heartbeat,
    InterfaceClient,
    MandateChanged,
    OrganisationChanged,
    PopulationStated,
    ResponsibilityChanged,
    UserChanged,
)
from shared.contracts.base import Contract, Validity
from shared.directory.table import Table

OfAgreement = tuple[AgreementChanged, InterfaceClient]
"""A municipality's own system and the agreement that names it."""

UNKNOWN_BEARER: Final = Bearer(organisation="0000000-1", form="own", validity=Validity(first=date.max))
"""Stands for a bearer that was stated and cannot be read: no organisation has this business id (its check digit is
wrong), and its days are never those asked for."""


class Directory:
    """Everything known from `agreements.events`, in memory.

    Attributes:
        heartbeat: System instant stated by the heartbeat that was applied last, whatever the time in it: the newest
            of the topic. None before the first.
    """

    def __init__(self, events: Iterable[Contract] = ()) -> None:
        self._organisations = Table[OrganisationChanged](lambda one: one.business_id)
        self._agreements = Table[AgreementChanged](lambda one: one.id, names_of_agreement)
        self._mandates = Table[MandateChanged](lambda one: one.id, lambda one: (one.worker,))
        self._population = Table[PopulationStated](lambda one: f"{one.municipality}/{one.year_end}")
        self._delegations = Table[DelegationChanged](lambda one: one.id, lambda one: (one.principal,))
        self._responsibilities = Table[ResponsibilityChanged](lambda one: one.municipality)
        self._users = Table[UserChanged](lambda one: one.id)
        self.heartbeat: datetime | None = None
        for event in events:
            self.apply(event)

    def apply(self, event: Contract) -> bool:  # noqa: C901, PLR0911 - one line a kind of record
        """Take one event in; return whether it changed anything.

        A version not above the known one changes nothing: a repeat, a late arrival, or two events that claim
        the same version, of which the first stands. Events of other kinds are ignored.
        """
        match event:
            case OrganisationChanged():
                return self._organisations.apply(event)
            case AgreementChanged():
                return self._agreements.apply(event)
            case MandateChanged():
                return self._mandates.apply(event)
            case PopulationStated():
                return self._population.apply(event)
            case DelegationChanged():
                return self._delegations.apply(event)
            case ResponsibilityChanged():
                return self._responsibilities.apply(event)
            case UserChanged():
                return self._users.apply(event)
            case Heartbeat():
                before, self.heartbeat = self.heartbeat, event.at
                return event.at != before
            case _:
                return False

    def forget(self, key: str) -> bool:
        """Hold a record as unknown: its newest version cannot be read, and the one before may be a lost right.

        It is known again when a version above the forgotten one is applied. Everything that is asked meanwhile is
        answered as if the record had never been, so whatever rests on it is refused (invariant 6). Where a missing
        record takes nothing away, another stands for it, whether or not one was known before: an account that cannot
        be read counts as locked, and a municipality is borne by nobody (`UNKNOWN_BEARER`).

        Args:
            key: The record's key on the topic, which is its id in the agreements service.

        Returns:
            Whether a record was known under this key.
        """
        found = [
            self._organisations.forget(key),
            self._agreements.forget(key),
            self._mandates.forget(key),
            self._population.forget(key),
            self._delegations.forget(key),
            self._responsibilities.forget(key),
            self._lock(key),
        ]
        return any(found)

    def organisation(self, business_id: str) -> OrganisationChanged | None:
        """The organisation with this business id (Y-tunnus), or None when it is unknown."""
        return self._organisations.get(business_id)

    def organisations(self) -> Iterator[OrganisationChanged]:
        """Every organisation, by business id."""
        return iter(self._organisations)

    def agreement(self, agreement_id: str) -> AgreementChanged | None:
        """The agreement with this id, or None when it is unknown."""
        return self._agreements.get(agreement_id)

    def agreements(self) -> Iterator[AgreementChanged]:
        """Every agreement whatever its state, by id."""
        return iter(self._agreements)

    def agreement_of(self, organisation: str, member: str, day: date) -> AgreementChanged | None:
        """The agreement under which the organisation acts for the member municipality on the day.

        Its status is for the caller to judge: a suspended or terminated agreement is returned too, but an
        open one is preferred, then the one that began last.
        """
        return max(
            (
                agreement
                for agreement in self._agreements.named(f"party {organisation}")
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
            self._agreements.named(f"party {organisation}"),
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
                for agreement in self._agreements.named(f"member {municipality}")
                if agreement.validity.covers(day) and bears(agreement, municipality, day)
            ),
            None,
        )

    def interface_client(self, client_id: str) -> OfAgreement | None:
        """The municipality's own system with this id, and the agreement that names it; validity is not judged here."""
        return self._system(f"client {client_id}", lambda one: one.id == client_id)

    def interface_client_by_token(self, sha256: str) -> OfAgreement | None:
        """The system that holds the token with this hash (hexadecimal)."""
        return self._system(f"token {sha256}", lambda one: one.token_sha256 == sha256)

    def interface_client_by_certificate(self, sha256: str) -> OfAgreement | None:
        """The system that holds the client certificate with this hash (hexadecimal, over the DER form)."""
        return self._system(f"certificate {sha256}", lambda one: one.certificate_sha256 == sha256)

    def mandates(self, worker: str, day: date) -> tuple[MandateChanged, ...]:
        """The worker's mandates (valtuudet) valid on the day, by id.

        Args:
            worker: Worker pseudonym.
            day: Helsinki day.
        """
        return tuple(one for one in self._mandates.named(worker) if one.validity.covers(day))

    def all_mandates(self) -> Iterator[MandateChanged]:
        """Every mandate, past and coming ones too, by id."""
        return iter(self._mandates)

    def delegations(self, principal: str, day: date) -> tuple[DelegationChanged, ...]:
        """Delegations (valtuutukset) that the municipality has given and that hold on the day, by id."""
        return tuple(one for one in self._delegations.named(principal) if one.validity.covers(day))

    def bearer(self, municipality: str, day: date) -> Bearer | None:
        """Who bears the municipality's social welfare on the day; None when it was never stated.

        `UNKNOWN_BEARER` when it was stated and cannot be read: the one who bears it may be another one by now.
        """
        if self._responsibilities.is_forgotten(municipality):
            return UNKNOWN_BEARER
        stated = self._responsibilities.get(municipality)
        return None if stated is None else stated.on(day)

    def user(self, organisation: str, worker: str) -> UserChanged | None:
        """The worker's account with the organisation; None when nothing was ever said of it."""
        key = f"{organisation}/{worker}"
        return unreadable(key, organisation, worker) if self._users.is_forgotten(key) else self._users.get(key)

    def users(self) -> Iterator[UserChanged]:
        """Every account, by id."""
        return iter(self._users)

    def population(self, municipality: str, year_end: int) -> int | None:
        """Inhabitants of the municipality at the end of the year; None when not stated."""
        stated = self._population.get(f"{municipality}/{year_end}")
        return None if stated is None else stated.inhabitants

    def municipalities(self) -> tuple[str, ...]:
        """Codes of all municipalities that are organisations here, in order."""
        return tuple(sorted(one.municipality for one in self._organisations if one.municipality is not None))

    def _system(self, name: str, is_it: Callable[[InterfaceClient], bool]) -> OfAgreement | None:
        """The one system of this name; None when two claim it, for nobody can say then which of them calls."""
        found = [
            (agreement, client)
            for agreement in self._agreements.named(name)
            for client in agreement.interface_clients
            if is_it(client)
        ]
        return found[0] if len(found) == 1 else None

    def _lock(self, key: str) -> bool:
        """An account whose newest version cannot be read counts as locked: without one, nothing would lock it."""
        known = self._users.get(key)
        if known is None:
            return self._users.forget(key)
        return self._users.hold(key, known.model_copy(update={"status": "locked"}))


def unreadable(key: str, organisation: str, worker: str) -> UserChanged:
    """An account of which nothing is known but that something was said: locked."""
    return UserChanged(
        id=key,
        version=1,
        worker=worker,
        organisation=organisation,
        status="locked",
        why="by_main_user",
        since=date.min,
    )


def names_of_agreement(agreement: AgreementChanged) -> Iterator[str]:
    """By what an agreement is found: its party, its members, the systems that it names."""
    yield f"party {agreement.party}"
    for code in {member.municipality for member in agreement.members}:
        yield f"member {code}"
    for client in agreement.interface_clients:
        yield f"client {client.id}"
        yield f"token {client.token_sha256}"
        yield f"certificate {client.certificate_sha256}"


def bears(agreement: AgreementChanged, municipality: str, day: date) -> bool:
    """Whether the agreement's members hold the municipality on the day."""
    return any(borne.municipality == municipality and borne.validity.covers(day) for borne in agreement.members)
