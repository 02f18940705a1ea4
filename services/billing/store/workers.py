"""Pseudonyms that are one worker: after the pseudonym key got a new version, a user still counts once (golden G11)."""

import re
from collections.abc import Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_PSEUDONYM: Final = re.compile(r"v[0-9]+\.[a-z2-7]{26}")
_PAIR: Final = 2


class AliasRefusedError(ValueError):
    """Two pseudonyms cannot be told to be one worker; nothing was stored."""


def pair(row: Sequence[str]) -> tuple[str, str]:
    """One line of the file: the new pseudonym and the earlier one.

    Raises:
        AliasRefusedError: it is not two different pseudonyms. What stood there is not repeated: it may be a person.
    """
    found = tuple(cell.strip() for cell in row)
    if len(found) != _PAIR or found[0] == found[1] or not all(map(_PSEUDONYM.fullmatch, found)):
        raise AliasRefusedError("A line is not two different pseudonyms. Write: new,earlier.")
    return found[0], found[1]


async def add_aliases(conn: AsyncConnection, pairs: Sequence[tuple[str, str]]) -> int:
    """Store them; how many were new. Each is led back to the worker's first pseudonym, whatever came between.

    Raises:
        AliasRefusedError: one is said to be two workers, or to be itself after all.
    """
    rows_known = await conn.execute(text("select worker, same_as from worker_alias"))
    known: dict[str, str] = {row.worker: row.same_as for row in rows_known}
    added: dict[str, str] = {}
    firsts = set(known.values())
    for worker, earlier in pairs:
        first = added.get(earlier) or known.get(earlier, earlier)
        before = added.get(worker) or known.get(worker)
        if worker in firsts or before not in (None, first):
            raise AliasRefusedError(f"{worker} was told to be another worker before; tell earlier pseudonyms first.")
        if before is None:
            added[worker] = first
            firsts.add(first)
    if added:
        rows = [{"worker": worker, "same_as": first} for worker, first in added.items()]
        await conn.execute(text("insert into worker_alias (worker, same_as) values (:worker, :same_as)"), rows)
    return len(added)
