"""Each rule at its limit: one below finds nothing, the limit finds, and the figures are those that were counted."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.audit.domain.anomalies import (
    many_of_one_case,
    many_organisations,
    many_workers,
    night_work,
    own_colleagues,
    unusual_volume,
    without_action,
)
from services.audit.domain.anomalies.limits import LimitsError, default_limits, default_text, read_limits
from services.audit.domain.anomalies.night_work import outside_hours
from services.audit.domain.anomalies.rules import RULES, findings
from services.audit.domain.anomalies.seen import Known, Look, Mark, Unfollowed
from shared.clock.civil import helsinki

LIMITS = default_limits().default
TIME = datetime(2016, 11, 14, 8, tzinfo=UTC)
TOWN, WORKER, PERSON = "0201256-6", "v1.w", "v1.p"
LOOK = Look(100, TIME, helsinki(TIME), TOWN, "091", WORKER, PERSON)
DAY = date(2016, 11, 14)


def marks(count: int, *, units: int = 1, day: date = DAY) -> tuple[Mark, ...]:
    return tuple(Mark(f"e{n}", f"u{n % units}", day, 100 - n) for n in range(count))


def test_volume_is_measured_against_the_workers_own_mean() -> None:
    known = Known(look=LOOK, history=(10, 20, 10, 10, 10), today_entries=(99, 100))
    assert unusual_volume.find(replace(known, today=36), LIMITS) is None

    found = unusual_volume.find(replace(known, today=37), LIMITS)
    assert found is not None
    assert (found.figures, found.entries) == ({"look_ups": 37, "mean": 12, "days": 5}, (99, 100))


@pytest.mark.parametrize(("history", "today"), [((1, 1, 1, 1), 1000), ((1, 1, 1, 1, 1), 29)])
def test_volume_says_nothing_without_a_history_or_of_few_look_ups(history: tuple[int, ...], today: int) -> None:
    assert unusual_volume.find(Known(look=LOOK, history=history, today=today), LIMITS) is None


@pytest.mark.parametrize(
    ("local", "outside"),
    [
        ("2016-11-14T06:59:59", True),
        ("2016-11-14T07:00:00", False),
        ("2016-11-14T17:59:59", False),
        ("2016-11-14T18:00:00", True),
        ("2016-11-19T12:00:00", True),
        ("2016-12-06T12:00:00", True),
        ("2017-04-14T12:00:00", True),
    ],
)
def test_hours_are_those_of_the_finnish_wall_clock_and_end_on_days_off(local: str, outside: bool) -> None:  # noqa: FBT001 - a column of the table
    assert outside_hours(datetime.fromisoformat(local), LIMITS.night_work) is outside


def test_night_work_is_told_at_its_limit_and_never_of_emergency_duty() -> None:
    known = Known(look=LOOK, night=(98, 99, 100))
    found = night_work.find(known, LIMITS)
    assert found is not None
    assert (found.figures["look_ups"], found.entries) == (3, (98, 99, 100))
    assert night_work.find(replace(known, night=(99, 100)), LIMITS) is None
    assert night_work.find(replace(known, duty=True), LIMITS) is None
    assert night_work.find(replace(known, look=replace(LOOK, seq=101)), LIMITS) is None


def test_colleagues_are_counted_and_oneself_is_told_apart() -> None:
    found = own_colleagues.find(Known(look=LOOK, colleagues=marks(2), oneself="e1"), LIMITS)
    assert found is not None
    assert found.figures == {"colleagues": 2, "oneself": 1}
    assert own_colleagues.find(Known(look=LOOK), LIMITS) is None


def test_persons_of_one_case_are_counted_within_the_days() -> None:
    look = replace(LOOK, case="c")
    old = marks(1, day=DAY - timedelta(days=30))
    assert many_of_one_case.find(Known(look=look, case_persons=(*marks(5), *old)), LIMITS) is None
    assert many_of_one_case.find(Known(look=LOOK, case_persons=marks(6)), LIMITS) is None

    found = many_of_one_case.find(Known(look=look, case_persons=marks(6)), LIMITS)
    assert found is not None
    assert (found.figures, found.entries) == ({"persons": 6, "days": 30}, (95, 96, 97, 98, 99, 100))


def test_many_workers_need_as_many_units_and_name_no_worker() -> None:
    assert many_workers.find(Known(look=LOOK, workers=marks(9, units=1)), LIMITS) is None
    assert many_workers.find(Known(look=LOOK, workers=marks(5, units=5)), LIMITS) is None

    found = many_workers.find(Known(look=LOOK, workers=marks(6, units=2)), LIMITS)
    assert found is not None
    assert (found.worker, found.organisation, found.figures["units"]) == (None, TOWN, 2)


def test_that_many_organisations_looked_is_told_to_none_of_them() -> None:
    assert many_organisations.find(Known(look=LOOK, organisations=marks(7)), LIMITS) is None
    found = many_organisations.find(Known(look=LOOK, organisations=marks(8)), LIMITS)
    assert found is not None
    assert (found.organisation, found.worker) == (None, None)


@pytest.mark.parametrize(
    ("followed", "unfollowed", "told"), [(0, 9, False), (0, 10, True), (6, 10, True), (7, 10, False)]
)
def test_look_ups_without_action_need_a_number_and_a_share(followed: int, unfollowed: int, told: bool) -> None:  # noqa: FBT001 - a column of the table
    settled = Unfollowed("2016-11", followed, unfollowed, (1, 2))
    found = without_action.find(Known(look=LOOK, settled=settled), LIMITS)
    assert (found is not None) is told


def test_every_rule_explains_itself_in_three_languages_with_its_figures() -> None:
    look = replace(LOOK, case="c", surname="s", address="a")
    known = Known(
        look=look,
        today=500,
        history=(1,) * 5,
        night=(98, 99, 100),
        workers=marks(6, units=2),
        organisations=marks(8),
        case_persons=marks(6),
        surname_persons=marks(9),
        address_persons=marks(9),
        colleagues=marks(1),
        settled=Unfollowed("2016-11", 0, 10, (1,)),
    )
    told = [(rule, rule.explain(finding)) for rule, finding in findings(known, LIMITS)]
    assert [rule for rule, _ in told] == list(RULES)
    for _, text in told:
        assert len({text.fi, text.sv, text.en}) == 3
        assert not {"{", "v1."} & set(f"{text.fi}{text.sv}{text.en}".split())


def test_an_organisations_own_limits_change_what_they_name_and_nothing_else() -> None:
    own = "source: test\norganisations: {'0201256-6': {night_work: {opens: '06:00', least: 5}}}"
    table = read_limits(default_text(), own)
    assert (table.of(TOWN).night_work.least, table.of(TOWN).night_work.closes.hour) == (5, 18)
    assert table.of(TOWN).many_workers == table.of("0202248-9").many_workers
    assert table.of("0202248-9") == table.of(None) == LIMITS


@pytest.mark.parametrize(
    "own",
    [
        "source: t\norganisations: {'0201256-6': {no_such_rule: {least: 1}}}",
        "source: t\norganisations: {'0201256-6': {night_work: {leest: 1}}}",
        "source: t\norganisations: {'0201256-6': {night_work: {opens: '20:00'}}}",
        "source: t\norganisations: {'0201256-6': {night_work: {least: 0}}}",
        "source: t\norganisations: {'1': {}}",
        "organisations: {}",
        "[",
    ],
)
def test_limits_that_cannot_be_used_are_refused(own: str) -> None:
    with pytest.raises(LimitsError):
        read_limits(default_text(), own)
