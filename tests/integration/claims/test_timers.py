"""What time does to claims: with a clock that is moved, twice, at once from two processes, and across a merger."""

import asyncio
from datetime import UTC, date, datetime, timedelta

from shared.clock.civil import at_helsinki
from shared.contracts.agreements import Account, Bearer, ResponsibilityChanged
from shared.contracts.answers import ClaimDone, ClaimsPage, ClaimView
from shared.contracts.asking import ClaimQuery, ClaimsQuery
from shared.contracts.base import Validity
from shared.contracts.claims import ClaimChanged
from tests.integration.claims.claimants import KELA, KUOPIO, Claimant
from tests.integration.claims.desk import Open
from tests.integration.claims.office import (
    AFTER_PAYDAY,
    DECISION,
    HEARING,
    REASON,
    Case,
    Office,
    Room,
    registered,
)

JUANKOSKI = Claimant("0171360-2", "174")
NEW_YEAR = at_helsinki(date(2017, 1, 1))


async def state(case: Case) -> tuple[str, int]:
    (row,) = await case.open.rows(f"select state, version from claim where number = '{case.number}'")
    return str(row["state"]), int(str(row["version"]))


async def run(office: Office, open_: Open, clock: datetime) -> int:
    office.clock = clock
    return await office.timers(open_.rig.engine).once()


async def test_given_a_hearing_without_an_answer_then_its_end_is_a_step_and_the_claim_may_be_decided(
    room: Room,
) -> None:
    office, open_ = room
    case = await registered(open_)
    deadline = HEARING.date() + timedelta(days=8)
    await case.act("hear", by=KELA, accepted=HEARING, deadline=deadline)
    assert await run(office, open_, at_helsinki(deadline)) == 0
    assert await run(office, open_, at_helsinki(deadline) + timedelta(days=5)) == 1
    assert await run(office, open_, at_helsinki(deadline) + timedelta(days=6)) == 0
    ((_, body),) = [one for one in await open_.events(ClaimChanged) if b'"act":"answer"' in one[1]]
    told = ClaimChanged.model_validate_json(body)
    assert (told.by, told.worker, told.time) == ("system", None, at_helsinki(deadline + timedelta(days=1)))
    case.version += 1
    assert isinstance(await case.act("accept", by=KELA, accepted=DECISION, reason=REASON), ClaimDone)


async def test_given_the_last_day_passed_then_the_claim_ends_once_and_the_clock_may_go_back(room: Room) -> None:
    office, open_ = room
    case = await registered(open_)
    await case.accepted()
    assert await run(office, open_, at_helsinki(date(2017, 1, 31))) == 0
    assert await run(office, open_, at_helsinki(date(2017, 2, 1))) == 2
    assert await state(case) == ("ended", case.version + 2)
    for clock in (at_helsinki(date(2017, 1, 1)), at_helsinki(date(2018, 1, 1))):
        assert await run(office, open_, clock) == 0


async def test_given_an_end_notice_then_the_claim_has_ended_from_its_day_on(room: Room) -> None:
    office, open_ = room
    case = await registered(open_)
    await case.accepted()
    await case.act("end", accepted=DECISION)
    assert await run(office, open_, DECISION) == 0
    assert await run(office, open_, DECISION + timedelta(days=1)) == 1
    assert (await state(case))[0] == "ended"


async def test_given_two_processes_at_once_then_each_thing_happens_once(room: Room) -> None:
    office, open_ = room
    cases = [await registered(open_, identity_code=code) for code in ("290200A950Y", "310323F999K")]
    for case in cases:
        await case.accepted()
    office.clock = at_helsinki(date(2017, 3, 1))
    done = await asyncio.gather(*(office.timers(open_.rig.engine).once() for _ in range(2)))
    assert sum(done) == 4
    events = await open_.events(ClaimChanged)
    assert len({id_ for id_, _ in events}) == len(events)
    assert await open_.rig.scalar("select count(*) from claim_step where act in ('end', 'finish')") == 4


async def test_g8_given_a_merger_then_the_successor_sees_the_claim_and_is_paid_once_its_account_is_confirmed(
    room: Room,
) -> None:
    office, open_ = room
    for event in JUANKOSKI.events(office.pseudonym_key):
        office.directory.apply(event)
    kuopio = office.directory.agreement("A-0171450-7")
    assert kuopio is not None
    unconfirmed = Account(id="main", iban="FI2112345600000785", confirmed=False)
    office.directory.apply(kuopio.model_copy(update={"version": 2, "accounts": (unconfirmed,)}))
    case = await registered(open_, by=JUANKOSKI)
    await office.pay(open_.rig.engine)
    await case.accepted()
    await run(office, open_, NEW_YEAR + timedelta(seconds=30))
    case.version += 1
    (row,) = await open_.rows("select number, organisation, member, agreement, arrived, origin from claim")
    assert (row["organisation"], row["member"], row["agreement"]) == (KUOPIO.organisation, "297", "A-0171450-7")
    assert (row["number"], row["origin"]) == (case.number, date(2016, 11, 30))
    assert await standing(open_) == [("120.50", True, KUOPIO.organisation)]
    page = await open_.ask(ClaimsQuery(view="team"), accepted=AFTER_PAYDAY)
    assert isinstance(page, ClaimsPage)
    assert [one.number for one in page.rows] == [case.number]
    assert await run(office, open_, AFTER_PAYDAY) == 0
    confirmed = unconfirmed.model_copy(update={"confirmed": True})
    office.directory.apply(kuopio.model_copy(update={"version": 3, "accounts": (confirmed,)}))
    assert await run(office, open_, AFTER_PAYDAY) == 1
    assert await standing(open_) == [("120.50", False, KUOPIO.organisation)]
    shown = await open_.ask(ClaimQuery(number=case.number), accepted=AFTER_PAYDAY)
    assert isinstance(shown, ClaimView)
    assert shown.row.paid == "120.50"


async def test_given_a_body_that_changes_before_the_clock_is_looked_at_then_it_sees_the_claim_at_once(
    room: Room,
) -> None:
    office, open_ = room
    case = await registered(open_)
    joint = Claimant("1234567-1", "297", joint=True)
    for event in joint.events(office.pseudonym_key):
        if not isinstance(event, ResponsibilityChanged):
            office.directory.apply(event)
    turns = tuple(
        Bearer(organisation=body, form="own", validity=Validity(first=first, last=last))
        for body, first, last in (
            (KUOPIO.organisation, date(2015, 1, 1), date(2016, 12, 31)),
            (joint.organisation, date(2017, 1, 1), None),
        )
    )
    office.directory.apply(ResponsibilityChanged(municipality="297", version=9, bearers=turns))
    after = datetime(2017, 1, 2, 10, tzinfo=UTC)
    page = await open_.ask(ClaimsQuery(view="team"), by=joint, accepted=after)
    assert isinstance(page, ClaimsPage), page
    assert [(one.number, one.organisation) for one in page.rows] == [(case.number, joint.organisation)]
    former = await open_.ask(ClaimsQuery(view="team"), accepted=after)
    assert not isinstance(former, ClaimsPage)


async def standing(open_: Open) -> list[tuple[str, bool, str]]:
    rows = await open_.rows(
        "select amount, held, body from allocation_share s where not exists"
        " (select from allocation l where l.payment = s.payment and l.entry > s.entry) order by payment, month"
    )
    return [(str(row["amount"]), bool(row["held"]), str(row["body"])) for row in rows]
