"""Paths from a worker to a client over the register's links, and that reading a client never reads a whole table."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from itertools import combinations, pairwise, permutations
from random import Random

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.demo.register.kin import INVERSE
from services.lookup.handlers import register_handler
from services.lookup.store.register import READ_CLIENT, read_client
from shared.bus.messages import Outgoing, Record, decode
from shared.bus.transaction import Tx
from shared.contracts.register import Link, LinkKind
from shared.database.engine import driver
from shared.gate.kinship import LONGEST
from tests.harness.consuming import engine_for
from tests.integration.lookup.samples import ORGANISATION, RING, person, record

MANY = 20_000
"""Enough that reading a whole table would be the dearest way by far."""


@pytest.fixture
async def engine(database: str) -> AsyncIterator[AsyncEngine]:
    made = engine_for(database)
    yield made
    await made.dispose()


def pseudonym_of(name: str) -> str:
    return "v1." + name.ljust(26, "a")


def links(**others: LinkKind) -> tuple[Link, ...]:
    return tuple(Link(kind=kind, client=pseudonym_of(name)) for name, kind in others.items())


def told(name: str, *, version: int = 1, withdrawn: bool = False, **others: LinkKind) -> Outgoing:
    """A person record that names others and what they are to the person."""
    content = person(links=links(**others))
    return record("person", f"P-{name}", content, version=version, client=pseudonym_of(name), withdrawn=withdrawn)


async def fill(engine: AsyncEngine, *messages: Outgoing) -> None:
    async with engine.begin() as conn:
        await register_handler(RING)(Tx(conn), [decode(_arrived(message)) for message in messages])


def _arrived(message: Outgoing) -> Record:
    headers = tuple((name, value.encode()) for name, value in message.headers().items())
    return Record(message.topic, 0, 0, message.key, message.body, headers, 0)


async def paths(engine: AsyncEngine, worker: str | None, client: str) -> tuple[tuple[str, ...], ...]:
    found = await read_client(
        engine,
        pseudonym_of(client),
        ORGANISATION,
        municipalities=frozenset(),
        worker=None if worker is None else pseudonym_of(worker),
        now=datetime.now(UTC),
    )
    return found.kinship


async def test_an_aunt_is_the_sibling_of_a_parent(engine: AsyncEngine) -> None:
    await fill(engine, told("worker", mother="parent"), told("mother", worker="child", aunt="sibling"))

    assert await paths(engine, "worker", "aunt") == (("parent", "sibling"),)
    assert await paths(engine, "aunt", "worker") == (("sibling", "child"),)


@pytest.mark.parametrize(
    ("kind", "inverse"),
    [
        ("parent", "child"),
        ("child", "parent"),
        ("partner", "partner"),
        ("former_partner", "former_partner"),
        ("sibling", "sibling"),
    ],
)
async def test_a_link_that_one_end_alone_names_counts_from_both(
    engine: AsyncEngine, kind: LinkKind, inverse: LinkKind
) -> None:
    await fill(engine, told("one", other=kind), told("other"))

    assert await paths(engine, "one", "other") == ((kind,),)
    assert await paths(engine, "other", "one") == ((inverse,),)


async def test_every_way_is_told_once_and_nobody_is_passed_twice(engine: AsyncEngine) -> None:
    await fill(
        engine,
        told("worker", mother="parent", father="parent", sister="sibling"),
        told("mother", worker="child", sister="child", father="partner"),
        told("father", worker="child", sister="child", mother="partner"),
        told("sister", worker="sibling", mother="parent", father="parent"),
    )

    assert await paths(engine, "worker", "sister") == (
        ("parent", "child"),
        ("parent", "partner", "child"),
        ("sibling",),
    )


async def test_four_links_are_followed_and_a_fifth_is_not(engine: AsyncEngine) -> None:
    chain = ("worker", "mother", "granny", "ancestor", "ancient", "oldest")
    for younger, older in pairwise(chain):
        content = person(links=(Link(kind="parent", client=pseudonym_of(older)),))
        await fill(engine, record("person", f"P-{younger}", content, client=pseudonym_of(younger)))

    assert await paths(engine, "worker", "ancient") == (("parent",) * 4,)
    assert await paths(engine, "worker", "oldest") == ()


async def test_strangers_nobody_and_oneself(engine: AsyncEngine) -> None:
    await fill(engine, told("worker", mother="parent"), told("stranger"))

    assert await paths(engine, "worker", "stranger") == ()
    assert await paths(engine, None, "worker") == ()
    assert await paths(engine, "worker", "worker") == ((),)
    assert await paths(engine, "unknown", "unknown") == ((),)


async def test_links_follow_the_newest_version_whatever_the_order(engine: AsyncEngine) -> None:
    await fill(engine, told("worker", wife="partner", child="child"))
    await fill(engine, told("worker", version=3, wife="former_partner", child="child"))
    await fill(engine, told("worker", version=2, mistress="partner"))

    assert await paths(engine, "worker", "wife") == (("former_partner",),)
    assert await paths(engine, "worker", "child") == (("child",),)
    assert await paths(engine, "worker", "mistress") == ()


async def test_a_withdrawn_person_has_no_links_until_a_later_version_brings_them_back(engine: AsyncEngine) -> None:
    await fill(engine, told("worker", sister="sibling"))
    await fill(engine, told("worker", version=2, withdrawn=True, sister="sibling"))
    assert await paths(engine, "worker", "sister") == ()

    await fill(engine, told("worker", version=3, sister="sibling"))
    assert await paths(engine, "worker", "sister") == (("sibling",),)


SEEDED = (
    """
    insert into payment (id, version, client, body)
    select 'M-' || n, 1, 'c' || n % :clients, jsonb_build_object('benefit', 'tyomarkkinatuki', 'decision', 'D-' || n)
    from generate_series(1, :many) as n
    """,
    """
    insert into person (id, version, client, body)
    select 'P-' || n, 1, 'c' || n, jsonb_build_object('municipality', lpad((n % 311)::text, 3, '0'))
    from generate_series(1, :many) as n where :clients > 0
    """,
    """
    insert into link (record, client, kind, other)
    select 'P-' || n, 'c' || n, 'sibling', 'c' || (n * 7 + step) % :many
    from generate_series(1, :many) as n, generate_series(1, 3) as step where :clients > 0
    """,
    *(
        f"insert into {table} (id, version, client, body)"
        " select 'X-' || n, 1, 'c' || n, jsonb_build_object('n', n) from generate_series(1, :many) as n"
        " where :clients > 0"
        for table in ("application", "decision", "insurance", "recovery", "medicine")
    ),
)


async def test_a_client_is_read_by_index_alone(engine: AsyncEngine) -> None:
    async with engine.begin() as conn:
        for statement in SEEDED:
            await conn.execute(text(statement), {"many": MANY, "clients": MANY // 20})
        await conn.execute(text("analyze"))

    async with driver(engine) as connection:
        for plans in ("force_generic_plan", "force_custom_plan"):
            await connection.execute(f"set plan_cache_mode = {plans}")
            asked = ("c7", ORGANISATION, ["297"], "c8", datetime.now(UTC))
            plan = await connection.fetchval(f"explain (format json) {READ_CLIENT}", *asked)
            # Small tables that this test leaves empty are cheapest read whole.
            nodes = [
                node
                for node in _nodes(plan[0]["Plan"])
                if node["Node Type"] == "Seq Scan" and node["Relation Name"] not in {"claim", "notice", "notice_record"}
            ]
            assert nodes == []


def _nodes(plan: dict[str, object]) -> Iterator[dict[str, object]]:
    yield plan
    inner = plan.get("Plans", [])
    assert isinstance(inner, list)
    for node in inner:
        yield from _nodes(node)


Steps = dict[str, list[tuple[str, LinkKind]]]


def walked(steps: Steps, client: str, passed: tuple[str, ...], kinds: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Step by step from the last one passed: what a half of the way from each end must find too."""
    if passed[-1] == client:
        yield kinds
    elif len(kinds) < LONGEST:
        for other, kind in steps[passed[-1]]:
            if other not in passed:
                yield from walked(steps, client, (*passed, other), (*kinds, kind))


async def test_all_paths_are_those_that_going_step_by_step_finds(engine: AsyncEngine) -> None:
    draw = Random(28)
    people = [f"p{letter}" for letter in "abcdefghijkl"]
    steps: Steps = {one: [] for one in people}
    named: dict[str, list[Link]] = {one: [] for one in people}
    for one, other in draw.sample(list(combinations(people, 2)), 17):
        kind = draw.choice(list(INVERSE))
        named[one].append(Link(kind=kind, client=pseudonym_of(other)))
        steps[one].append((other, kind))
        steps[other].append((one, INVERSE[kind]))
    for one, own in named.items():
        await fill(engine, record("person", f"P-{one}", person(links=tuple(own)), client=pseudonym_of(one)))

    found = {(one, other): await paths(engine, one, other) for one, other in permutations(people, 2)}

    assert found == {pair: tuple(sorted(set(walked(steps, pair[1], pair[:1], ())))) for pair in found}
    assert {len(path) for some in found.values() for path in some} == {1, 2, 3, 4}
