"""What a specific report tells of the entries that it goes through: counts, hours, and who stands in them most."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.audit.domain.looked import Looked
from services.audit.domain.specific import About
from shared.clock.civil import helsinki
from shared.contracts.answers import Consulted
from shared.contracts.base import DataGroup

MOST_CONSULTED: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The report's figures.

    Attributes:
        consulted: Clients whom the worker looked at most, or workers who looked at the client most.
        clients: Identity codes of all clients who are named in it.
    """

    attempts: int
    outcomes: dict[str, int]
    actions: dict[str, int]
    rules: dict[str, int]
    purposes: dict[str, int]
    groups: dict[DataGroup, int]
    hours: dict[int, int]
    overrides: tuple[datetime, ...]
    consulted: tuple[Consulted, ...]
    clients: tuple[str, ...]


def findings(entries: Iterable[Looked], about: About) -> Findings:
    """Count entries.

    Args:
        entries: With their personal parts opened, where they can be.
        about: Whom the report is about: the ones on the other side are told.
    """
    looked = [one for one in entries if one.clear is not None]
    clear = [one.clear for one in looked if one.clear is not None]
    groups = Counter[DataGroup]()
    for one in clear:
        groups.update({group: records for group, records in one.shown.items() if records > 0})
    others = Counter(other for one in looked for other in _others(one, about))
    most = sorted(others.items(), key=lambda found: (-found[1], found[0]))[:MOST_CONSULTED]
    named = tuple(sorted({code for (code, _), _ in most if code})) if about is About.WORKER else ()
    return Findings(
        attempts=len(looked),
        outcomes=_counted(one.outcome for one in clear),
        actions=_counted(one.action for one in clear),
        rules=_counted(one.rule for one in clear if one.rule is not None),
        purposes=_counted(one.purpose for one in clear if one.purpose is not None),
        groups=dict(sorted(groups.items())),
        hours=dict(sorted(Counter(helsinki(one.time).hour for one in looked).items())),
        overrides=tuple(sorted(one.time for one in clear if one.emergency)),
        consulted=tuple(Consulted(identity_code=code or None, name=name or None, times=n) for (code, name), n in most),
        clients=named,
    )


def _others(one: Looked, about: About) -> Iterator[tuple[str, str]]:
    """Who stands on the other side of an entry, by identity code and name; empty where that is not known."""
    personal = one.personal
    if about is About.CLIENT:
        yield (personal.worker or "", personal.worker_name or "") if personal else ("", "")
    elif personal is None:
        yield "", ""
    else:
        codes = {personal.client, *personal.clients} - {None}
        yield from ((code, "") for code in sorted(code for code in codes if code))


def _counted(words: Iterable[str]) -> dict[str, int]:
    return {str(word): count for word, count in sorted(Counter(words).items())}
