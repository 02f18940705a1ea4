"""What a generic report tells, and that it points to nobody."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from services.audit.domain.generic_report import GenericReport, Override, Surroundings, Use, generic_report
from services.audit.domain.idling import idle_accounts
from services.audit.domain.indicators import Hours, WorkingHours
from services.audit.domain.use import Tally
from services.audit.report_data import indicators, working_hours
from services.audit.reporting import due_months
from shared.clock.civil import Month
from shared.contracts.agreements import MandateChanged, UserChanged
from shared.contracts.base import Role, Validity
from shared.directory.model import Directory
from shared.gate.mandates import KELA

JANUARY = Month(2017, 1)
MADE = datetime(2017, 2, 1, 4, 0, tzinfo=UTC)
TABLE = indicators()
ABOUT = Surroundings(idle_accounts=0, gaps=None, overrides=(), earlier=(), made=MADE, log_size=100)
ONE = Use(
    records={},
    organisation="0201256-6",
    municipality="091",
    worker="w0",
    action="look_up",
    outcome="granted",
    rule="",
    purpose="CHARGE",
    channel="ui",
    relation="home",
    emergency=False,
    outside=False,
    count=1,
    persons=1,
)


def report(uses: Sequence[Use], about: Surroundings = ABOUT) -> GenericReport:
    return generic_report(JANUARY, "0201256-6", "091", uses, about, TABLE.settings)


def by_workers(n: int, count: int = 10, **what: object) -> list[Use]:
    return [replace(ONE, worker=f"w{w}", count=count, **what) for w in range(n)]  # type: ignore[arg-type]  # fields by name


def test_every_figure_of_a_report_has_its_row_in_the_table() -> None:
    made = report(by_workers(5))
    told = {one.indicator for one in made.figures} | {one.indicator for one in made.parts}

    assert told <= {one.id for one in TABLE.indicators}
    assert len(made.figures) >= 10


def test_a_municipality_with_one_worker_tells_bands_and_no_figure_of_that_worker() -> None:
    made = report(by_workers(1, count=23))

    assert made.value("volume") == made.value("granted")
    assert (made.value("volume").least, made.value("volume").most) == (20, 29)  # type: ignore[union-attr]  # known
    assert made.value("users").exact is None  # type: ignore[union-attr]  # known
    assert all(part.value.exact in (None, 0) for part in made.parts)


def test_what_one_worker_was_refused_is_not_told_by_what_is_told_beside_it() -> None:
    refused = replace(ONE, outcome="refused", rule="own_code", count=3)
    made = report([*by_workers(6), refused])

    told = {one.indicator: one.value for one in made.figures}
    assert told["volume"].exact == 63  # type: ignore[union-attr]  # known
    assert told["refused"].exact is None  # type: ignore[union-attr]  # known
    assert told["granted"].exact is None, "63 less the granted would be the refused"  # type: ignore[union-attr]  # known
    (rule,) = [part for part in made.parts if part.indicator == "rules"]
    assert rule.value.exact is None


@pytest.mark.parametrize(("users", "told"), [(20, False), (21, True)])
def test_the_share_of_the_busiest_tenth_needs_three_people_in_it(users: int, told: bool) -> None:  # noqa: FBT001 - a parameter
    uses = [*by_workers(users), replace(ONE, worker="w0", count=90)]
    share = next(one.share for one in report(uses).figures if one.indicator == "top_decile")

    assert (share is not None) == told
    if told:
        assert share == Decimal("0.400")


def test_overrides_are_listed_in_order_of_time_whatever_the_number_of_people() -> None:
    early, late = (
        Override(event=UUID(int=n), time=datetime(2017, 1, n, tzinfo=UTC), outcome="granted") for n in (1, 2)
    )
    made = report(by_workers(1), replace(ABOUT, overrides=(late, early)))

    assert made.overrides == (early, late)
    assert made.value("emergency").exact == 2  # type: ignore[union-attr]  # known


def test_the_month_before_and_the_trend_stand_beside_the_figures() -> None:
    before = generic_report(JANUARY.plus(-1), "0201256-6", "091", by_workers(4), ABOUT, TABLE.settings)
    made = report(by_workers(4, count=20), replace(ABOUT, earlier=(before,)))

    volume = next(one for one in made.figures if one.indicator == "volume")
    assert volume.before == before.value("volume")
    assert [one.month for one in made.trend][-1] == JANUARY.plus(-1)
    assert made.trend[-1].volume == before.value("volume")
    assert made.trend[0].volume is None


@pytest.mark.parametrize(
    ("at", "outside"),
    [
        (datetime(2017, 1, 9, 6, 0, tzinfo=UTC), False),
        (datetime(2017, 1, 9, 5, 59, tzinfo=UTC), True),
        (datetime(2017, 1, 9, 14, 0, tzinfo=UTC), True),
        (datetime(2017, 1, 7, 9, 0, tzinfo=UTC), True),
        (datetime(2017, 1, 6, 9, 0, tzinfo=UTC), True),
    ],
    ids=["opens at 8", "before 8", "from 16", "Saturday", "Epiphany"],
)
def test_a_unit_s_hours_are_those_of_the_finnish_clock(at: datetime, outside: bool) -> None:  # noqa: FBT001 - a parameter
    tally = Tally(JANUARY, working_hours(), [date(2017, 1, 6)])
    tally.take(UUID(int=1), at, date(2017, 1, 9), b'{"body":{"member":"091","organisation":"0201256-6","worker":"w"}}')

    assert [use.outside for use in tally.uses()] == [outside]


def test_a_municipality_s_own_hours_stand_before_its_organisation_s() -> None:
    hours = WorkingHours(
        default=Hours(first=8, last=16), units={"091": Hours(first=6, last=22), "0201256-6": Hours(first=9, last=10)}
    )
    tally = Tally(JANUARY, hours, [])
    at = datetime(2017, 1, 9, 18, 0, tzinfo=UTC)
    for n, member in enumerate(("091", "049")):
        leaf = f'{{"body":{{"member":"{member}","organisation":"0201256-6","worker":"w"}}}}'
        tally.take(UUID(int=n), at, date(2017, 1, 9), leaf.encode())

    assert {use.municipality: use.outside for use in tally.uses()} == {"091": False, "049": True}


def test_a_person_s_own_looking_at_their_log_is_no_use() -> None:
    tally = Tally(JANUARY, working_hours(), [])
    tally.take(UUID(int=1), MADE, date(2017, 1, 9), b'{"body":{"channel":"citizen","action":"log_view"}}')

    assert not list(tally.uses())
    assert not tally.active


def test_what_kela_s_own_staff_look_up_is_no_municipality_s_use() -> None:
    tally = Tally(JANUARY, working_hours(), [])
    leaf = f'{{"body":{{"member":"091","organisation":"{KELA}","worker":"w"}}}}'
    tally.take(UUID(int=1), MADE, date(2017, 1, 9), leaf.encode())

    assert [(use.organisation, use.municipality) for use in tally.uses()] == [(KELA, "")]


def account(worker: str, why: str = "opened", status: str = "active") -> UserChanged:
    return UserChanged.model_validate(
        {
            "id": f"0201256-6/{worker}",
            "version": 1,
            "worker": worker,
            "organisation": "0201256-6",
            "status": status,
            "why": why,
            "since": "2016-01-01",
        }
    )


def test_idle_accounts_are_those_unused_for_45_days_and_those_locked_for_it() -> None:
    names = [f"v1.{letter * 26}" for letter in "abcde"]
    mandates = [
        MandateChanged(
            id=name,
            version=1,
            worker=name,
            organisation="0201256-6",
            member="091",
            roles=(Role.VIEWER,),
            validity=Validity(first=date(2017, 1, 10) if name == names[3] else date(2016, 1, 1)),
        )
        for name in names
    ]
    accounts = [account(names[1], "idle", "locked"), account(names[4], "left", "locked")]
    active = {("0201256-6", names[0])}

    found = idle_accounts(Directory([*mandates, *accounts]), active, date(2017, 1, 31), 45)

    assert found == {("0201256-6", "091"): 2}, "the one locked as idle and the one never used; not the new or the left"


def test_reports_fall_due_on_the_first_at_six_and_as_far_back_as_they_are_kept() -> None:
    first = Month(2016, 12)
    early, ready = datetime(2017, 2, 1, 3, 59, tzinfo=UTC), datetime(2017, 2, 1, 4, 0, tzinfo=UTC)

    assert due_months(early, first, [], TABLE) == [first]
    assert due_months(ready, first, [first], TABLE) == [JANUARY]
    assert due_months(datetime(2019, 2, 1, 4, 0, tzinfo=UTC), first, [], TABLE)[0] == Month(2017, 2)
