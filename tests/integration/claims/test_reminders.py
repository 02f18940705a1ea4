"""Reminders on the business clock, and a backlog that is longer than one look."""

import asyncio
from datetime import date, datetime, timedelta

from sqlalchemy import text

from shared.clock.civil import at_helsinki
from shared.contracts.answers import ClaimsPage
from shared.contracts.asking import ClaimsQuery
from shared.contracts.claims import ClaimReminded
from tests.integration.claims.claimants import KELA
from tests.integration.claims.desk import Open
from tests.integration.claims.office import AFTER_PAYDAY, HEARING, Office, Room, registered

LONG_AFTER = at_helsinki(date(2017, 1, 22))
"""31 days after the arrival."""


async def remind(office: Office, open_: Open, clock: datetime) -> int:
    office.clock = clock
    return await office.timers(open_.rig.engine).remind()


async def told(open_: Open) -> list[ClaimReminded]:
    return [ClaimReminded.model_validate_json(body) for _, body in await open_.events(ClaimReminded)]


async def stands(open_: Open, accepted: datetime) -> list[date | None]:
    """Since when reminders stand on the team's list."""
    page = await open_.ask(ClaimsQuery(view="team"), accepted=accepted)
    assert isinstance(page, ClaimsPage), page
    return [row.reminded for row in page.rows]


async def test_given_a_claim_that_waits_then_it_is_brought_up_once_until_somebody_acts_on_it(room: Room) -> None:
    office, open_ = room
    case = await registered(open_)
    assert await remind(office, open_, LONG_AFTER - timedelta(seconds=1)) == 0
    assert await stands(open_, LONG_AFTER) == [None]
    both = await asyncio.gather(*(remind(office, open_, LONG_AFTER) for _ in range(2)))
    assert sum(both) == 1
    # Another process after a restart, and one whose clock was moved: the row says that it was given.
    for clock in (LONG_AFTER + timedelta(days=3), LONG_AFTER):
        assert await remind(office, open_, clock) == 0
    (event,) = await told(open_)
    assert (event.number, event.of, event.due, event.time) == (case.number, "long", date(2017, 1, 22), LONG_AFTER)
    assert await stands(open_, LONG_AFTER) == [date(2017, 1, 22)]
    await case.act("hear", by=KELA, accepted=LONG_AFTER, deadline=date(2017, 2, 5))
    assert await stands(open_, LONG_AFTER) == [None]


async def test_given_a_hearing_that_ends_and_a_period_that_ends_then_each_is_a_reminder_of_its_own(room: Room) -> None:
    office, open_ = room
    case = await registered(open_)
    deadline = HEARING.date() + timedelta(days=8)
    await case.act("hear", by=KELA, accepted=HEARING, deadline=deadline)
    office.clock = at_helsinki(deadline + timedelta(days=1))
    await office.timers(open_.rig.engine).once()
    assert await remind(office, open_, office.clock) == 1
    assert await stands(open_, office.clock) == [deadline + timedelta(days=1)]
    case.version += 1
    for act, reason in (("accept", "Vaatimus täyttää edellytykset."), ("activate", "")):
        await case.act(act, by=KELA, accepted=office.clock, reason=reason)
    assert await remind(office, open_, AFTER_PAYDAY) == 1
    assert await stands(open_, AFTER_PAYDAY) == [date(2017, 1, 1)]
    assert [one.of for one in await told(open_)] == ["hearing_over", "ends"]


async def test_given_more_claims_than_one_look_gives_then_all_are_worked_through_past_those_that_fail(
    room: Room,
) -> None:
    office, open_ = room
    await registered(open_)
    async with open_.rig.engine.begin() as conn:
        await conn.execute(text(MANY))
        # Nothing can be told of the first ones: what is sealed beside them is another claim's.
        await conn.execute(text("update claim set state = 'in_hearing', hearing_deadline = '2016-12-30'"))
    office.clock = at_helsinki(date(2017, 1, 2))
    await office.timers(open_.rig.engine, at_once=2).once()
    left = await open_.rows("select number from claim where hearing_deadline is not null order by id")
    assert len(left) == COPIES
    async with open_.rig.engine.begin() as conn:
        await conn.execute(text("update claim set hearing_deadline = null, state = 'registered'"))
    office.clock = LONG_AFTER
    assert await office.timers(open_.rig.engine, at_once=2).remind() == COPIES + 1
    assert len({event.claim for event in await told(open_)}) == COPIES + 1


COPIES = 5
MANY = f"""
    do $$
    declare copy claim;
    begin
        for n in 1..{COPIES} loop
            select * into copy from claim order by id desc limit 1;
            copy.id := ('00000000-0000-0000-0000-00000000000' || n)::uuid;
            copy.number := 'MV-2016-00000-00000' || n;
            insert into claim values (copy.*);
        end loop;
    end $$
    """
"""Copies of the one claim with ids before its own; their sealed part belongs to it and cannot be opened as theirs."""
