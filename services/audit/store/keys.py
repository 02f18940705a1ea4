"""The keys of personal parts: fetched, made, destroyed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from services.audit.store.appending import lock_head

if TYPE_CHECKING:
    from asyncpg import Connection


async def living_keys(conn: "Connection", owners: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, str]]:
    """Id and wrapped key of each owner that has one."""
    rows = await conn.fetch(
        """
        select k.person, k.month, k.id, k.wrapped from person_key k
        join unnest($1::text[], $2::text[]) as o(person, month) on k.person = o.person and k.month = o.month
        where k.erased is null
        """,
        *_columns(owners),
    )
    return {(row["person"], row["month"]): (row["id"], row["wrapped"]) for row in rows}


async def add_keys(conn: "Connection", wrapped: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], int]:
    """Store new keys; their ids."""
    rows = await conn.fetch(
        """
        insert into person_key (person, month, wrapped)
        select * from unnest($1::text[], $2::text[], $3::text[]) returning person, month, id
        """,
        *_columns(wrapped),
        list(wrapped.values()),
    )
    return {(row["person"], row["month"]): row["id"] for row in rows}


async def destroy_keys(conn: "Connection", person: str, month: str) -> int:
    """Erase a person's month: how many keys of theirs were destroyed. Entries and leaves stay as they are.

    The keys of list pages on which they stand go with it: such a page cannot be erased for one of them alone.
    The head is held meanwhile, so that no page is being logged under keys that are just destroyed.
    """
    await lock_head(conn)
    done = await conn.fetchval(
        """
        with own as (
            update person_key set wrapped = null, person = null, erased = now()
            where person = $1 and month = $2 and erased is null returning id
        ), pages as (
            update person_key set wrapped = null, person = null, erased = now()
            where erased is null and id in (
                select e.person_key from entry_person p join entry e on e.seq = p.seq
                where p.person_key in (
                    select id from person_key where person = $1 and month = $2 and erased is null
                )
            ) returning id
        ), counted as (
            update head set erasures = erasures + 1 where exists (select from own)
        )
        select count(*) from own
        """,
        person,
        month,
    )
    return int(done)


def _columns(owners: Iterable[tuple[str, str]]) -> tuple[list[str], list[str]]:
    pairs = list(owners)
    return [person for person, _ in pairs], [month for _, month in pairs]
