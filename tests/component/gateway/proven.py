"""What the log answers to whoever verifies it: a log of two entries, signed by a key of the test's own."""

from datetime import UTC, datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.audit.domain.inclusion import InclusionProof
from services.audit.domain.leaf import clear_leaf
from services.audit.domain.merkle import leaf_hash, root_of
from services.audit.domain.note import Checkpoint, VerifierKey, sign
from shared.contracts.answers import LogVerification
from shared.contracts.answers.verification import LogCosignature, LogProofDocument
from tests.component.gateway.reported import CANARY_EVENT

ORIGIN = "log.kelmu.example"
AT = datetime(2016, 12, 31, 10, 31, 5, tzinfo=UTC)
PROVEN = CANARY_EVENT
_SIGNER = Ed25519PrivateKey.from_private_bytes(b"l" * 32)
_LEAVES = [clear_leaf(UUID(int=n), "kelmu.access.decided.v1", AT, b"{}").leaf for n in (PROVEN.int, 2)]
CHECKPOINT = sign(Checkpoint(ORIGIN, 2, root_of([leaf_hash(one) for one in _LEAVES])), _SIGNER)
PROOF = InclusionProof(PROVEN, 0, _LEAVES[0], (leaf_hash(_LEAVES[1]),), CHECKPOINT)


def verified(event: UUID, **otherwise: object) -> LogVerification:
    """An answer in order, and what a test says of its own."""
    usual = LogVerification(
        origin=ORIGIN,
        keys=(str(VerifierKey.of(ORIGIN, _SIGNER.public_key())),),
        witness_keys=(),
        size=2,
        checkpoint=CHECKPOINT,
        signed_at=AT,
        cosigned=LogCosignature(size=2, witnesses=("witness.kelmu.example",), at=AT, note=CHECKPOINT),
        result="holds",
        proof=LogProofDocument(event=PROVEN, entry=0, document=PROOF.document().decode()),
        event=event,
    )
    return usual.model_copy(update=otherwise)
