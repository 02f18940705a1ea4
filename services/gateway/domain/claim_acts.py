"""Which acts a page offers on a claim, by who looks and where it stands. Only an offer: the service decides. Pure."""

from collections.abc import Mapping
from typing import Final

_KELA: Final[Mapping[str, tuple[str, ...]]] = {
    "registered": ("hear", "in_time"),
    "waiting_for_decision": ("hear", "in_time"),
    "in_hearing": ("answer", "accept", "reject", "in_time"),
    "accepted": ("activate", "in_time"),
    "active": ("suspend", "end", "in_time"),
    "suspended": ("resume", "end"),
}
_DECIDING: Final = ("hear", "answer", "accept", "reject")
"""Of a widening (V15): it is heard and decided while the claim goes on."""
_MUNICIPALITY: Final[Mapping[str, tuple[str, ...]]] = {
    "registered": ("change", "withdraw"),
    "waiting_for_decision": ("change", "withdraw"),
    "in_hearing": ("withdraw",),
    "accepted": ("withdraw", "return"),
    "active": ("change", "end", "suspend", "return"),
    "suspended": ("resume", "end", "return"),
    "ending": ("return",),
    "ended": ("return",),
    "withdrawn": ("return",),
}


def acts_offered(
    state: str, *, at_kela: bool, proposed: bool = False, asked: bool = False, owed: bool = False
) -> tuple[str, ...]:
    """The acts that fit a state, as far as this release knows it.

    Args:
        state: Where the claim stands.
        at_kela: Whether Kela looks.
        proposed: Whether a widening waits to be heard and decided.
        asked: Whether the monthly amounts are to be confirmed.
        owed: Whether Kela owes the municipality what it gave back too much.
    """
    offered = (_KELA if at_kela else _MUNICIPALITY).get(state, ())
    if at_kela:
        deciding = _DECIDING if proposed and state == "active" else ()
        return (*(("refund",) if owed else ()), *deciding, *offered)
    more = ("drop" if proposed else "widen",) if state == "active" else ()
    return (*(("confirm",) if asked else ()), *offered, *more)
