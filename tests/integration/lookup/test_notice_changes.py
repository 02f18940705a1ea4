"""Notices are taken, done and moved by one worker at a time, once in effect, and never without a trace."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
import pytest_asyncio

from services.lookup.answering import BROKEN, REPEATED
from shared.bus.messages import Outgoing
from shared.bus.publisher import NotAcknowledged
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import Answer, NoticeDone, NoticeView, Refused
from tests.integration.lookup.desk import opened
from tests.integration.lookup.municipal import (
    AUTUMN_2020,
    COLLEAGUE_CODE,
    SUMMER_2019,
    SYSTEM,
    Office,
    applied,
    client_code,
    command,
    ids,
    inhabitant,
    listed,
    opening,
    over_the_interface,
    page,
    told,
    worker_of,
)
from tests.integration.lookup.surroundings import WORKER


@pytest_asyncio.fixture(loop_scope="session")
async def at(module_office: Office) -> Office:
    await module_office.begin()
    await module_office.desk.fill(inhabitant(1))
    return module_office


def code_of(answer: Answer) -> str:
    assert isinstance(answer, Refused)
    return answer.refusal.code


async def test_a_notice_is_taken_and_done_and_each_change_is_an_event(at: Office) -> None:
    await at.desk.fill(told("N-1"))

    taken = await at.ask(command("take"))
    done = await at.ask(command("done", version=2, key="key-0002"), worker=COLLEAGUE_CODE)

    assert taken == NoticeDone(notice="N-1", version=2, state="taken", municipality="297")
    assert done == NoticeDone(notice="N-1", version=3, state="done", municipality="297")
    assert await ids(at, listed(state="done")) == ["N-1"]
    assert (await page(at)).rows[0].taken_by == "me"
    changes = [event for event in await at.desk.events() if event.body.action is Action.NOTICE_CHANGE]
    assert {(event.body.worker, event.body.subject) for event in changes} == {
        (WORKER, "N-1"),
        (worker_of(COLLEAGUE_CODE), "N-1"),
    }
    assert {opened(event).client for event in changes} == {client_code(1)}


async def test_over_the_interface_the_municipalitys_system_takes_a_notice(at: Office) -> None:
    await at.desk.fill(told("N-1"))

    answer = await at.answering.answer(over_the_interface(at.request(command("take"))))

    assert isinstance(answer, NoticeDone)
    assert (await page(at)).rows[0].taken_by == "colleague"
    assert SYSTEM in {event.body.system for event in await at.desk.events()}


async def test_a_moved_notice_is_with_the_receiver_at_once_and_its_history_is_kept(at: Office) -> None:
    at.desk.clock.at = AUTUMN_2020
    await at.desk.fill(applied("N-1", urgent=True))
    await at.ask(command("take"))

    moved = await at.ask(command("move", version=2, key="key-0002", to="091", reason="Asuu Helsingissä"))

    assert moved == NoticeDone(notice="N-1", version=3, state="moved", municipality="091")
    assert await ids(at) == []
    given = (await page(at, listed(state="moved"))).rows
    assert [(row.notice, row.state, row.taken_by) for row in given] == [("N-1", "moved", None)]
    (row,) = (await page(at, member="091")).rows
    assert (row.state, row.version, row.due) == ("open", 3, date(2019, 7, 16))
    assert code_of(await at.ask(opening("N-1"))) == "notice.unknown"
    assert isinstance(await at.ask(opening("N-1"), member="091"), NoticeView)
    assert await at.scalar("select string_agg(action, ' ' order by version) from notice_change") == "take move"
    reasons = {opened(event).reason for event in await at.desk.events() if event.body.action is Action.NOTICE_CHANGE}
    assert reasons == {None, "Asuu Helsingissä"}


async def test_a_moved_notice_stays_moved_when_the_register_tells_of_it_anew(at: Office) -> None:
    at.desk.clock.at = AUTUMN_2020
    await at.desk.fill(told("N-1"))
    await at.ask(command("move", to="091"))
    await at.desk.fill(told("N-1", version=2, text="Lisätieto"), told("N-1"))

    shown = await at.ask(opening("N-1"), member="091")

    assert isinstance(shown, NoticeView)
    assert (shown.text, shown.row.version) == ("Lisätieto", 3)
    assert code_of(await at.ask(command("take", version=2, key="key-0002"), member="091")) == "notice.stale"


async def test_when_two_workers_take_one_notice_one_has_it_and_the_other_is_told(at: Office) -> None:
    await at.desk.fill(told("N-1"))

    answers = await asyncio.gather(
        at.ask(command("take")), at.ask(command("take", key="key-0002"), worker=COLLEAGUE_CODE)
    )

    (loser,) = [answer for answer in answers if isinstance(answer, Refused)]
    assert loser.refusal.code == "notice.stale"
    assert "version is now 2" in loser.refusal.reason.en
    assert await at.scalar("select count(*) from notice_change") == 1
    outcomes = sorted(event.body.outcome for event in await at.desk.events())
    assert outcomes == [Outcome.GRANTED, Outcome.REFUSED]


async def test_a_repeated_command_gets_the_same_answer_and_changes_nothing_more(at: Office) -> None:
    await at.desk.fill(told("N-1"))
    at.desk.clock.at = AUTUMN_2020
    first = await at.ask(command("move", to="091"))

    again = await at.ask(command("move", to="091"))
    other = await at.ask(command("move", to="092"))

    assert again == first
    assert code_of(other) == "notice.key_reused"
    assert await at.scalar("select count(*) from notice_change") == 1


async def test_one_command_sent_twice_at_once_is_done_once_and_answered_alike(at: Office) -> None:
    await at.desk.fill(told("N-1"))

    first, second = await asyncio.gather(at.ask(command("take")), at.ask(command("take")))

    assert first == second == NoticeDone(notice="N-1", version=2, state="taken", municipality="297")


async def test_invariant_2_killed_between_change_and_event_a_redelivery_gives_one_change_and_one_event(
    at: Office,
) -> None:
    await at.desk.fill(told("N-1"))
    request = at.request(command("take"))

    async def killed(_: Outgoing) -> None:
        raise NotAcknowledged("the process ended here")

    at.desk.publisher.before = killed
    with pytest.raises(NotAcknowledged):
        await at.answering.answer(request)
    at.desk.publisher.before = None
    assert await at.scalar("select state from notice") == "taken"

    answer = await at.answering.answer(request)

    assert answer == NoticeDone(notice="N-1", version=2, state="taken", municipality="297")
    assert await at.scalar("select count(*) from notice_change") == 1
    assert (await at.desk.only_event()).body.outcome is Outcome.GRANTED


async def test_invariant_2_what_was_changed_is_told_as_changed_though_the_gate_refuses_the_redelivery(
    at: Office,
) -> None:
    await at.desk.fill(told("N-1"))
    request = at.request(command("take"))

    async def killed(_: Outgoing) -> None:
        raise NotAcknowledged("the process ended here")

    at.desk.publisher.before = killed
    with pytest.raises(NotAcknowledged):
        await at.answering.answer(request)
    at.desk.publisher.before, at.desk.audit.value = None, timedelta(hours=1)

    assert await at.answering.answer(request) == REPEATED
    event = await at.desk.only_event()
    assert (event.body.outcome, event.body.action, event.body.subject) == (
        *(Outcome.GRANTED, Action.NOTICE_CHANGE),
        "N-1",
    )


async def test_a_command_that_was_refused_before_changes_nothing_when_it_comes_again(at: Office) -> None:
    await at.desk.fill(told("N-1"))
    request = at.request(command("take"))
    at.desk.audit.value = timedelta(hours=1)
    await at.answering.answer(request)
    at.desk.audit.value = timedelta(seconds=1)

    assert await at.answering.answer(request) == REPEATED
    assert await at.scalar("select state from notice") == "open"
    assert {event.body.outcome for event in await at.desk.events()} == {Outcome.REFUSED}


async def test_a_command_does_not_expire_once_it_was_accepted(at: Office) -> None:
    await at.desk.fill(told("N-1"))
    request = at.request(command("take"))

    late = await at.answering.answer(replace(request, deadline=SUMMER_2019))

    assert isinstance(late, NoticeDone)


async def test_invariant_6_a_failing_change_is_undone_and_told_as_failed(
    at: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await at.desk.fill(told("N-1"))
    request = at.request(command("take"))

    async def failing(*_: object) -> None:
        raise RuntimeError("something broke")

    with monkeypatch.context() as patch:
        patch.setattr("services.lookup.store.commands.remember", failing)
        with pytest.raises(NotAcknowledged):
            await at.answering.answer(request)

    assert at.desk.replies.sent == [BROKEN]
    assert await at.answering.answer(request) == BROKEN
    assert await at.scalar("select state || version from notice") == "open1"
    assert (await at.desk.only_event()).body.outcome is Outcome.FAILED
