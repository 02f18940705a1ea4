"""What can be asked of the service: to take changes in, all of them or none."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncEngine

from services.agreements import store
from services.agreements.domain.authors import Author
from services.agreements.domain.changes import Outcome, judge_all
from services.agreements.domain.records import Record


async def take_in(engine: AsyncEngine, records: Sequence[Record], change: store.Change) -> Outcome:
    """Judge proposed versions in order and store them with their events, unless any is refused.

    A version that is there already changes nothing, so the same list may be sent again at any time. What operators
    load is entered from signed papers.

    Returns:
        What became of each; when something is refused, nothing at all was stored.
    """
    async with store.writing(engine) as conn:
        outcome = judge_all(await store.load_state(conn), records, Author(change.actor, paper=True))
        if not outcome.refused:
            await store.append(conn, outcome.accepted, change)
        return outcome
