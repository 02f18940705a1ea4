"""Questions about the log: a person's own, and the auditor's search."""

from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.access import Outcome
from shared.contracts.asking.words import Day, Place, Sentence
from shared.contracts.base import BusinessId, Contract, Purpose


class OwnLogQuery(Contract):
    """One page of the log of one's own data (oman tiedon lokinäkymä). It names nobody: it is about whoever asks."""

    kind: Literal["own_log"] = "own_log"
    after: Place | None = None


class LogSearchQuery(Contract):
    """One page of the auditor's search; what is left out narrows nothing. Typed words are judged where it is logged."""

    kind: Literal["log_search"] = "log_search"
    reason: Sentence
    """Why it is searched: kept in the log with the search."""
    first: Day
    last: Day
    organisation: BusinessId | None = None
    worker: Annotated[str, Field(max_length=40)] | None = None
    """A worker's pseudonym, or identity code."""
    identity_code: Annotated[str, Field(max_length=32)] = ""
    """The client's; empty: whoever's."""
    outcome: Outcome | None = None
    rule: Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9_.]+$")] | None = None
    purpose: Purpose | None = None
    emergency: bool = False
    """Only emergency overrides."""
    after: Place | None = None
