"""The SQL of the log (that of proofs is in `proof_store`).

Appending: the batch's transaction locks the head row first, so that batches follow one another whoever runs
them; entries and head then commit with the consumer's position or not at all.

Signing stands apart: a checkpoint is made from the committed head, in a transaction of its own with its
outbox row. Signed before the commit, a note could leave for a head that was then rolled back, and the log
would be caught forking from its own signature. The price is a crash between the two, after which the next
tick signs the same head.
"""

from services.audit.store.appending import (
    ENTRY_COLUMNS,
    EntryRow,
    Head,
    advance_head,
    append,
    link,
    lock_head,
    open_month,
)
from services.audit.store.keys import add_keys, destroy_keys, living_keys
from services.audit.store.reading import PORTION, StoredEntry, census, entries, leaves
from services.audit.store.signing import (
    CONSUMER,
    add_checkpoint,
    assigned_root,
    checkpoints,
    committed,
    lock_signing,
    newest_checkpoint,
    unpublished,
)

__all__ = [
    "CONSUMER",
    "ENTRY_COLUMNS",
    "PORTION",
    "EntryRow",
    "Head",
    "StoredEntry",
    "add_checkpoint",
    "add_keys",
    "advance_head",
    "append",
    "assigned_root",
    "census",
    "checkpoints",
    "committed",
    "destroy_keys",
    "entries",
    "leaves",
    "link",
    "living_keys",
    "lock_head",
    "lock_signing",
    "newest_checkpoint",
    "open_month",
    "unpublished",
]
