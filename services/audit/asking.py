"""From a request to the facts of the gate and to what the log will be told of it: from memory alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shared.bus.requests import Request
from shared.clock.business import BusinessClock
from shared.clock.civil import helsinki_date
from shared.contracts.base import Pseudonym
from shared.contracts.requests import Actor
from shared.directory.facts import Age, Moment, gather, read_code
from shared.directory.model import Directory
from shared.finnish.identity_code import IdentityCode
from shared.gate.facts import CodeForm, Facts, Function, Limits
from shared.gate.functions import about_oneself
from shared.ids import pseudonym


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt to look into the log.

    Attributes:
        request: What is asked.
        time: Business clock.
        facts: Of the gate.
        actor: Who asks, verified; None when that failed.
        worker: Pseudonym of the worker; None for a person who asks about themselves, and for a sub-ID.
        own_code: Identity code of whoever asks; None for a sub-ID.
    """

    request: Request
    time: datetime
    facts: Facts
    actor: Actor | None
    worker: Pseudonym | None
    own_code: str | None

    @property
    def oneself(self) -> bool:
        """Whether a person asks about themselves, in nobody's name."""
        return about_oneself(self.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Knows the replica of agreements, the freshness of both, the clocks and the pseudonym key.

    Attributes:
        pseudonym_key: Key of the pseudonyms.
        clock: Business clock: the day of law and the event's time.
        now: System clock: sessions, deadlines, freshness.
        directory: What the agreements service has published.
        agreements: Age of that.
        audit: How far the log is behind what was published.
        limits: Settings that the gate's rules measure by.
    """

    pseudonym_key: bytes
    clock: BusinessClock
    now: Callable[[], datetime]
    directory: Directory
    agreements: Age
    audit: Age
    limits: Limits

    def who(self, request: Request, function: Function) -> Attempt:
        """The facts about who asks, for a question; its deadline is never later than the actor's expiry."""
        time, now, actor = self.clock.now(), self.now(), request.actor
        # Whoever identified strongly is who the identification says, artificial or not.
        own = read_code(actor.identity_code)[1] if actor is not None and actor.identity_code is not None else None
        worker = None if own is None else self.worker(own.reveal())
        moment = Moment(
            time=time,
            day=helsinki_date(time),
            now=now,
            audit_age=self.audit(now),
            agreements_age=self.agreements(now),
        )
        facts = gather(self.directory, actor, worker, function=function, moment=moment, limits=self.limits)
        return Attempt(
            request=request,
            time=time,
            facts=facts,
            actor=actor,
            worker=None if about_oneself(facts) else worker,
            own_code=None if own is None else own.reveal(),
        )

    def typed(self, code: str) -> IdentityCode | None:
        """An identity code as somebody typed it; None when nobody can have it here."""
        form, parsed = read_code(code)
        return None if form is CodeForm.ARTIFICIAL and not self.limits.artificial_codes else parsed

    def client(self, code: str) -> Pseudonym:
        """Pseudonym of a client."""
        return pseudonym(self.pseudonym_key, "client", code)

    def worker(self, code: str) -> Pseudonym:
        """Pseudonym of a worker."""
        return pseudonym(self.pseudonym_key, "worker", code)
