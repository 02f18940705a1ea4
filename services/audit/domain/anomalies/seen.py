"""What the rules see: one look-up, and what was counted before it. Pseudonyms and numbers of entries only."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from shared.contracts.base import BusinessId, MunicipalityCode, Pseudonym


@dataclass(frozen=True, slots=True)
class Look:
    """One entry that tells of a worker's look-up.

    Attributes:
        seq: Its number in the log.
        time: When it happened.
        local: The same on the Finnish wall clock.
        organisation: The worker's.
        member: On whose behalf.
        worker: Who looked.
        person: At whom; None when the log knows no one, as on a page of a list.
        seen: Whether data were shown, or there turned out to be none.
        emergency: Whether the emergency override was used.
        claim: Whether it was made for a claim that is not registered yet.
        case: Stands for the case reference that the worker stated; None when none was stated.
        surname: Stands for the person's surname; None when it is not told.
        address: Stands for the person's address; None when it is not told.
    """

    seq: int
    time: datetime
    local: datetime
    organisation: BusinessId
    member: MunicipalityCode | None
    worker: Pseudonym
    person: Pseudonym | None = None
    seen: bool = True
    emergency: bool = False
    claim: bool = False
    case: str | None = None
    surname: str | None = None
    address: str | None = None

    @property
    def day(self) -> date:
        """The Finnish day."""
        return self.local.date()

    def opened(self, *, case: str | None, surname: str | None, address: str | None) -> "Look":
        """The same look-up with what its personal part alone tells."""
        return replace(self, case=case, surname=surname, address=address)


@dataclass(frozen=True, slots=True)
class Mark:
    """One of several distinct ones: who or what, with the newest entry that shows it.

    `unit` is where a worker looked from: organisation and member municipality, the smallest unit that the log knows.
    """

    element: str
    unit: str
    day: date
    seq: int


@dataclass(frozen=True, slots=True)
class Unfollowed:
    """What became of the look-ups for claims that a worker made in a month."""

    month: str
    followed: int
    unfollowed: int
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """One look-up with everything that is known at that entry. The look-up itself is counted in.

    Attributes:
        look: The look-up.
        today: The worker's look-ups of the day, and the newest entries of them.
        history: Look-ups of the worker's earlier days with any, oldest first.
        night: The worker's look-ups of the day outside the unit's hours, by entry; emergency ones are left out.
        duty: Whether the worker has the emergency role on the day.
        workers: Everybody of the organisation who looked at the person.
        organisations: Every organisation whose workers looked at the person.
        case_persons: Persons whom the worker looked up with this case reference.
        surname_persons: Persons of this surname whom the worker looked up.
        address_persons: Persons of this address whom the worker looked up.
        colleagues: Workers of the same organisation, as clients, at whom this worker looked.
        oneself: The worker as a client.
        settled: A month's look-ups for claims, when one of them just stayed without action.
    """

    look: Look
    today: int = 0
    today_entries: tuple[int, ...] = ()
    history: tuple[int, ...] = ()
    night: tuple[int, ...] = ()
    duty: bool = False
    workers: tuple[Mark, ...] = ()
    organisations: tuple[Mark, ...] = ()
    case_persons: tuple[Mark, ...] = ()
    surname_persons: tuple[Mark, ...] = ()
    address_persons: tuple[Mark, ...] = ()
    colleagues: tuple[Mark, ...] = ()
    oneself: Pseudonym | None = None
    settled: Unfollowed | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found.

    Attributes:
        subject: Tells it from every other finding of the rule: worker, day and so on. Goes into the alert's id only.
        organisation: Whose log supervisor is told; None when it concerns several, so that Kela's auditor alone is.
        worker: Whom it is about; None when it is about several.
        figures: What was counted.
        against: The limits that were reached.
        entries: The newest entries that show it.
    """

    subject: tuple[str, ...]
    organisation: BusinessId | None
    worker: Pseudonym | None
    figures: dict[str, int]
    against: dict[str, int]
    entries: tuple[int, ...] = field(default=())
