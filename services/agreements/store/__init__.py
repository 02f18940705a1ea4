"""All SQL of the agreements service. Nothing here commits except `writing`: the consumer loop does.

One writer at a time: whoever changes records takes the service's lock first, so that what was judged still holds when
it is written.
"""

from services.agreements.store.commands import Command, command, keep_command
from services.agreements.store.queries import asking_records, history, known_before, page
from services.agreements.store.records import (
    SERVICE,
    Change,
    Entry,
    append,
    event_of,
    load_state,
    lock,
    oldest_unsent,
    writing,
)
from services.agreements.store.users import account, idle_candidates, last_seen, note_seen

__all__ = [
    "SERVICE",
    "Change",
    "Command",
    "Entry",
    "account",
    "append",
    "asking_records",
    "command",
    "event_of",
    "history",
    "idle_candidates",
    "keep_command",
    "known_before",
    "last_seen",
    "load_state",
    "lock",
    "note_seen",
    "oldest_unsent",
    "page",
    "writing",
]
