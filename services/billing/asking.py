"""Who asks, with what right, and for how much of the money: the gate's facts out of the copy of agreements.

Billing is told the asker's pseudonym and neither name nor identity code: it holds nothing personal.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from services.billing.domain.scope import Scope, scope_of
from shared.bus.requests import Request
from shared.clock.civil import helsinki_date
from shared.contracts.base import Pseudonym, Refusal
from shared.directory.facts import Age, Moment, gather
from shared.directory.model import Directory
from shared.gate.facts import Function, Limits
from shared.gate.mandates import KELA
from shared.gate.order import ASKING, decide
from shared.gate.rules import actor_verified


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who may ask."""

    worker: Pseudonym
    organisation: str
    scope: Scope


class Asking:
    """Knows the copy of agreements and the installation's limits."""

    def __init__(self, directory: Directory, age: Age, limits: Limits) -> None:
        self._directory = directory
        self._age = age
        self._limits = limits

    def of(self, request: Request, now: datetime) -> Asker | Refusal:
        """Who asks, or the gate's refusal.

        Args:
            request: The request.
            now: System clock.
        """
        actor = request.actor_at(now)
        worker = None if actor is None else actor.worker
        moment = Moment(
            day=helsinki_date(request.accepted),
            time=request.accepted,
            now=now,
            audit_age=None,
            agreements_age=self._age(now),
        )
        facts = gather(
            self._directory, actor, worker, function=Function.VIEW_BILLING, moment=moment, limits=self._limits
        )
        # The gateway names a worker by pseudonym only when the identification was a person's own.
        refusal = decide(replace(facts, bound_to_person=worker is not None), ASKING)
        if refusal is not None:
            return refusal
        if actor is None or worker is None:
            return actor_verified.REFUSAL
        organisation = self._directory.organisation(actor.organisation)
        scope = scope_of(
            actor.organisation,
            organisation.municipality if organisation else None,
            self._directory.agreements(),
            everything=actor.organisation == KELA,
        )
        return Asker(worker, actor.organisation, scope)
