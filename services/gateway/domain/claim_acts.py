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


def acts_offered(state: str, *, at_kela: bool) -> tuple[str, ...]:
    """The acts that fit a state, as far as this release knows it."""
    return (_KELA if at_kela else _MUNICIPALITY).get(state, ())
