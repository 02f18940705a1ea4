"""Rows changed behind the log's back: refused by the database, or found."""

import random
from collections.abc import Callable

import pytest
from sqlalchemy.exc import DBAPIError

from services.audit import store
from shared.database.engine import raw
from tests.integration.audit.world import (
    CLIENTS,
    MONTH,
    Log,
    access,
    client_pseudonym,
)


async def test_the_database_itself_refuses_to_remove_or_revive_a_key(log: Log) -> None:
    await log.feed([access(0), access(1)])
    async with log.engine.begin() as conn:
        assert await store.destroy_keys(await raw(conn), client_pseudonym(CLIENTS[0]), MONTH) == 1
    for statement in (
        "delete from person_key",
        "truncate person_key",
        "update person_key set wrapped = 'x' where erased is null",
        "update person_key set wrapped = 'x', person = 'y', erased = null where erased is not null",
    ):
        with pytest.raises(DBAPIError, match="keys are erased, never removed"):
            await log.execute(statement)


async def test_the_head_only_grows_and_what_was_taken_in_stays_known(log: Log) -> None:
    await log.feed([access(0), access(1)])
    for statement in (
        "update head set size = 1, peaks = array[root]",
        "update head set root = sha256('x'), peaks = array[sha256('x')]",
        "update head set erasures = erasures - 1",
        "update head set month = '2016-01'",
        "delete from head",
        "truncate head",
    ):
        with pytest.raises(DBAPIError, match="the head only grows"):
            await log.execute(statement)
    for statement in ("delete from inbox", "update inbox set digest = 'x'"):
        with pytest.raises(DBAPIError, match="append-only"):
            await log.execute(statement)


@pytest.mark.parametrize("table", ["entry", "checkpoint"])
async def test_the_database_itself_refuses_to_rewrite_the_log(log: Log, table: str) -> None:
    for statement in (f"delete from {table}", f"truncate {table} cascade"):
        with pytest.raises(DBAPIError, match="append-only"):
            await log.execute(statement)


TAMPERINGS = {
    "update entry set type = 'kelmu.access.other.v1' where seq = 1": "Entry 1: the id, type or time",
    "update entry set time = time + interval '1 hour' where seq = 1": "Entry 1: the id, type or time",
    "update entry set leaf_hash = sha256('x') where seq = 1": "Entry 1: the stored hash",
    "update entry set leaf = leaf || ' ' where seq = 1": "Entry 1: the leaf is not in canonical form",
    "update entry set agreement = 'A-092' where seq = 1": "Entry 1: the day or agreement",
    "update entry set counted_on = counted_on + 1 where seq = 1": "Entry 1: the day or agreement",
    "update entry set counted_on = null where seq = 1": "Entry 1: the day or agreement",
    "insert into entry_person (person_key, seq) values (1, 1)": "Entry 1: 1 persons",
    "delete from entry where seq = 2": "The head says 3 entries",
    "delete from entry where seq = 1": "Entry 1 is missing",
    "update head set root = sha256('x'), size = 2, peaks = array[sha256('x')]": "The head says 2 entries",
    "update entry e set personal = o.personal from entry o where e.seq = 0 and o.seq = 1": "does not open",
    "update person_key set person = 'another' where id = 1": "does not open",
    "update entry set personal = null, person_key = null where seq = 1": "Entry 1: the personal part is missing",
    "update entry set personal_state = 'none', (personal, person_key) = (null, null) where seq = 1": "the row says",
    "update entry set personal_state = 'none' where seq = 1": "Entry 1: the row says",
    "delete from person_key where id = (select person_key from entry where seq = 1)": "Entry 1: the key of",
    "update entry set personal_state = 'unsealable', personal = 'x' where seq = 1": "is unsealable",
    "update entry set personal_state = 'mismatch' where seq = 1": "is mismatch",
    "update entry set personal_state = 'raw' where seq = 1": "Entry 1: the personal part is not what",
}


async def test_every_changed_row_is_found_in_the_database(log: Log) -> None:
    await log.feed([access(n, client=CLIENTS[min(n, 1)]) for n in range(3)])
    await log.sign()
    tables = ("entry", "head", "person_key", "entry_person")
    await log.execute(*(f"alter table {table} disable trigger all" for table in tables))
    await log.execute(*(f"create table kept_{table} as table {table}" for table in tables))
    for tampering, why in TAMPERINGS.items():
        await log.execute(tampering)
        checked = await log.check()
        assert any(why in problem for problem in checked.problems), tampering
        restore = [f"delete from {t}" for t in tables]
        restore += [f"insert into {t} overriding system value table kept_{t}" for t in tables]
        await log.execute(*restore)
        assert (await log.check()).whole


