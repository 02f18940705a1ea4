"""What witnesses say of the log: co-signatures are kept for exports, a missing proof is sent, a refusal is an alarm."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from structlog.stdlib import BoundLogger

from services.audit import store
from services.audit.domain.note import Checkpoint
from services.audit.growing import announcement, consistency
from services.audit.store.cosigning import add_cosignature, note_of
from shared.bus.messages import Delivered
from shared.bus.transaction import Tx
from shared.contracts.audit import CheckpointCosigned, CosigningRefused
from shared.contracts.base import Contract
from verifier.notes import BadNote, Key, open_checkpoint

COSIGNING_CONSUMER: Final = "audit-cosignatures"
_UNPROVEN: Final = "unproven"


class Cosigning:
    """Listens to witnesses.

    Args:
        keys: The log's keys.
        witnesses: Keys of the witnesses that are listened to.
        now: The system clock.
        log: Where alarms are told.
    """

    def __init__(
        self,
        keys: Sequence[Key],
        witnesses: Sequence[Key],
        now: Callable[[], datetime],
        log: BoundLogger,
    ) -> None:
        self._keys = keys
        self._witnesses = witnesses
        self._now = now
        self._log = log

    async def on_cosignatures(self, tx: Tx, messages: Sequence[Delivered[Contract]]) -> None:
        """Take what witnesses said."""
        for message in messages:
            if message.record.key != self._keys[0].name.encode():
                continue  # of another log
            if isinstance(message.body, CheckpointCosigned):
                await self._keep(tx, message.body)
            elif isinstance(message.body, CosigningRefused):
                await self._refused(tx, message.body)

    async def _keep(self, tx: Tx, body: CheckpointCosigned) -> None:
        conn = await tx.raw()
        note = await note_of(conn, body.size)
        if note is None or not self._holds(f"{note}{body.cosignature}", body):
            # A restored database has not signed this size itself: nothing is lost but the line in an export.
            self._log.warning("cosignature_not_kept", size=body.size, witness=body.witness)
            return
        await add_cosignature(conn, body.size, body.witness, body.cosignature, self._now())

    def _holds(self, note: str, body: CheckpointCosigned) -> bool:
        try:
            return body.witness in open_checkpoint(note.encode(), self._keys, self._witnesses).witnesses
        except BadNote:
            return False

    async def _refused(self, tx: Tx, body: CosigningRefused) -> None:
        if body.finding == _UNPROVEN:
            await self._prove(tx, body.signed_size)
        else:
            self._log.error("witness_refuses", finding=body.finding, reason=body.reason, size=body.size)

    async def _prove(self, tx: Tx, signed: int) -> None:
        """Lead the witness from what it signed last to the newest checkpoint: after a restore it may have seen more."""
        conn = await tx.raw()
        newest = await store.newest_checkpoint(conn)
        if newest is None or newest[0] <= signed:
            return
        note = newest[1]
        found = open_checkpoint(note.encode(), self._keys)
        proof = await consistency(conn, signed, found.size)
        tx.publish(announcement(Checkpoint(found.origin, found.size, found.root), note, signed, proof, self._now()))
