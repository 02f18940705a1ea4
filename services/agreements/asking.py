"""From a request to who asks and with what right: the facts of the gate, out of this service's own records.

The facts come from the database in the transaction of the answer, so that nothing here can be stale: the age of what
the agreements service published is zero for itself. How fresh the audit log is this service does not know; it shows
no client's data, and the gate asks for no such freshness where records are kept.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from services.agreements import store
from services.agreements.domain.scope import Scope
from services.agreements.domain.wording import NO_MANDATE
from shared.bus.requests import Request
from shared.clock.civil import helsinki_date
from shared.contracts.asking import ChangeRecords
from shared.contracts.base import Pseudonym, Refusal, Role
from shared.directory.facts import Moment, gather, read_code
from shared.directory.model import Directory
from shared.gate.facts import Facts, Function, Limits
from shared.gate.mandates import roles_in_force
from shared.gate.order import ASKING, Rule, decide
from shared.gate.rules import actor_verified, bound_to_person, organisation_known, session_age
from shared.ids import pseudonym

SIGNING_IN: Final[tuple[Rule, ...]] = (
    actor_verified.refuse,
    bound_to_person.refuse,
    session_age.refuse,
    organisation_known.refuse,
)
"""What a sign-in must pass: nothing is asked for yet, so nothing of agreements and roles is judged."""
_NOW: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who may ask: who, and for which organisation."""

    worker: Pseudonym
    organisation: str
    facts: Facts

    @property
    def scope(self) -> Scope:
        """What the asker may change and see."""
        organisation = self.facts.organisation
        return Scope(
            officer=Role.AGREEMENT_OFFICER in roles_in_force(self.facts),
            worker=self.worker,
            organisation=self.organisation,
            municipality=None if organisation is None else organisation.municipality,
        )


class Asking:
    """Knows the pseudonym key and the installation's limits."""

    def __init__(self, key: bytes, limits: Limits) -> None:
        self._key = key
        self._limits = limits

    async def records(
        self, conn: AsyncConnection, request: Request, function: Function, session: datetime
    ) -> Asker | Refusal:
        """Who asks to change or see records; the gate's refusal when nobody may.

        Args:
            conn: The transaction of the answer.
            request: The request.
            function: What is wanted.
            session: System instant at which the session and the actor's expiry are judged.
        """
        facts, worker = await self._facts(conn, request, function, session)
        refusal = decide(facts, ASKING)
        return refusal or _asker(request, facts, worker)

    async def sign_in(self, conn: AsyncConnection, request: Request, session: datetime) -> Asker | Refusal:
        """Who signs in: a person with some mandate of the organisation today, account locked or not."""
        facts, worker = await self._facts(conn, request, Function.VIEW_RECORDS, session)
        refusal = decide(facts, SIGNING_IN)
        if refusal is not None:
            return refusal
        asker = _asker(request, facts, worker)
        if isinstance(asker, Refusal):
            return asker
        given = any(mandate.organisation == asker.organisation for mandate in facts.mandates or ())
        return asker if given else NO_MANDATE

    def content(self, asker: Asker, sent: ChangeRecords) -> bytes:
        """A digest of what was sent and by whom: one key stands for one command of one person."""
        return hashlib.sha256(f"{asker.worker}:{sent.model_dump_json()}".encode()).digest()

    async def _facts(
        self, conn: AsyncConnection, request: Request, function: Function, session: datetime
    ) -> tuple[Facts, Pseudonym | None]:
        actor = request.actor_at(session)
        worker = None if actor is None else self._worker(actor.identity_code)
        records = (
            []
            if actor is None or worker is None
            else await store.asking_records(conn, actor.organisation, worker, actor.member)
        )
        moment = Moment(
            day=helsinki_date(request.accepted),
            time=request.accepted,
            now=session,
            audit_age=None,
            agreements_age=_NOW,
        )
        facts = gather(Directory(records), actor, worker, function=function, moment=moment, limits=self._limits)
        return facts, worker

    def _worker(self, identity_code: str | None) -> Pseudonym | None:
        code = None if identity_code is None else read_code(identity_code)[1]
        return None if code is None else pseudonym(self._key, "worker", code.reveal())


def _asker(request: Request, facts: Facts, worker: Pseudonym | None) -> Asker | Refusal:
    if request.actor is None or worker is None:
        return actor_verified.REFUSAL
    return Asker(worker, request.actor.organisation, facts)
