"""Which help belongs to which page. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

TOPICS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "start": ("/",),
        "search": ("/search", "/annotate"),
        "claims": ("/claims",),
        "lists": ("/lists",),
        "notices": ("/notices",),
        "billing": ("/billing",),
        "log": ("/log", "/alerts", "/anomalies"),
        "agreements": ("/agreements",),
        "users": ("/users",),
        "news": ("/news",),
        "faults": ("/faults", "/support"),
        "behalf": ("/behalf",),
        "operations": ("/operations",),
    }
)
"""Topics of the help, in the order of its index, and the beginnings of the addresses that each is about."""


def topic_of(path: str) -> str:
    """The topic of a page; the start page's when no other fits."""
    fitting = (topic for topic, starts in TOPICS.items() if any(_is_at(path, one) for one in starts))
    return next(fitting, "start")


def _is_at(path: str, start: str) -> bool:
    return path == start or (start != "/" and path.startswith(f"{start}/"))
