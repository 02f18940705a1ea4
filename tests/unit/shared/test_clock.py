from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from shared.clock.business import BusinessClockError, FileClock, Running, Standing, SystemClock, clock_from
from shared.clock.civil import (
    CivilTimeError,
    Month,
    at_helsinki,
    helsinki,
    helsinki_date,
    month_of,
    require_utc,
)
from shared.clock.system import system_now

instants = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # bounds are naive by hypothesis' contract
months = st.builds(Month, st.integers(1900, 2100), st.integers(1, 12))
MIDNIGHT_EVE = datetime(2016, 12, 31, 21, 59, 30, tzinfo=UTC)


class FakeSystem:
    def __init__(self) -> None:
        self.instant = datetime(2025, 11, 24, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant


class Period(BaseModel):
    month: Month


def test_new_year_comes_to_finland_two_hours_before_utc() -> None:
    assert helsinki_date(datetime(2016, 12, 31, 21, 59, 59, tzinfo=UTC)) == date(2016, 12, 31)
    assert helsinki_date(datetime(2016, 12, 31, 22, 0, 0, tzinfo=UTC)) == date(2017, 1, 1)


def test_a_late_evening_in_utc_is_the_next_day_and_month_in_finland() -> None:
    assert helsinki_date(datetime(2016, 12, 22, 22, 30, tzinfo=UTC)) == date(2016, 12, 23)
    assert month_of(datetime(2016, 10, 31, 22, 30, tzinfo=UTC)) == Month(2016, 11)


def test_summer_midnight_is_at_21_utc() -> None:
    assert at_helsinki(date(2017, 7, 1)) == datetime(2017, 6, 30, 21, 0, tzinfo=UTC)


def test_skipped_hour_moves_forward_by_its_length() -> None:
    shown = helsinki(at_helsinki(date(2017, 3, 26), time(3, 30)))
    assert (shown.hour, shown.minute) == (4, 30)


def test_repeated_hour_is_the_first_passing_unless_told() -> None:
    first = at_helsinki(date(2016, 10, 30), time(3, 30))
    second = at_helsinki(date(2016, 10, 30), time(3, 30), fold=1)
    assert first == datetime(2016, 10, 30, 0, 30, tzinfo=UTC)
    assert second - first == timedelta(hours=1)


def test_naive_times_are_refused_everywhere() -> None:
    naive = datetime(2016, 12, 31, 12, 0)  # noqa: DTZ001  # the naive case is what is tested
    for read in (require_utc, helsinki, helsinki_date, month_of):
        with pytest.raises(CivilTimeError):
            read(naive)
    with pytest.raises(CivilTimeError):
        at_helsinki(date(2016, 12, 31), time(12, tzinfo=UTC))


def test_require_utc_keeps_the_instant_and_changes_the_offset() -> None:
    eastern = datetime(2016, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=2)))
    assert require_utc(eastern).isoformat() == "2016-12-31T21:59:00+00:00"


@given(instants)
def test_every_instant_lies_in_its_own_finnish_day(instant: datetime) -> None:
    day = helsinki_date(instant)
    assert at_helsinki(day) <= instant < at_helsinki(day + timedelta(days=1))
    month = month_of(instant)
    assert day in month
    assert month.starts_at <= instant < month.ends_before


@given(months)
def test_months_read_back_and_hold_exactly_their_days(month: Month) -> None:
    assert Month.parse(str(month)) == month
    days = list(month.days())
    assert (days[0], days[-1], len(days)) == (month.first, month.last, month.length)
    assert all(day in month for day in days)
    assert month.last + timedelta(days=1) == month.plus(1).first


@given(months, st.integers(-300, 300))
def test_month_arithmetic_returns(month: Month, steps: int) -> None:
    assert month.plus(steps).plus(-steps) == month
    assert (month.plus(steps) > month) == (steps > 0)


def test_months_iterate_across_the_year_end_and_never_backwards() -> None:
    assert [str(m) for m in Month(2016, 11).until(Month(2017, 2))] == [
        "2016-11",
        "2016-12",
        "2017-01",
        "2017-02",
    ]
    assert list(Month(2017, 1).until(Month(2016, 12))) == []


@pytest.mark.parametrize("text", ["2016-13", "2016-00", "2016-1", "16-12", "2016-12-01", "", "٢٠١٦-12"])
def test_malformed_months_are_refused(text: str) -> None:
    with pytest.raises(CivilTimeError):
        Month.parse(text)


