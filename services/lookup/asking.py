"""From a request to the facts of the gate and to what the log will be told of it: from memory alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Self

from services.lookup.domain.access import Attempt
from shared.bus.requests import Request
from shared.clock.business import BusinessClock
from shared.clock.civil import helsinki_date
from shared.contracts.access import Action
from shared.contracts.agreements import OrganisationChanged
from shared.contracts.asking import AnnotateLookUp, NoticeCommand
from shared.contracts.base import Purpose
from shared.directory.facts import Age, Moment, gather
from shared.directory.model import Directory
from shared.gate.facts import Facts, Function, Limits, Municipality
from shared.ids import pseudonym

COMMANDS: Final = (NoticeCommand, AnnotateLookUp)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """What the gate's rules of asking have made sure of.

    Attributes:
        organisation: Who asks.
        member: On whose behalf.
        day: Helsinki day of the decision.
        time: Its business time.
    """

    organisation: OrganisationChanged
    member: Municipality
    day: date
    time: datetime

    @classmethod
    def of(cls, facts: Facts) -> Self:
        """From facts that `ASKING` has let pass.

        Raises:
            RuntimeError: the gate let pass what it must refuse.
        """
        organisation, member, day, time = facts.organisation, facts.member, facts.day, facts.time
        if organisation is None or member is None or day is None or time is None:
            raise RuntimeError("the gate let pass what it must refuse")
        return cls(organisation=organisation, member=member, day=day, time=time)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Knows the replica of agreements, the freshness of both, the clocks and the pseudonym key.

    Attributes:
        pseudonym_key: Key of the pseudonyms.
        clock: Business clock: the day of law and the event's time.
        now: System clock: sessions, deadlines, freshness.
        directory: What the agreements service has published.
        agreements: Age of that.
        audit: How far the audit log is behind.
        limits: Settings that the gate's rules measure by.
    """

    pseudonym_key: bytes
    clock: BusinessClock
    now: Callable[[], datetime]
    directory: Directory
    agreements: Age
    audit: Age
    limits: Limits

    def client(self, code: str) -> str:
        """The client's pseudonym."""
        return pseudonym(self.pseudonym_key, "client", code)

    def who(
        self, request: Request, function: Function, action: Action, purpose: Purpose | None
    ) -> tuple[Facts, Attempt]:
        """The facts about who asks, and the attempt as the log will know it; what is asked, the desk adds.

        A command does not age while it waits in Kafka: the session and the actor's expiry are judged at the moment
        when Kafka took it. A query is judged now; its deadline is never later than the actor's expiry. The log knows
        who asked also when that had expired.
        """
        time, now, actor = self.clock.now(), self.now(), request.actor
        command = isinstance(request.body, COMMANDS)
        own_code = actor.identity_code if actor else None
        worker = None if own_code is None else pseudonym(self.pseudonym_key, "worker", own_code)
        moment = Moment(
            time=time,
            day=helsinki_date(time),
            now=request.taken if command else now,
            audit_age=self.audit(now),
            agreements_age=self.agreements(now),
        )
        facts = gather(
            self.directory,
            request.actor_at(request.taken) if command else actor,
            worker,
            function=function,
            moment=moment,
            limits=self.limits,
            purpose=purpose,
        )
        attempt = Attempt(
            request=request.id,
            time=time,
            action=action,
            actor=actor,
            worker=worker,
            agreement=facts.agreement,
            purpose=purpose,
        )
        return facts, attempt