async def test_a_log_that_was_cut_short_together_with_its_head_is_caught_by_the_checkpoint_over_more(log: Log) -> None:
    await log.feed([access(n) for n in range(3)])
    await log.sign()
    await log.execute(
        "create table kept_head as table head",
        "alter table entry disable trigger all",
        "alter table head disable trigger all",
    )
    await log.feed([access(3)])
    await log.sign()
    await log.execute(
        "delete from entry where seq = 3",
        "delete from head",
        "insert into head table kept_head",
    )
    checked = await log.check()
    assert checked.problems == ()
    assert checked.verdict.problems == ("Entries are missing: there are 3, and checkpoint 4 covers 4.",)


async def test_a_leaf_rewritten_with_its_hash_and_head_is_caught_by_the_signed_checkpoint(log: Log) -> None:
    await log.feed([access(0)])
    await log.sign()
    await log.execute(
        "alter table entry disable trigger all",
        "alter table head disable trigger all",
        "update entry set leaf = convert_to(replace(convert_from(leaf, 'utf8'), 'granted', 'refused'), 'utf8')",
        "update entry set leaf_hash = sha256('\\x00'::bytea || leaf)",
        "update head h set root = e.leaf_hash, peaks = array[e.leaf_hash] from entry e",
    )
    checked = await log.check()
    assert checked.problems == ()
    assert "Between line 1 and line 1" in checked.verdict.problems[0]


CHARACTER = "case when substr({0}, {1}, 1) = 'A' then 'B' else 'A' end"
HIDDEN_CHANGES: dict[str, Callable[[random.Random, int], str]] = {
    "a bit of a personal part": lambda rnd, seq: (
        "update entry set personal = set_bit(personal, {0}, 1 - get_bit(personal, {0})) where seq = {1}".format(
            rnd.randrange(8 * 40), seq
        )
    ),
    "a character of a wrapped key": lambda rnd, seq: key_change("wrapped", rnd.randrange(1, 60), seq),
    "a character of whose key it is": lambda rnd, seq: key_change("person", rnd.randrange(1, 20), seq),
    "the month of a key": lambda rnd, seq: (
        f"update person_key set month = '2016-{rnd.randrange(1, 9):02}' where id = {KEY_OF.format(seq)}"
    ),
    "the key of another entry": lambda _, seq: (
        f"update entry set person_key = {KEY_OF.format((seq + 1) % len(CLIENTS))} where seq = {seq}"
    ),
}
KEY_OF = "(select person_key from entry where seq = {0})"


def key_change(column: str, at: int, seq: int) -> str:
    placed = f"overlay({column} placing {CHARACTER.format(column, at)} from {at} for 1)"
    return f"update person_key set {column} = {placed} where id = {KEY_OF.format(seq)}"


async def test_random_changes_to_personal_parts_and_their_keys_are_found_with_their_entry(log: Log) -> None:
    await log.feed([access(n, client=client) for n, client in enumerate(CLIENTS)])
    await log.sign()
    tables = ("entry", "person_key")
    await log.execute(*(f"alter table {table} disable trigger all" for table in tables))
    await log.execute(*(f"create table kept_{table} as table {table}" for table in tables))
    restore = [f"delete from {t}" for t in tables]
    restore += [f"insert into {t} overriding system value table kept_{t}" for t in tables]
    for seed in range(30):
        rnd = random.Random(seed)
        seq = rnd.randrange(len(CLIENTS))
        change = sorted(HIDDEN_CHANGES)[seed % len(HIDDEN_CHANGES)]
        await log.execute(HIDDEN_CHANGES[change](rnd, seq))
        found = (await log.check()).problems
        assert any(problem.startswith(f"Entry {seq}:") for problem in found), (seed, change, found)
        await log.execute(*restore)
    assert (await log.check()).whole


async def test_stored_subtrees_that_are_not_what_the_entries_give_are_told(log: Log) -> None:
    await log.feed([access(n) for n in range(257)])
    await log.sign()
    assert (await log.check()).whole
    why = "The stored subtree of height {} at position {} is not what the entries give."
    await log.execute(
        "alter table subtree disable trigger all",
        "update subtree set hash = sha256('x')",
        "insert into subtree (height, position, hash) values (9, 0, sha256('x'))",
    )
    assert (await log.check()).problems == (why.format(8, 0), why.format(9, 0))
    await log.execute("delete from subtree")
    assert (await log.check()).problems == (why.format(8, 0),)
