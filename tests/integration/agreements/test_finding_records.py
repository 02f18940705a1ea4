"""Questions about records: as known on one day and valid on another, histories, pages, and who sees what."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from services.agreements.domain.records import KINDS, Record, key_of, read_record
from services.agreements.domain.validity import holds_on
from services.agreements.finding import PAGE_BYTES
from services.agreements.handlers import take_in
from services.agreements.store import Change
from shared.clock.civil import helsinki_date
from shared.clock.system import system_now
from shared.contracts.answers import Failed, RecordsFound, Refused
from shared.contracts.asking import RecordsQuery
from shared.contracts.base import Role, Validity
from tests.integration.agreements.office import AT, CLERK, LOADED, MAIN_USER, OFFICER, Office
from tests.unit.agreements.made import JOINT, KUOPIO, delegation, mandate, path

START = datetime(2016, 2, 1, 12, 0, tzinfo=UTC)


async def find(office: Office, kind: str, **query: object) -> list[Record]:
    """All rows of all pages."""
    found: list[Record] = []
    after = None
    while True:
        asked = RecordsQuery.model_validate({"record_kind": kind, "after": after} | query)
        answer = await office.ask(asked, OFFICER)
        assert isinstance(answer, RecordsFound)
        assert len(answer.model_dump_json()) < 300_000
        found += [read_record(row.kind, row.body) for row in answer.rows]
        if answer.next is None:
            return found
        after = answer.next


def history(rng: random.Random) -> list[tuple[datetime, Record]]:
    """Mandates and delegations changed again and again, each change some hours after the one before."""
    made: list[tuple[datetime, Record]] = []
    versions: dict[str, int] = {}
    at = START
    for _ in range(60):
        at += timedelta(hours=rng.randrange(1, 40))
        name = rng.choice(("V-a", "V-b", "V-c", "D-x"))
        versions[name] = versions.get(name, 0) + 1
        first = date(2016, 1, 1) + timedelta(days=rng.randrange(200))
        days = Validity(first=first, last=rng.choice((None, first + timedelta(days=rng.randrange(90)))))
        changed: Record
        if name.startswith("V"):
            changed = mandate(id=name, version=versions[name], validity=days)
        else:
            changed = delegation(id=name, version=versions[name], validity=days)
        made.append((at, changed))
    return made


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_what_was_known_and_valid_equals_replaying_the_history(office: Office, seed: int) -> None:
    rng = random.Random(seed)
    made = history(rng)
    for at, record in made:
        outcome = await take_in(office.engine, [record], Change("tester", "a test", at))
        assert outcome.refused == ()
    for _ in range(25):
        known, valid = (date(2016, 2, 1) + timedelta(days=rng.randrange(120)) for _ in range(2))
        replayed = {key_of(one): one for one in office.records()}
        for at, record in made:
            if helsinki_date(at) <= known:
                replayed[key_of(record)] = record
        for kind in ("mandate", "delegation", "organisation"):
            expected = [one for key, one in sorted(replayed.items()) if key.kind == kind and holds_on(one, valid)]
            assert await find(office, kind, known=known, valid=valid) == expected


async def test_a_change_is_known_on_its_helsinki_day_and_not_on_the_day_before(office: Office) -> None:
    midnight = datetime(2016, 12, 30, 22, 0, tzinfo=UTC)
    await office.change(MAIN_USER, mandate(id="V-late"), at=midnight)

    async def known(day: date) -> bool:
        return "V-late" in {getattr(one, "id", "") for one in await find(office, "mandate", known=day)}

    assert [await known(date(2016, 12, 30)), await known(date(2016, 12, 31))] == [False, True]


async def test_days_left_out_are_today(office: Office) -> None:
    await office.change(MAIN_USER, mandate(id="V-later", validity=Validity(first=date(2017, 1, 1))))
    assert "V-later" not in {getattr(one, "id", "") for one in await find(office, "mandate")}
    assert "V-later" in {getattr(one, "id", "") for one in await find(office, "mandate", valid=date(2017, 1, 1))}


async def test_one_record_comes_with_all_its_versions_and_who_made_them(office: Office) -> None:
    await office.change(MAIN_USER, path(), at=AT)
    await office.change(MAIN_USER, path("statement_given", 2), at=AT + timedelta(days=1))
    answer = await office.ask(RecordsQuery(record_kind="path", record="P-297"), OFFICER)
    assert isinstance(answer, RecordsFound)
    assert [(row.version, row.actor, row.recorded_at) for row in answer.rows] == [
        (1, office.worker(MAIN_USER), AT),
        (2, office.worker(MAIN_USER), AT + timedelta(days=1)),
    ]
    rest = await office.ask(RecordsQuery(record_kind="path", record="P-297", after="1"), OFFICER)
    assert isinstance(rest, RecordsFound)
    assert [row.version for row in rest.rows] == [2]


async def test_many_records_come_in_pages_and_none_is_lost(office: Office) -> None:
    many = [mandate(id=f"V-{n:05}", roles=tuple(Role)[:4]) for n in range(1500)]
    await take_in(office.engine, many, LOADED)
    first = await office.ask(RecordsQuery(record_kind="mandate"), OFFICER)
    assert isinstance(first, RecordsFound)
    assert first.next is not None
    assert PAGE_BYTES // 2 < len(first.model_dump_json()) < 300_000
    ids = [getattr(one, "id", "") for one in await find(office, "mandate")]
    assert ids == sorted(ids)
    assert set(ids) >= {one.id for one in many}


async def test_a_main_user_sees_the_own_organisation_s_records_only(office: Office) -> None:
    await office.change(OFFICER, path(party=JOINT, id="P-J"), path())
    for kind in KINDS:
        answer = await office.ask(RecordsQuery(record_kind=kind), MAIN_USER)
        assert isinstance(answer, RecordsFound)
        assert all(KUOPIO in row.body or '"297"' in row.body for row in answer.rows)
        assert not any("P-J" in row.body for row in answer.rows)
    hidden = await office.ask(RecordsQuery(record_kind="organisation", record=JOINT), MAIN_USER)
    assert hidden == RecordsFound(rows=(), next=None)


@pytest.mark.parametrize("after", ["zzz", "-1", ""])
async def test_an_odd_place_to_continue_from_is_no_failure(office: Office, after: str) -> None:
    answer = await office.ask(RecordsQuery(record_kind="mandate", record="V-staff-0", after=after), OFFICER)
    assert isinstance(answer, RecordsFound)


async def test_an_unknown_kind_is_refused(office: Office) -> None:
    answer = await office.ask(RecordsQuery(record_kind="nothing"), OFFICER)
    assert isinstance(answer, Refused)
    assert answer.refusal.rule == "record_kind"


async def test_a_clerk_sees_no_records(office: Office) -> None:
    assert isinstance(await office.ask(RecordsQuery(record_kind="mandate"), CLERK), Refused)


async def test_a_question_past_its_deadline_is_not_worked_on(office: Office) -> None:
    late = await office.ask(RecordsQuery(record_kind="mandate"), OFFICER, deadline=system_now() - timedelta(seconds=1))
    assert isinstance(late, Failed)
    assert late.retry
