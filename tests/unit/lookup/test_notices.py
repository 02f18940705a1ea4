"""When and where a notice is seen, and what a worker may change in it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.lookup.data import notice_table
from services.lookup.domain.notices import Placed, Standing, change, codes_of, done_of, place
from shared.clock.civil import helsinki_date
from shared.contracts.asking import NoticeCommand
from shared.contracts.base import Purpose, Refusal
from shared.contracts.register import Notice, NoticeType
from shared.directory.responsibility import basic_assistance_at_kela

TABLE = notice_table()
NIGHT = datetime(2017, 11, 1, 1, tzinfo=UTC)  # 3 o'clock in Helsinki
NOON = datetime(2017, 11, 1, 10, tzinfo=UTC)
LATER = datetime(2020, 9, 25, 21, tzinfo=UTC)
"""The first moment of 26.9.2020 in Helsinki, from which on notices are moved."""
OWN = frozenset({"297", "174"})


def notice(type_: NoticeType, created: datetime = NOON, municipality: str = "297", **more: object) -> Notice:
    fields = {"type": type_, "municipality": municipality, "created": created, **more}
    return Notice.model_validate(fields)


def placed(one: Notice, **more: date | bool) -> Placed:
    return place(one, TABLE, basic_assistance_at_kela, **more)  # type: ignore[arg-type]  # the two options


@pytest.mark.parametrize("type_", ["contact", "need_of_social_work"])
def test_a_need_of_contact_or_social_work_is_seen_at_once(type_: NoticeType) -> None:
    assert placed(notice(type_, NIGHT)).visible == NIGHT


@pytest.mark.parametrize("type_", ["urgent_application", "young_unemployed", "unemployed", "immigrant"])
def test_urgent_applications_and_notices_on_the_unemployed_are_seen_the_same_day(type_: NoticeType) -> None:
    assert placed(notice(type_, NIGHT)).visible == datetime(2017, 11, 1, 4, tzinfo=UTC)
    assert placed(notice(type_, NOON)).visible == NOON


@pytest.mark.parametrize("type_", ["supplementary_assistance", "preventive_assistance", "reduced_basic_part"])
def test_what_follows_a_decision_is_seen_the_day_after_it(type_: NoticeType) -> None:
    after = placed(notice(type_, decided=date(2017, 11, 2)))
    undated = placed(notice(type_))
    older = placed(notice(type_, decided=date(2017, 10, 2)))

    assert after.visible == datetime(2017, 11, 2, 22, tzinfo=UTC)
    assert undated.visible == datetime(2017, 11, 1, 22, tzinfo=UTC)
    assert older.visible == NOON


def test_only_an_application_has_a_due_date_counted_from_when_it_is_seen() -> None:
    application = notice("supplementary_assistance", decided=date(2017, 11, 1), application=True)
    urgent = application.model_copy(update={"urgent": True})

    assert placed(application).due == date(2017, 11, 13)  # seen on the 2nd
    assert (placed(urgent).visible, placed(urgent).due) == (NOON, date(2017, 11, 2))
    assert placed(notice("contact", urgent=True)).due is None


@pytest.mark.parametrize("created", [NOON, datetime(2016, 12, 31, 21, 59, tzinfo=UTC)])
def test_where_kela_has_no_basic_assistance_its_notices_are_parked_and_others_are_not(created: datetime) -> None:
    municipality = "478" if created == NOON else "297"  # Mariehamn; before 2017 nobody's was at Kela

    assert placed(notice("reduced_basic_part", created, municipality)).parked == "no_basic_assistance"
    assert placed(notice("contact", created, municipality)).parked is None
    assert placed(notice("reduced_basic_part")).parked is None


def test_a_withdrawn_notice_and_one_to_nowhere_are_parked() -> None:
    assert placed(notice("contact"), withdrawn=True).parked == "withdrawn"
    assert placed(notice("contact", municipality="999")).parked == "unknown_municipality"


def test_g8_a_notice_to_a_merged_municipality_goes_to_its_successor() -> None:
    assert placed(notice("contact", municipality="174")).municipality == "297"
    assert codes_of("297", date(2017, 1, 1)) == {"297", "174"}
    assert codes_of("297", date(2016, 12, 31)) == {"297"}
    assert codes_of("174", date(2017, 1, 1)) == set()


def test_a_backlog_waits_for_its_first_run_and_for_its_week() -> None:
    early = notice("young_unemployed", datetime(2017, 9, 1, 9, tzinfo=UTC))

    assert placed(early).backlog == date(2017, 10, 21)
    assert placed(early).visible == datetime(2017, 10, 20, 21, tzinfo=UTC)
    assert placed(early, not_before=date(2017, 10, 28)).visible == datetime(2017, 10, 27, 21, tzinfo=UTC)
    assert placed(notice("young_unemployed")).backlog is None


def standing(**more: object) -> Standing:
    fields: dict[str, object] = {
        "notice": "N-1",
        "version": 3,
        "client": "v1." + "c" * 26,
        "type": "contact",
        "municipality": "297",
        "visible": NOON,
        "due": date(2017, 11, 9),
        "urgent": False,
        "state": "open",
        **more,
    }
    return Standing(**fields)  # type: ignore[arg-type]  # a sample with some fields changed


def command(action: str, *, version: int = 3, to: str | None = None) -> NoticeCommand:
    fields = {"idempotency_key": "k" * 8, "purpose": Purpose.ETOTU, "notice": "N-1", "version": version}
    return NoticeCommand.model_validate({**fields, "action": action, "to": to})


def changed(one: Standing, asked: NoticeCommand, time: datetime = NOON) -> Standing:
    done = change(one, asked, worker="worker", time=time, own=OWN, moving=TABLE.moving)
    assert isinstance(done, Standing)
    return done


def refused(one: Standing, asked: NoticeCommand, time: datetime = LATER) -> Refusal:
    refusal = change(one, asked, worker="worker", time=time, own=OWN, moving=TABLE.moving)
    assert isinstance(refusal, Refusal)
    return refusal


def test_a_notice_is_taken_and_then_done_each_a_version_on() -> None:
    taken = changed(standing(), command("take"))
    done = changed(taken, command("done", version=4))

    assert (taken.state, taken.taken_by, taken.taken_at, taken.version) == ("taken", "worker", NOON, 4)
    assert (done.state, done.done_by, done.done_at, done.version) == ("done", "worker", NOON, 5)


def test_a_moved_notice_is_open_with_the_receiver_and_keeps_its_deadline() -> None:
    asked = command("move", to="091")
    moved = changed(standing(state="taken", taken_by="worker", taken_at=NOON), asked, LATER)

    assert (moved.municipality, moved.state, moved.taken_by, moved.moved) == ("091", "open", None, True)
    assert (moved.visible, moved.due) == (NOON, date(2017, 11, 9))
    assert (done_of(moved, asked).state, done_of(moved, asked).municipality) == ("moved", "091")


@pytest.mark.parametrize(
    ("one", "asked", "code"),
    [
        (standing(state="taken", taken_by="w"), command("take"), "notice.already_taken"),
        (standing(), command("done"), "notice.not_taken"),
        (standing(state="done", done_at=NOON, taken_by="w"), command("move", to="091"), "notice.already_done"),
        (standing(), command("move"), "notice.no_such_municipality"),
        (standing(), command("move", to="999"), "notice.no_such_municipality"),
        (standing(), command("move", to="174"), "notice.no_such_municipality"),
        (standing(), command("move", to="297"), "notice.own_municipality"),
    ],
)
def test_what_cannot_be_done_is_refused_with_advice(one: Standing, asked: NoticeCommand, code: str) -> None:
    refusal = refused(one, asked)

    assert refusal.code == refusal.rule == code
    assert all((refusal.advice.fi, refusal.advice.sv, refusal.advice.en))


def test_a_notice_is_moved_from_26_9_2020_on_and_not_before() -> None:
    eve = LATER - timedelta(microseconds=1)

    refusal = refused(standing(), command("move", to="091"), eve)

    assert refusal.code == "notice.move_not_yet"
    assert all("26.9.2020" in text for text in (refusal.reason.fi, refusal.reason.sv, refusal.reason.en))
    assert changed(standing(), command("move", to="091"), LATER).municipality == "091"


def test_a_stale_version_is_refused_and_the_newer_one_is_told() -> None:
    refusal = refused(standing(version=7, state="taken"), command("take"))

    assert refusal.code == "notice.stale"
    assert all("7" in text for text in (refusal.reason.fi, refusal.reason.sv, refusal.reason.en))
    assert "taken" in refusal.reason.en


@given(
    created=st.datetimes(datetime(2017, 1, 1), datetime(2019, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - made aware by `timezones`
    type_=st.sampled_from(NoticeType.__args__),  # type: ignore[attr-defined]  # a Literal
    decided=st.none() | st.dates(date(2017, 1, 1), date(2019, 12, 31)),
    application=st.booleans(),
    urgent=st.booleans(),
)
def test_no_notice_is_seen_before_it_was_made_nor_due_before_it_is_seen(
    *, created: datetime, type_: NoticeType, decided: date | None, application: bool, urgent: bool
) -> None:
    put = placed(notice(type_, created, decided=decided, application=application, urgent=urgent))

    assert put.visible >= created
    assert (put.due is not None) == application
    assert put.due is None or put.due > helsinki_date(put.visible)
