"""Storing what became of a claim: its new version, the step, the event, and what it changes in the client's books."""

from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import Field

from services.claims.asking import Ask
from services.claims.domain.booking import Why
from services.claims.domain.letters import letters
from services.claims.domain.lifecycle import Act, Party
from services.claims.domain.registration import Claim
from services.claims.domain.stated import Returned
from services.claims.events import ROW_KEYS, Scribe
from services.claims.store import claims, returns
from services.claims.store.claims import Step
from services.claims.told import Rebook
from shared.bus.messages import Outgoing
from shared.bus.sealing import KeyRing
from shared.bus.transaction import Tx
from shared.clock.civil import helsinki_date
from shared.contracts.base import Contract
from shared.ids import event_id

STEP_TYPE: Final = "kelmu.claims.step.v1"
_WHY: Final[dict[Act, Why]] = {Act.ACCEPT: "decision", Act.REJECT: "decision"}
"""Why the books are written anew, where it is not plainly the claim."""


class StepPersonal(Contract):
    """What was written with a step, sealed: people name people in it. `letters` is by language."""

    reason: str
    letters: dict[str, str] = Field(default_factory=dict)


class OutOfStep(RuntimeError):
    """Somebody changed the claim without its client's lock: a fault of this service."""


class Stepping:
    """Stores steps, and reads what was written with them.

    Args:
        ring: The sealing keys.
        scribe: Makes events.
        rebook: Writes the client's books anew.
    """

    def __init__(self, *, ring: KeyRing, scribe: Scribe, rebook: Rebook) -> None:
        self._ring = ring
        self._scribe = scribe
        self._rebook = rebook

    async def store(
        self,
        tx: Tx,
        claim: Claim,
        what: Act,
        by: Party,
        at: datetime,
        *,
        code: str,
        ask: Ask | None = None,
        reason: str = "",
        booked: datetime | None = None,
        returned: Returned | None = None,
    ) -> list[Outgoing]:
        """Store the next version of a claim with everything that follows.

        Args:
            tx: The transaction; the client is locked in it.
            claim: As it stands after the act.
            what: The act.
            by: By which party.
            at: When it happened, or was due.
            code: The client's identity code.
            ask: Who acted; None: the system.
            reason: What was written with it.
            booked: When the books learn of it, where that is later than `at`.
            returned: What the claimant gave back by it.

        Returns:
            The events that tell of it, in order.

        Raises:
            OutOfStep: the stored version is not the one before.
        """
        if not await claims.update(tx.conn, claim):
            raise OutOfStep(f"claim {claim.number} has another version than the one before {claim.version}")
        worker = None if ask is None else ask.worker
        sealed = self._sealed(
            claim, StepPersonal(reason=reason, letters=letters(claim, what, reason, helsinki_date(at)))
        )
        step = Step(claim.version, what.value, claim.state, by.value, worker, at, sealed)
        await claims.add_steps(tx.conn, claim.id, (step,))
        if returned is not None:
            await returns.add(tx.conn, claim.id, claim.version, returned)
        changed = self._scribe.changed(claim, what, by, at, client=code, ask=ask, returned=returned)
        why = _WHY.get(what, "claim")
        return [changed, *await self._rebook(tx, claim.client, why, booked or at)]

    def written(self, claim: UUID, step: Step) -> StepPersonal:
        """What was written with a step.

        Raises:
            Unsealable: it was changed or belongs to another step.
        """
        if step.reason is None:
            return StepPersonal(reason="")
        plain = self._ring.open(step.reason, id=_id(claim, step.version), type=STEP_TYPE)
        return StepPersonal.model_validate_json(plain)

    def _sealed(self, claim: Claim, personal: StepPersonal) -> str | None:
        if not personal.reason and not personal.letters:
            return None
        plain = personal.model_dump_json().encode()
        return self._ring.seal(ROW_KEYS, plain, id=_id(claim.id, claim.version), type=STEP_TYPE)


def _id(claim: UUID, version: int) -> UUID:
    return event_id("claim-step", str(claim), str(version))
