"""Whether a checkpoint continues the log that the witness has signed before.

A witness signs a size once, and never a smaller or another history: whoever holds a co-signed checkpoint knows that
everybody was shown the same log.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from verifier.notes import Checkpoint, Key
from verifier.tree import EMPTY, consistency_holds


class Finding(StrEnum):
    """What is wrong with a checkpoint."""

    UNSIGNED = "unsigned"
    """The log's key has not signed it, or only one that another had replaced by then."""
    SMALLER = "smaller"
    FORKED = "forked"
    """Another history than the one signed before."""
    UNPROVEN = "unproven"
    """It may continue the log, but nothing shows that it does."""


@dataclass(frozen=True, slots=True)
class Signed:
    """The newest checkpoint that the witness has signed."""

    size: int
    root: bytes
    log_key: bytes | None = None
    """The newest of the log's keys that signed it; None when that was not kept."""


NOTHING: Final = Signed(0, EMPTY)
"""Before the first checkpoint: every log begins empty."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a checkpoint is not signed, in plain words."""

    finding: Finding
    reason: str


def outdated(last: Signed, offered: Checkpoint, keys: Sequence[Key]) -> Refusal | None:
    """Why a checkpoint is refused that a replaced key alone has signed; `keys` are the log's, oldest first."""
    publics = [key.public for key in keys]
    if last.log_key not in publics or offered.signer >= publics.index(last.log_key):
        return None
    return Refusal(Finding.UNSIGNED, "it is signed by a key of the log that was replaced by then, and by no newer one")


def judge(last: Signed, offered: Checkpoint, previous: int, proof: Sequence[bytes]) -> Refusal | None:
    """Why a checkpoint is refused; None when it continues what was signed.

    Args:
        last: What the witness signed last.
        offered: The checkpoint, its signature checked.
        previous: The size from which the proof leads.
        proof: The consistency proof (RFC 9162, 2.1.4) from there.
    """
    if offered.size < last.size:
        return Refusal(
            Finding.SMALLER, f"the log has {offered.size} entries now, and had {last.size} when it was last signed"
        )
    if offered.size == last.size:
        if offered.root == last.root:
            return None
        return Refusal(Finding.FORKED, f"another root is signed for the same {last.size} entries")
    if previous != last.size and last.size:
        return Refusal(Finding.UNPROVEN, f"the proof leads from {previous} entries, and {last.size} were last signed")
    if consistency_holds(last.size, last.root, offered.size, offered.root, proof if last.size else ()):
        return None
    return Refusal(
        Finding.FORKED, f"the log of {offered.size} entries does not continue the one of {last.size} that was signed"
    )
