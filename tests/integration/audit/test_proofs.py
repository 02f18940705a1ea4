"""Proofs out of the stored log: they hold offline; what is not there, not signed or tampered with has none."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from services.audit.domain.inclusion import InclusionProof, ProofError
from services.audit.domain.subtrees import BLOCK
from services.audit.proving import Prover, Unproven
from shared.database.engine import raw
from tests.integration.audit.world import KEY, Log, access
from verifier.entries import check_proof
from verifier.notes import Key


async def prove(log: Log, events: Sequence[UUID]) -> list[InclusionProof | Unproven]:
    async with log.engine.connect() as conn:
        return [one async for one in Prover(await raw(conn), KEY).prove(events)]


async def test_every_signed_event_has_a_proof_that_holds_offline(log: Log) -> None:
    messages = [access(n) for n in range(2 * BLOCK + 40)]
    await log.feed(messages[:100])
    await log.feed(messages[100:])
    await log.sign()
    newer = access(9_999)
    await log.feed([newer])
    asked = [messages[n].id for n in (0, 99, 255, 256, 511, 512, 551)]
    stranger = uuid4()
    *proofs, unsigned, unknown = await prove(log, [*asked, newer.id, stranger])
    for event, proof in zip(asked, proofs, strict=True):
        assert isinstance(proof, InclusionProof)
        assert proof.event == event
        assert check_proof(proof.document(), [Key.parse(str(KEY))]).size == len(messages)
    assert await log.scalar("select count(*) from subtree") == 3
    assert isinstance(unsigned, Unproven)
    assert "no signed checkpoint" in unsigned.reason
    assert unknown == Unproven(stranger, "It is not in the log.")


async def test_a_log_without_a_checkpoint_proves_nothing(log: Log) -> None:
    await log.feed([access(1)])
    assert [isinstance(one, Unproven) for one in await prove(log, [access(1).id])] == [True]


@pytest.mark.parametrize(
    "tampering",
    [
        "update subtree set hash = sha256('x') where height = 8 and position = 1",
        "delete from subtree where position = 1",
        "update entry set leaf_hash = sha256('x') where seq = 1",
        "update entry set leaf = (select leaf from entry where seq = 1) where seq = 0",
    ],
)
async def test_what_was_tampered_with_gives_no_proof(log: Log, tampering: str) -> None:
    await log.feed([access(n) for n in range(2 * BLOCK + 1)])
    await log.sign()
    for table in ("subtree", "entry"):
        await log.execute(f"alter table {table} disable trigger {table}_is_append_only")
    await log.execute(tampering)
    with pytest.raises(ProofError):
        await prove(log, [access(0).id])