def test_month_travels_as_text_in_a_contract() -> None:
    period = Period.model_validate_json('{"month": "2016-12"}')
    assert period.month == Month(2016, 12)
    assert period.model_dump_json() == '{"month":"2016-12"}'
    assert Period(month=Month(2016, 12)) == period
    assert Period.model_json_schema()["properties"]["month"]["type"] == "string"
    for bad in ('{"month": "2016-13"}', '{"month": 201612}'):
        with pytest.raises(ValidationError):
            Period.model_validate_json(bad)


def test_a_missing_clock_file_means_real_time(tmp_path: Path) -> None:
    before = system_now()
    assert before <= FileClock(tmp_path / "clock.json").now() <= system_now()
    assert FileClock(tmp_path / "clock.json").state() == Running(timedelta(0))


def test_a_standing_clock_stands_for_every_process_and_after_a_restart(tmp_path: Path) -> None:
    path, system = tmp_path / "state" / "clock.json", FakeSystem()
    reader = FileClock(path, system)
    assert reader.now() == system.instant
    FileClock(path, system).stand_at(MIDNIGHT_EVE)
    system.instant += timedelta(hours=5)
    assert reader.now() == MIDNIGHT_EVE
    assert FileClock(path, system).state() == Standing(MIDNIGHT_EVE)


def test_run_continues_from_where_the_clock_stood(tmp_path: Path) -> None:
    path, system = tmp_path / "clock.json", FakeSystem()
    operator, reader = FileClock(path, system), FileClock(path, system)
    operator.stand_at(MIDNIGHT_EVE)
    operator.run()
    system.instant += timedelta(seconds=45)
    assert reader.now() == datetime(2016, 12, 31, 22, 0, 15, tzinfo=UTC)
    operator.run()
    assert reader.now() == datetime(2016, 12, 31, 22, 0, 15, tzinfo=UTC)


def test_jump_keeps_standing_or_running(tmp_path: Path) -> None:
    system = FakeSystem()
    clock = FileClock(tmp_path / "clock.json", system)
    march = at_helsinki(date(2017, 3, 1))
    clock.stand_at(MIDNIGHT_EVE)
    clock.jump_to(march)
    system.instant += timedelta(hours=1)
    assert clock.now() == march
    clock.run()
    clock.jump_to(MIDNIGHT_EVE)
    system.instant += timedelta(minutes=1)
    assert clock.now() == MIDNIGHT_EVE + timedelta(minutes=1)


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"soon",
        b"[]",
        b"\xff\xfe",
        b'{"mode": "standing"}',
        b'{"mode": "standing", "at": "2016-12-31T23:59:30"}',
        b'{"mode": "standing", "at": "yesterday"}',
        b'{"mode": "running", "offset_microseconds": 1.5}',
        b'{"mode": "running", "offset_microseconds": true}',
        b'{"mode": "running", "offset_microseconds": 1000000000000000000000000}',
        b'{"mode": "running", "offset_microseconds": 0, "at": "2016-12-31T21:59:30Z"}',
        b'{"mode": "resting"}',
    ],
)
def test_a_garbage_clock_file_stops_the_reader_each_time(tmp_path: Path, garbage: bytes) -> None:
    path = tmp_path / "clock.json"
    clock = FileClock(path)
    clock.stand_at(MIDNIGHT_EVE)
    assert clock.now() == MIDNIGHT_EVE
    path.write_bytes(garbage)
    for _ in range(2):
        with pytest.raises(BusinessClockError, match="holds no known state"):
            clock.now()


def test_an_unreadable_clock_file_stops_the_reader(tmp_path: Path) -> None:
    with pytest.raises(BusinessClockError, match="cannot be read"):
        FileClock(tmp_path).now()


def test_writing_leaves_no_other_file_and_refuses_a_naive_instant(tmp_path: Path) -> None:
    clock = FileClock(tmp_path / "clock.json")
    clock.stand_at(MIDNIGHT_EVE)
    with pytest.raises(CivilTimeError):
        clock.stand_at(datetime(2017, 1, 1))  # noqa: DTZ001  # the naive case is what is tested
    assert [path.name for path in tmp_path.iterdir()] == ["clock.json"]


def test_the_setting_chooses_the_clock(tmp_path: Path) -> None:
    assert isinstance(clock_from(None), SystemClock)
    assert isinstance(clock_from(""), SystemClock)
    assert isinstance(clock_from(str(tmp_path / "clock.json")), FileClock)
    assert clock_from(None).now().tzinfo is UTC
