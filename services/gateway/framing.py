"""What stands around a page: who, in whose name, what this role may do, and when the session ends. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

WARNING: Final = timedelta(minutes=5)
"""How long before its session ends a page warns of it. Assumed; WCAG 2.2 asks for 20 seconds at least."""
STEPS: Final = (55, 40, 25, 20, 15, 10, 5, 3, 1)
"""Minutes after which the sheet can show the warning: it is shown without script, by a class of kelmu.css."""


@dataclass(frozen=True, slots=True)
class Task:
    """A way that the left navigation offers.

    Attributes:
        address: the page.
        words: key of its name.
        offered_by: the field of `Frame` that offers it.
    """

    address: str
    words: str
    offered_by: str


TASKS: Final = (
    Task("/", "frame.search", "may_search"),
    Task("/claims/new", "frame.claim", "may_claim"),
    Task("/claims/work", "frame.claims", "may_see_claims"),
    Task("/claims/hand-over", "hand_over.title", "may_hand_over"),
    Task("/claims/kela", "kela_claim.title", "may_handle_claims"),
    Task("/lists", "frame.lists", "may_list"),
    Task("/notices", "frame.notices", "may_see_notices"),
    Task("/log/reports", "log_reports.title", "may_see_log_reports"),
    Task("/log/search", "log_search.title", "may_search_log"),
    Task("/log/verify", "verification.title", "may_search_log"),
    Task("/billing", "finance.title", "may_see_billing"),
    Task("/alerts", "frame.alerts", "may_supervise"),
    Task("/anomalies", "anomalies.title", "may_handle_anomalies"),
    Task("/agreements", "agreements.title", "may_see_records"),
    Task("/agreements/request", "agreement_request.title", "may_see_records"),
    Task("/users", "users.title", "may_see_records"),
    Task("/news/edit", "news_edit.title", "may_keep_news"),
    Task("/faults", "faults.title", "may_keep_news"),
)
"""The left navigation, top to bottom; a new page adds its line here and its field to `Frame`."""
STAYING: Final = frozenset(
    {
        "/",
        "/behalf",
        "/log/own",
        "/help",
        "/news",
        "/faults",
        "/support",
        "/accessibility",
        *(task.address for task in TASKS),
    }
)
"""Pages that a change of language comes back to; others were the answer to a form and are gone."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Who, in whose name, and what this role may do; `ends` is when the session ends if nothing more is done."""

    name: str
    form_token: str
    behalf: str = ""
    choosable: bool = False
    may_search: bool = False
    may_claim: bool = False
    may_see_claims: bool = False
    may_hand_over: bool = False
    may_handle_claims: bool = False
    may_list: bool = False
    may_see_notices: bool = False
    may_handle_notices: bool = False
    may_annotate: bool = False
    may_state_emergency: bool = False
    may_supervise: bool = False
    may_see_billing: bool = False
    may_search_log: bool = False
    may_see_log_reports: bool = False
    may_handle_anomalies: bool = False
    may_see_records: bool = False
    may_keep_news: bool = False

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What there is to choose from."""
        return tuple(task for task in TASKS if getattr(self, task.offered_by))

    @property
    def has_tasks(self) -> bool:
        """Whether there is anything to choose from."""
        return bool(self.tasks)


def warned_after(now: datetime, ends: datetime) -> int | None:
    """After how many minutes on a page its warning is shown: five minutes before the end, or a little earlier.

    Nothing for a session that ends within a minute: a warning could not be answered any more.
    """
    left = ends - now
    wanted = max(left - WARNING, timedelta(minutes=1)) if left > timedelta(minutes=1) else timedelta(0)
    return next((step for step in STEPS if timedelta(minutes=step) <= wanted), None)
