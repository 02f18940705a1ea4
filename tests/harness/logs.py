"""A signed log in a folder, as the audit service exports it, without the service: to be changed and verified."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.audit.domain.merkle import leaf_hashes, root_of
from services.audit.domain.note import Checkpoint, VerifierKey, sign
from services.witness.domain.cosigning import cosignature, witness_key
from verifier.notes import Key

ORIGIN: Final = "log.kelmu.test"
LOG_SECRET: Final = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
LOG_KEY: Final = Key.parse(str(VerifierKey.of(ORIGIN, LOG_SECRET.public_key())))
WITNESS: Final = "witness.kelmu.test"
WITNESS_SECRET: Final = Ed25519PrivateKey.from_private_bytes(bytes(32))
WITNESS_KEY: Final = witness_key(WITNESS, WITNESS_SECRET.public_key())


def entry(n: int, kind: str = "look-up", time: str = "2017-01-01T00:00:00Z") -> bytes:
    """The n-th entry's bytes, as an event's canonical form; n alone decides its event."""
    id_ = UUID(bytes=sha256(f"event {n}".encode()).digest()[:16])
    body = {"agreement": "A-091", "name": "Äänekoski", "n": n, "share": 0.5, "what": kind}
    fields = {"body": body, "id": str(id_), "time": time, "type": "kelmu.access.decided.v1"}
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def note(entries: Sequence[bytes], size: int, secret: Ed25519PrivateKey = LOG_SECRET, origin: str = ORIGIN) -> bytes:
    """The signed checkpoint over the first entries."""
    return sign(Checkpoint(origin, size, root_of(leaf_hashes(entries[:size]))), secret).encode()


def cosigned(signed: bytes, seconds: int = 1_500_000_000) -> bytes:
    """A checkpoint with the witness's signature too."""
    text = signed.decode().rpartition("\n\n")[0] + "\n"
    return signed + cosignature(WITNESS, WITNESS_SECRET, text, seconds).encode()


@dataclass(frozen=True)
class Export:
    """What an export holds, to be written to a folder."""

    entries: tuple[bytes, ...]
    notes: dict[str, bytes]

    @property
    def newest(self) -> bytes:
        """The newest checkpoint."""
        return self.notes[max(self.notes, key=int)]

    def write(self, folder: Path) -> Path:
        """Into a folder; an earlier export in it is replaced, cheaply, for campaigns do it many thousand times."""
        checkpoints = folder / "checkpoints"
        checkpoints.mkdir(parents=True, exist_ok=True)
        for path in checkpoints.iterdir():
            if path.stem not in self.notes:
                path.unlink()
        for name, content in self.notes.items():
            (checkpoints / f"{name}.note").write_bytes(content)
        (folder / "entries.jsonl").write_bytes(b"".join(one + b"\n" for one in self.entries))
        (folder / "leaf-hashes").write_bytes(b"".join(leaf_hashes(self.entries)))
        (folder / "log.vkey").write_text(f"{LOG_KEY}\n")
        (folder / "witness.vkey").write_text(f"{WITNESS_KEY}\n")
        return folder


def whole(sizes: Sequence[int], entries: Sequence[bytes] | None = None) -> Export:
    """A log that is whole, with checkpoints of these sizes; the last one covers everything and is co-signed."""
    entries = [entry(n) for n in range(sizes[-1])] if entries is None else entries
    notes = {str(size): note(entries, size) for size in sizes}
    return Export(tuple(entries), notes | {str(sizes[-1]): cosigned(note(entries, sizes[-1]))})
