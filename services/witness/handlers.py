"""What a checkpoint becomes: a co-signature, or a refusal and an alarm."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from structlog.stdlib import BoundLogger

from services.witness import store
from services.witness.domain.cosigning import cosignature
from services.witness.domain.judging import Finding, Refusal, Signed, judge, outdated
from shared.bus.messages import Delivered, Outgoing
from shared.bus.topics import AUDIT_COSIGNATURES
from shared.bus.transaction import Tx
from shared.contracts.audit import CheckpointCosigned, CheckpointSigned, CosigningRefused
from shared.contracts.base import Contract
from shared.ids import event_id
from verifier.notes import BadNote, Checkpoint, Key, open_checkpoint

SERVICE: Final = "witness"


def on_conflict(message: Delivered[Contract]) -> Delivered[Contract]:
    """A checkpoint under the id of another one is judged too: so looks a fork that signs a size a second time."""
    return message._replace(id=event_id("audit-checkpoint-again", str(message.id), message.digest.hex()))


class Witness:
    """Judges checkpoints in the order in which the log published them. State and answer commit together.

    Args:
        keys: The log's, oldest first.
        name: The witness's own.
        secret: The witness's key.
        now: The system clock.
        log: Where alarms are told.
    """

    def __init__(
        self, keys: Sequence[Key], name: str, secret: Ed25519PrivateKey, now: Callable[[], datetime], log: BoundLogger
    ) -> None:
        self._origin = keys[0].name
        self._keys = keys
        self._name = name
        self._secret = secret
        self._now = now
        self._log = log

    async def on_checkpoints(self, tx: Tx, messages: Sequence[Delivered[Contract]]) -> None:
        """Judge a batch."""
        for message in messages:
            # Other logs may stand on the topic; this witness knows nothing of them.
            if isinstance(message.body, CheckpointSigned) and message.record.key == self._origin.encode():
                await self._on_checkpoint(tx, message, message.body)

    async def _on_checkpoint(self, tx: Tx, message: Delivered[Contract], body: CheckpointSigned) -> None:
        conn = await tx.raw()
        last = await store.last_signed(conn)
        try:
            offered = open_checkpoint(body.note.encode(), self._keys)
        except BadNote as error:
            await self._refuse(tx, message, body, last, Refusal(Finding.UNSIGNED, str(error)))
            return
        if offered.size < last.size and await store.was_signed(conn, offered.size, offered.root):
            return  # told again, as to a witness whose database was restored
        refusal = outdated(last, offered, self._keys) or judge(
            last, offered, body.previous, [bytes.fromhex(one) for one in body.consistency]
        )
        if refusal is not None:
            await self._refuse(tx, message, body, last, refusal)
        elif offered.size > last.size or not last.size:
            await self._sign(tx, offered)

    async def _sign(self, tx: Tx, offered: Checkpoint) -> None:
        at = self._now()
        line = cosignature(self._name, self._secret, offered.text, int(at.timestamp()))
        conn = await tx.raw()
        signed = Signed(offered.size, offered.root, self._keys[offered.signer].public)
        if await store.add_signed(conn, signed, line, at):
            id_ = event_id("audit-cosignature", self._name, offered.origin, str(offered.size))
            body = CheckpointCosigned(size=offered.size, root=offered.root.hex(), witness=self._name, cosignature=line)
            tx.publish(Outgoing.of(AUDIT_COSIGNATURES, offered.origin, id_, body, source=SERVICE, time=at))

    async def _refuse(
        self, tx: Tx, message: Delivered[Contract], body: CheckpointSigned, last: Signed, refusal: Refusal
    ) -> None:
        at = self._now()
        offered = Signed(body.size, bytes.fromhex(body.root))
        await store.add_refusal(await tx.raw(), message.id, refusal, offered, body.note, at)
        told = CosigningRefused(
            finding=refusal.finding.value,
            reason=refusal.reason,
            witness=self._name,
            size=body.size,
            root=body.root,
            note=body.note,
            signed_size=last.size,
            signed_root=last.root.hex(),
        )
        id_ = event_id("audit-cosigning-refused", self._name, str(message.id))
        tx.publish(Outgoing.of(AUDIT_COSIGNATURES, self._origin, id_, told, source=SERVICE, time=at))

        async def alarm() -> None:
            self._log.error("cosigning_refused", finding=refusal.finding.value, reason=refusal.reason, size=body.size)

        tx.after_commit(alarm)
