"""From a request to who asks, about whom, and what the gate needs to know."""

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import date, datetime

from shared.bus.requests import Request
from shared.clock.civil import helsinki_date
from shared.contracts.asking import ClaimCommand, HandOverClaims, RegisterClaim, RegisterKelaClaim
from shared.contracts.base import Pseudonym
from shared.contracts.requests import Actor
from shared.directory.facts import Age, Moment, gather, read_code
from shared.directory.model import Directory
from shared.finnish.identity_code import IdentityCode
from shared.gate.facts import CodeForm, Facts, Function, Limits, within
from shared.gate.functions import row_of
from shared.ids import pseudonym


@dataclass(frozen=True, slots=True)
class Ask:
    """One request with everything that is known about it before the database is asked.

    Attributes:
        request: the opened request.
        actor: who asks; None when the signature does not hold or had expired when the request was accepted.
        access: the facts of the gate.
        worker: pseudonym of the worker.
        code: the client's identity code, when one was sent and is well formed.
        client: its pseudonym.
        own: whether it is the worker's own code; None when either is not known.
    """

    request: Request
    actor: Actor | None
    access: Facts
    worker: Pseudonym | None
    code: IdentityCode | None = None
    client: Pseudonym | None = None
    own: bool | None = None

    @property
    def revealed(self) -> str:
        """The client's identity code, to be sealed.

        Raises:
            ValueError: none was sent.
        """
        if self.code is None:
            raise ValueError("a registered claim has its client")
        return self.code.reveal()


class Asking:
    """Knows the replica of agreements, the freshness of the log and the pseudonym key."""

    def __init__(
        self, directory: Directory, *, agreements_age: Age, audit_age: Age, key: bytes, limits: Limits
    ) -> None:
        self._directory = directory
        self._agreements_age = agreements_age
        self._audit_age = audit_age
        self._key = key
        self._limits = limits

    def stale(self, now: datetime) -> str | None:
        """What is too old for a decision at this system time; None when nothing is."""
        if not within(self._agreements_age(now), self._limits.agreements):
            return "the agreements service has been silent"
        if not within(self._audit_age(now), self._limits.audit):
            return "the audit log does not cover the last moments"
        return None

    def registration(self, request: Request, claim: RegisterClaim, *, taken: datetime, now: datetime) -> Ask:
        """The facts of a registration, or of a question what one would give.

        Args:
            request: the request.
            claim: the claim in it.
            taken: when Kafka took it (system clock). A command does not age while it waits there, so the actor's
                expiry and the session's age are judged at this moment.
            now: system clock.
        """
        return self.about(request, claim.identity_code, Function.REGISTER_CLAIM, session=taken, now=now)

    def about(self, request: Request, typed: str, function: Function, *, session: datetime, now: datetime) -> Ask:
        """The facts of a request that names its client by an identity code.

        Args:
            request: the request.
            typed: the code, as typed.
            function: what is wanted.
            session: when the actor's expiry and the session's age are judged (system clock).
            now: system clock.
        """
        form, code = read_code(typed)
        ask = self._ask(request, function, session=session, now=now)
        access = replace(ask.access, identity_code=form)
        if code is None:
            return replace(ask, access=access)
        # The pseudonyms of clients and workers never meet, so the client's code is compared as a worker's.
        own = None if ask.worker is None else pseudonym(self._key, "worker", code.reveal()) == ask.worker
        client = pseudonym(self._key, "client", code.reveal())
        return replace(ask, access=access, code=code, client=client, own=own)

    def status(self, request: Request, *, now: datetime) -> Ask:
        """The facts of a question about a registration."""
        return self._ask(request, Function.CLAIM_STATUS, session=now, now=now)

    def of(self, request: Request, function: Function, *, session: datetime, now: datetime) -> Ask:
        """The facts of any other request.

        Args:
            request: the request.
            function: what is wanted.
            session: when the actor's expiry and the session's age are judged (system clock).
            now: system clock.
        """
        return self._ask(request, function, session=session, now=now)

    def is_own(self, ask: Ask, code: str) -> bool:
        """Whether an identity code is the worker's own."""
        return ask.worker is not None and self.as_worker(code) == ask.worker

    def as_worker(self, code: str) -> Pseudonym:
        """The pseudonym of a worker with this identity code."""
        return pseudonym(self._key, "worker", code)

    def colleague(self, typed: str) -> IdentityCode | None:
        """The identity code of another worker, as typed; None when nobody can have it."""
        form, code = read_code(typed)
        return None if form is CodeForm.ARTIFICIAL and not self._limits.artificial_codes else code

    def may_take(self, worker: Pseudonym, actor: Actor, day: date) -> bool:
        """Whether a worker of the actor's body may handle claims of the actor's municipality on the day."""
        row, user = row_of(Function.ACT_ON_CLAIM), self._directory.user(actor.organisation, worker)
        if row is None or (user is not None and user.status != "active"):
            return False
        mandates = self._directory.mandates(worker, day)
        return any(
            (one.organisation, one.member) == (actor.organisation, actor.member) and row.roles & set(one.roles)
            for one in mandates
        )

    def content(self, ask: Ask, claim: RegisterClaim | ClaimCommand | HandOverClaims | RegisterKelaClaim) -> bytes:
        """A digest of what was sent, keyed: without the key nobody can try identity codes against it."""
        member = (ask.actor and ask.actor.member) or ""
        return hmac.new(self._key, f"content:{member}:{claim.model_dump_json()}".encode(), hashlib.sha256).digest()

    def _ask(self, request: Request, function: Function, *, session: datetime, now: datetime) -> Ask:
        actor = request.actor if request.actor is not None and session <= request.actor.expires else None
        worker = None if actor is None else self._worker(actor)
        moment = Moment(
            day=helsinki_date(request.accepted),
            time=request.accepted,
            now=session,
            audit_age=self._audit_age(now),
            agreements_age=self._agreements_age(now),
        )
        access = gather(self._directory, actor, worker, function=function, moment=moment, limits=self._limits)
        return Ask(request, actor, access, worker)

    def _worker(self, actor: Actor) -> Pseudonym | None:
        code = None if actor.identity_code is None else read_code(actor.identity_code)[1]
        return None if code is None else pseudonym(self._key, "worker", code.reveal())
