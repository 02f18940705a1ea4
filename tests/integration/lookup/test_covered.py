"""What an agreement covers holds for lists and notices; a notice relates a client only while in view."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.contracts.access import Outcome, Relation
from shared.contracts.answers import Answer, ListPage, NoticePage, NoticeView, PersonView, Refused
from shared.contracts.asking import ListQuery, PersonQuery
from shared.contracts.base import DataGroup, Purpose, Role
from tests.integration.lookup.municipal import (
    AUTUMN_2020,
    COLLEAGUE_CODE,
    Office,
    applied,
    client_code,
    command,
    inhabitant,
    listed,
    opening,
    support,
    told,
)

TMT_200 = ListQuery(list="tmt_200", purpose=Purpose.TMT_LIST)
CLERK = (Role.FEE_CLERK,)
NAMED = (Role.FEE_CLERK, Role.PROTECTED_DATA_HANDLER)


def person(number: int) -> PersonQuery:
    return PersonQuery(identity_code=client_code(number), purpose=Purpose.CHARGE, informed=True)


def code_of(answer: Answer) -> str:
    assert isinstance(answer, Refused)
    return answer.refusal.code


def relation_of(answer: Answer) -> Relation | None:
    assert isinstance(answer, PersonView)
    return answer.relation


@pytest.mark.parametrize("terms", [{"data_groups": (DataGroup.DECISIONS,)}, {"benefits": ("lapsilisa",)}])
async def test_a_list_whose_group_or_benefit_the_agreement_lacks_is_refused(
    at: Office, terms: dict[str, object]
) -> None:
    await at.desk.fill(inhabitant(1), support("P-71", 1, date(2018, 6, 1), date(2019, 5, 28)))

    assert code_of(await at.agreed(**terms).answer(at.request(TMT_200))) == "list.not_covered"
    event = await at.desk.only_event()
    assert (event.body.outcome, event.body.rule, event.body.shown) == (Outcome.REFUSED, "list.not_covered", {})


async def test_a_list_counts_all_days_whatever_the_window_of_look_ups(at: Office) -> None:
    await at.desk.fill(inhabitant(1), support("P-71", 1, date(2018, 6, 1), date(2019, 5, 28)))
    narrow = at.agreed(benefits=("tyomarkkinatuki",), window_months=1)

    shown = await narrow.answer(at.request(TMT_200))

    assert isinstance(shown, ListPage)
    assert shown.total == 1


@pytest.mark.parametrize(("group", "seen"), [(DataGroup.DECISIONS, "N-2"), (DataGroup.PENDING, "N-1")])
async def test_an_application_needs_pending_and_another_notice_decisions(
    at: Office, group: DataGroup, seen: str
) -> None:
    await at.desk.fill(inhabitant(1), applied("N-1"), told("N-2"))
    agreed = at.agreed(data_groups=(group,))

    answers = {one: await agreed.answer(at.request(opening(one))) for one in ("N-1", "N-2")}

    assert isinstance(answers.pop(seen), NoticeView)
    ((other, refused),) = answers.items()
    assert code_of(refused) == "notice.not_covered"
    assert code_of(await agreed.answer(at.request(command("take", other)))) == "notice.not_covered"


async def test_a_notice_relates_its_client_from_its_time_on_and_not_before(at: Office) -> None:
    seen = datetime(2019, 9, 1, 6, tzinfo=UTC)
    await at.desk.fill(inhabitant(1, municipality="091"), told("N-1", created=seen))
    at.desk.clock.at = seen - timedelta(microseconds=1)
    early = await at.ask(person(1))
    at.desk.clock.at = seen

    assert code_of(early) == "gate.client_relation"
    assert relation_of(await at.ask(person(1))) is Relation.NOTICE


async def test_a_notice_that_was_moved_away_relates_to_its_receiver_only(at: Office) -> None:
    at.desk.clock.at = AUTUMN_2020
    await at.desk.fill(inhabitant(1, municipality="049"), told("N-1"))
    await at.ask(command("move", to="091"))

    assert code_of(await at.ask(person(1))) == "gate.client_relation"
    assert relation_of(await at.ask(person(1), member="091")) is Relation.NOTICE


async def test_a_parked_notice_relates_nobody(at: Office) -> None:
    await at.desk.fill(inhabitant(1, municipality="091"), told("N-1"), told("N-1", version=2, withdrawn=True))

    assert code_of(await at.ask(person(1))) == "gate.client_relation"


async def test_g8_who_is_registered_in_a_merged_municipality_is_at_home_in_its_successor(at: Office) -> None:
    await at.desk.fill(inhabitant(1, municipality="174"))

    assert relation_of(await at.ask(person(1))) is Relation.HOME


async def test_a_safety_prohibition_lets_nobody_learn_from_the_outcome_where_a_client_lives(at: Office) -> None:
    await at.desk.fill(inhabitant(1, protected=True), inhabitant(2, protected=True, municipality="091"))

    here, elsewhere = [await at.answering.answer(at.request(person(n), roles=CLERK)) for n in (1, 2)]
    named = await at.answering.answer(at.request(person(1), roles=NAMED))

    assert (code_of(here), code_of(elsewhere)) == ("gate.client_relation", "gate.client_relation")
    assert relation_of(named) is Relation.HOME


async def test_the_log_knows_which_notice_was_asked_for_though_it_is_another_municipalitys(at: Office) -> None:
    await at.desk.fill(inhabitant(1), told("N-1", municipality="091"))

    assert code_of(await at.ask(opening("N-1"))) == "notice.unknown"
    assert (await at.desk.only_event()).body.subject == "N-1"


async def test_invariant_5_an_identity_code_asked_for_as_a_notice_is_no_subject(at: Office) -> None:
    assert code_of(await at.ask(opening("290200A950Y"))) == "notice.unknown"
    assert (await at.desk.only_event()).body.subject is None


async def test_invariant_5_who_has_a_notice_in_hand_is_told_without_a_pseudonym(at: Office) -> None:
    await at.desk.fill(inhabitant(1), told("N-1"))
    await at.ask(command("take"))

    own, others = await at.ask(listed()), await at.ask(listed(), worker=COLLEAGUE_CODE)
    opened = await at.ask(opening("N-1"), worker=COLLEAGUE_CODE)

    assert isinstance(own, NoticePage)
    assert isinstance(others, NoticePage)
    assert isinstance(opened, NoticeView)
    assert (own.rows[0].taken_by, others.rows[0].taken_by, opened.row.taken_by) == ("me", "colleague", "colleague")


async def test_moving_a_notice_before_26_9_2020_is_refused_and_changes_nothing(at: Office) -> None:
    await at.desk.fill(inhabitant(1), told("N-1"))

    assert code_of(await at.ask(command("move", to="091"))) == "notice.move_not_yet"
    assert await at.scalar("select count(*) from notice_change") == 0
