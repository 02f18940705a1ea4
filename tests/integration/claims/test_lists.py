"""Lists, one claim and settlements on a real database: whose they are, in which order, and page by page."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import get_args

import pytest

from services.claims.domain.lists import View
from shared.contracts.access import AccessDecided, Outcome
from shared.contracts.answers import Answer, ClaimDone, ClaimListRow, ClaimsPage, ClaimView, SettlementsPage
from shared.contracts.asking import ClaimQuery, ClaimsQuery, MonthAdvance, SettlementsQuery
from shared.contracts.base import Role
from shared.finnish.identity_code import contains_identity_code
from tests.integration.claims.claimants import KELA, KUOPIO, SIUN_SOTE, TAMPERE, Claimant
from tests.integration.claims.desk import ARRIVAL, OTHER_CLIENT, Open
from tests.integration.claims.office import AFTER_PAYDAY, HEARING, Room, code_of, registered

SUBSTITUTE = Claimant(KUOPIO.organisation, KUOPIO.member, worker="010180Y9026")


@pytest.fixture
def colleagues() -> Sequence[Claimant]:
    return (SUBSTITUTE,)


async def page(open_: Open, view: View, **how: object) -> ClaimsPage:
    after = how.pop("after", None)
    answer = await open_.ask(ClaimsQuery(view=view, after=after), **how)
    assert isinstance(answer, ClaimsPage), answer
    return answer


def numbers(rows: tuple[ClaimListRow, ...]) -> list[str]:
    return [row.number for row in rows]


async def settled(open_: Open, month: str, **how: object) -> SettlementsPage:
    answer = await open_.ask(SettlementsQuery(month=month), **how)
    assert isinstance(answer, SettlementsPage), answer
    return answer


async def test_given_claims_of_several_municipalities_then_each_sees_its_own_in_every_list(room: Room) -> None:
    _, open_ = room
    ours = await registered(open_)
    theirs = await registered(open_, by=TAMPERE, identity_code=OTHER_CLIENT)
    for view in get_args(View):
        for by, foreign in ((KUOPIO, theirs), (TAMPERE, ours), (SIUN_SOTE, ours)):
            for accepted in (ARRIVAL, ARRIVAL + timedelta(days=60), ARRIVAL + timedelta(days=15)):
                assert foreign.number not in numbers((await page(open_, view, by=by, accepted=accepted)).rows)
    assert numbers((await page(open_, "team")).rows) == [ours.number]
    assert set(numbers((await page(open_, "team", by=KELA)).rows)) == {ours.number, theirs.number}
    assert code_of(await open_.ask(ClaimQuery(number=ours.number), by=TAMPERE)) == "claims.unknown"


async def test_given_a_substitute_then_the_teams_claims_are_theirs_to_see_and_to_act_on(room: Room) -> None:
    _, open_ = room
    case = await registered(open_)
    (row,) = (await page(open_, "team", by=SUBSTITUTE)).rows
    assert (row.number, row.mine) == (case.number, False)
    assert (await page(open_, "team")).rows[0].mine
    assert isinstance(await case.act("withdraw", by=SUBSTITUTE), ClaimDone)


async def test_given_a_claim_that_comes_too_late_waits_or_ends_then_it_stands_in_that_list(room: Room) -> None:
    _, open_ = room
    late = await registered(open_, first=date(2017, 1, 1), last=date(2017, 1, 31), accepted=HEARING,
                            advances=(MonthAdvance(month="2017-01", amount="10"),))  # fmt: skip
    await registered(open_, identity_code=OTHER_CLIENT)
    assert numbers((await page(open_, "cannot_bite")).rows) == [late.number]
    assert len((await page(open_, "overdue", accepted=ARRIVAL + timedelta(days=32))).rows) == 2
    assert (await page(open_, "overdue", accepted=ARRIVAL + timedelta(days=5))).rows == ()


async def test_given_a_claim_in_force_then_it_soon_ends_and_leaves_the_queue(room: Room) -> None:
    _, open_ = room
    case = await registered(open_)
    assert numbers((await page(open_, "queue", by=KELA)).rows) == [case.number]
    await case.accepted()
    assert (await page(open_, "queue", by=KELA, accepted=AFTER_PAYDAY)).rows == ()
    assert numbers((await page(open_, "ending_soon", accepted=AFTER_PAYDAY)).rows) == [case.number]
    assert (await page(open_, "ending_soon", accepted=ARRIVAL)).rows == ()
    assert numbers((await page(open_, "needs_action", accepted=AFTER_PAYDAY)).rows) == [case.number]
    assert (await page(open_, "needs_action", accepted=ARRIVAL)).rows == ()


async def test_given_a_hearing_then_its_deadline_and_its_answer_show_in_the_list(room: Room) -> None:
    _, open_ = room
    case = await registered(open_)
    deadline = HEARING.date() + timedelta(days=8)
    await case.act("hear", by=KELA, accepted=HEARING, deadline=deadline)
    assert (await page(open_, "overdue", by=KELA, accepted=HEARING)).rows == ()
    (row,) = (await page(open_, "overdue", by=KELA, accepted=HEARING + timedelta(days=9))).rows
    assert (row.number, row.deadline) == (case.number, deadline)
    await case.act("answer", by=KELA, accepted=HEARING, reason="Selvä.")
    assert numbers((await page(open_, "overdue", by=KELA, accepted=HEARING)).rows) == [case.number]


async def test_given_two_municipalities_on_one_benefit_then_kela_alone_learns_of_it_by_number(room: Room) -> None:
    _, open_ = room
    first, second = await registered(open_), await registered(open_, by=TAMPERE)
    rows = {row.number: row.notice for row in (await page(open_, "queue", by=KELA)).rows}
    assert all(notice is not None and "etuutta" in notice for notice in rows.values())
    shown = await open_.ask(ClaimQuery(number=first.number), by=KELA)
    assert isinstance(shown, ClaimView)
    assert shown.overlaps == (second.number,)
    own = await open_.ask(ClaimQuery(number=first.number))
    assert isinstance(own, ClaimView)
    assert (own.overlaps, own.row.notice) == ((), None)
    assert second.number not in own.model_dump_json()


async def test_given_more_than_a_page_then_pages_follow_each_other(room: Room) -> None:
    _, open_ = room
    months = [date(2017, month, 1) for month in range(1, 5)]
    for first in months:
        await registered(open_, first=first, last=first + timedelta(days=20),
                         advances=(MonthAdvance(month=f"{first:%Y-%m}", amount="10"),))  # fmt: skip
    whole = await page(open_, "queue", by=KELA)
    assert whole.next is None
    cut = numbers(whole.rows)[1]
    place = (whole.rows[1].effective_payday or date.max) - date(2000, 1, 1)
    rest = await page(open_, "queue", by=KELA, after=f"{place.days}~{cut}")
    assert numbers(rest.rows) == numbers(whole.rows)[2:]
    for odd in ("x", "1", "~", "9" * 30 + "~x", "1~ä"):
        assert (await page(open_, "queue", by=KELA, after=odd)).rows != rest.rows


async def test_given_lists_then_nobody_is_named_and_every_one_is_in_the_log(room: Room) -> None:
    office, open_ = room
    await registered(open_)
    before = len(await open_.events(AccessDecided))
    shown = await page(open_, "team")
    assert not contains_identity_code(shown.model_dump_json())
    assert office.client() not in shown.model_dump_json()
    found = [AccessDecided.model_validate_json(body) for _, body in (await open_.events(AccessDecided))[before:]]
    assert [(one.outcome, one.service) for one in found] == [(Outcome.GRANTED, "claims")]


async def test_given_payments_then_settlement_rows_tell_them_by_reference_and_corrections_apart(room: Room) -> None:
    office, open_ = room
    case = await registered(open_)
    await office.pay(open_.rig.engine)
    assert (await settled(open_, "2017-01", accepted=AFTER_PAYDAY)).rows == ()
    await case.accepted()
    assert (await settled(open_, "2017-01")).rows == ()
    got = await settled(open_, "2017-01", accepted=AFTER_PAYDAY)
    (row,) = got.rows
    assert (row.reference, row.number, row.to_municipality, row.net) == ("12344", case.number, "120.50", "600.00")
    assert (row.gross, row.withheld) == ("750.00", "150.00")
    assert (got.total, row.to_client, row.correction) == ("120.50", "479.50", False)
    for other in (TAMPERE, SIUN_SOTE):
        assert (await settled(open_, "2017-01", by=other, accepted=AFTER_PAYDAY)).rows == ()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MAIN_USER, Role.BILLING_CLERK])
async def test_given_a_role_that_does_not_claim_then_nothing_is_shown(room: Room, role: Role) -> None:
    office, open_ = room
    case = await registered(open_)
    looker = Claimant(KUOPIO.organisation, KUOPIO.member, role=role, worker="310323F999K")
    for event in looker.events(office.pseudonym_key):
        office.directory.apply(event)
    asked: list[Answer] = [
        await open_.ask(body, by=looker)
        for body in (ClaimQuery(number=case.number), ClaimsQuery(view="team"), SettlementsQuery(month="2017-01"))
    ]
    assert {code_of(answer) for answer in asked} == {"gate.role_covers_function"}
