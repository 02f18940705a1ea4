"""What surrounds the gateway, in memory: its tables, the bus, the copy of agreements and both clocks."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from services.gateway.store.alerts import Alert
from services.gateway.store.sessions import StoredForm, StoredSession
from shared.bus.client import Question
from shared.contracts.answers import Answer, ChangesDone
from shared.contracts.asking import UserSeen
from shared.directory.model import Directory


@dataclass
class FakeStore:
    """The session table in memory."""

    rows: dict[bytes, StoredSession] = field(default_factory=dict)
    forms: dict[bytes, StoredForm] = field(default_factory=dict)
    finds: int = 0
    touches: int = 0

    async def find(self, id_hash: bytes) -> StoredSession | None:
        self.finds += 1
        return self.rows.get(id_hash)

    async def add(self, session: StoredSession) -> None:
        self.rows[session.id_hash] = session

    async def choose(self, id_hash: bytes, organisation: str, member: str) -> None:
        self.rows[id_hash] = replace(self.rows[id_hash], organisation=organisation, member=member)

    async def touch(self, id_hash: bytes, seen: datetime) -> None:
        self.touches += 1
        self.rows[id_hash] = replace(self.rows[id_hash], seen=seen)

    async def remove(self, id_hash: bytes) -> None:
        self.rows.pop(id_hash, None)

    async def set_aside(self, form: StoredForm) -> None:
        self.forms[form.key_hash] = form

    async def aside(self, key_hash: bytes, now: datetime) -> bytes | None:
        form = self.forms.get(key_hash)
        return form.sealed if form is not None and form.ends > now else None

    async def forget(self, key_hash: bytes) -> None:
        self.forms.pop(key_hash, None)


@dataclass
class FakeBus:
    """A bus that notes what was asked and answers what the test says."""

    answer: Answer | Exception | None = None
    asked: list[Question] = field(default_factory=list)
    seen: list[Question] = field(default_factory=list)
    """Sign-ins told of, apart from what the test asks."""
    undelivered: list[Question] = field(default_factory=list)
    """Questions of which lookup is told that their answer reached nobody."""
    seen_answer: Answer | Exception = field(default_factory=lambda: ChangesDone(changed=1, unchanged=0))

    async def tell_undelivered(self, question: Question) -> None:
        self.undelivered.append(question)

    async def ask(self, question: Question, timeout: float) -> Answer:  # noqa: ASYNC109 - the bus client's own shape
        assert timeout > 0
        if isinstance(question.body, UserSeen):
            self.seen.append(question)
            if isinstance(self.seen_answer, Exception):
                raise self.seen_answer
            return self.seen_answer
        self.asked.append(question)
        if isinstance(self.answer, Exception):
            raise self.answer
        assert self.answer is not None, "the test said nothing about the answer"
        return self.answer


@dataclass
class FakeBeginnings:
    """The table of overrides in memory."""

    rows: dict[bytes, datetime] = field(default_factory=dict)

    async def began(self, key: bytes, now: datetime) -> datetime:
        return self.rows.setdefault(key, now)


@dataclass
class FakeAlerts:
    """The table of alerts in memory."""

    rows: list[Alert] = field(default_factory=list)

    async def newest(self, organisations: Collection[str], limit: int) -> tuple[Alert, ...]:
        found = [one for one in self.rows if one.organisation in organisations]
        return tuple(sorted(found, key=lambda one: one.time, reverse=True)[:limit])


@dataclass
class FakePace:
    """The table of calls in memory."""

    rows: dict[tuple[str, datetime], int] = field(default_factory=dict)

    async def take(self, agreement: str, minute: datetime, limit: int) -> bool:
        used = self.rows.get((agreement, minute), 0)
        self.rows[agreement, minute] = min(used + 1, limit)
        return used < limit


@dataclass
class FakeAgreements:
    directory: Directory = field(default_factory=Directory)
    ready: bool = True


@dataclass
class Clocks:
    """Both clocks, moved by tests."""

    business: datetime = datetime(2016, 12, 31, 10, 31, 5, tzinfo=UTC)
    system: datetime = datetime(2026, 3, 2, 9, 0, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.business

    def system_now(self) -> datetime:
        return self.system
