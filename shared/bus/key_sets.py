"""Which keys seal the personal parts on the topics, and who holds them: a row of `topics.py` names one of these."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class KeySet:
    """Keys that seal personal parts, and who holds them. Whoever seals holds the key: AES-GCM is symmetric."""

    name: str
    holders: tuple[str, ...]


KEY_SETS: Final = (
    KeySet("register", ("lookup", "claims", "upstream")),
    KeySet("requests-lookup", ("gateway", "lookup")),
    KeySet("requests-claims", ("gateway", "claims")),
    KeySet("requests-agreements", ("gateway", "agreements")),
    KeySet("requests-billing", ("gateway", "billing")),
    KeySet("requests-audit", ("gateway", "audit")),
    KeySet("access", ("lookup", "claims", "audit", "upstream")),
    KeySet("claims", ("claims", "lookup", "audit")),
)
