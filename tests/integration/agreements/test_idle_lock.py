"""Accounts: opened at the first sign-in, locked when idle by the timer or a late sign-in, unlocked by a main user."""

from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import text

from services.agreements import store
from services.agreements.idling import IdleLock
from shared.contracts.answers import ChangesDone, Refused
from shared.contracts.asking import RecordsQuery
from tests.integration.agreements.office import CLERK, MAIN_USER, OFFICER, Office, Person
from tests.unit.agreements.made import KUOPIO, user

OPENED = datetime(2016, 10, 3, 7, 0, tzinfo=UTC)
DAY_45, DAY_46 = OPENED + timedelta(days=45), OPENED + timedelta(days=46)
KNOWN, NEW = ChangesDone(changed=0, unchanged=1), ChangesDone(changed=1, unchanged=0)


def timer(office: Office, at: datetime) -> IdleLock:
    return IdleLock(office.engine, lambda: at, structlog.get_logger("test"))


async def states(office: Office, person: Person = CLERK) -> list[tuple[int, str, str]]:
    async with office.engine.connect() as conn:
        rows = await conn.execute(
            text(
                "select version, body->>'status' as status, body->>'why' as why from record_version"
                " where kind = 'user' and id = :id order by version"
            ),
            {"id": f"{person.organisation}/{office.worker(person)}"},
        )
        return [(row.version, row.status, row.why) for row in rows]


async def test_a_first_sign_in_opens_the_account_and_the_next_notes_the_day(office: Office) -> None:
    assert await office.seen(CLERK, OPENED) == NEW
    assert await office.seen(CLERK, OPENED + timedelta(days=1)) == KNOWN
    assert await states(office) == [(1, "active", "opened")]
    async with office.engine.connect() as conn:
        last = await store.last_seen(conn, KUOPIO, office.worker(CLERK))
    assert last == (OPENED + timedelta(days=1)).date()


async def test_a_late_message_does_not_take_a_later_day_back(office: Office) -> None:
    await office.seen(CLERK, OPENED + timedelta(days=9))
    await office.seen(CLERK, OPENED)
    async with office.engine.connect() as conn:
        last = await store.last_seen(conn, KUOPIO, office.worker(CLERK))
    assert last == (OPENED + timedelta(days=9)).date()


async def test_the_timer_locks_after_more_than_45_days_and_once(office: Office) -> None:
    await office.seen(CLERK, OPENED)
    assert await timer(office, DAY_45).once() == 0
    assert await timer(office, DAY_46).once() == 1
    assert await timer(office, DAY_46 + timedelta(days=99)).once() == 0
    assert await states(office) == [(1, "active", "opened"), (2, "locked", "idle")]


async def test_the_timer_leaves_those_who_came(office: Office) -> None:
    await office.seen(CLERK, OPENED)
    await office.seen(CLERK, OPENED + timedelta(days=1))
    assert await timer(office, DAY_46).once() == 0


async def test_a_sign_in_that_comes_too_late_locks_instead(office: Office) -> None:
    await office.seen(CLERK, OPENED)
    answer = await office.seen(CLERK, DAY_46)
    assert isinstance(answer, Refused)
    assert answer.refusal.code == "gate.user_active.idle"
    assert isinstance(await office.seen(CLERK, DAY_46), Refused)
    assert await states(office) == [(1, "active", "opened"), (2, "locked", "idle")]
    assert await timer(office, DAY_46).once() == 0


async def test_a_locked_account_is_opened_by_the_main_user_and_counts_from_then(office: Office) -> None:
    await office.seen(CLERK, OPENED)
    await timer(office, DAY_46).once()
    worker = office.worker(CLERK)
    unlocked = user(id=f"{KUOPIO}/{worker}", worker=worker, version=3, why="by_main_user", since=DAY_46.date())
    assert await office.change(MAIN_USER, unlocked, at=DAY_46) == NEW
    assert await timer(office, DAY_46 + timedelta(days=45)).once() == 0
    assert await office.seen(CLERK, DAY_46 + timedelta(days=45)) == KNOWN


async def test_nobody_without_a_mandate_gets_an_account(office: Office) -> None:
    nobody = Person("150616B903S", KUOPIO, "297", ())
    answer = await office.seen(nobody, OPENED)
    assert isinstance(answer, Refused)
    assert answer.refusal.code == "agreements.no_mandate"
    assert await states(office, nobody) == []


async def test_a_locked_officer_sees_no_records(office: Office) -> None:
    await office.seen(OFFICER, OPENED)
    await timer(office, DAY_46).once()
    answer = await office.ask(RecordsQuery(record_kind="mandate"), OFFICER, accepted=DAY_46)
    assert isinstance(answer, Refused)
    assert answer.refusal.rule == "user_active"
