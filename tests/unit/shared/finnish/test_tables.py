from datetime import UTC, date, datetime, timedelta

import pytest

from shared.clock.civil import at_helsinki, helsinki
from shared.finnish.benefits import benefit, benefit_days, benefits
from shared.finnish.errors import FormatError
from shared.finnish.municipalities import current_code, existing_on, municipalities, municipality, population
from shared.finnish.support_hours import is_open, next_opening

NEW_YEAR = date(2017, 1, 1)


def test_every_benefit_of_the_field_is_known_and_named_in_three_languages() -> None:
    assert len(benefits()) == 26
    for code, known in benefits().items():
        names = [known.name("fi"), known.name("sv"), known.name("en")]
        assert known.code == code
        assert all(names)
        assert len(set(names)) == 3
    assert benefit("lapsilisa").name("fi") == "Lapsilisä"
    assert benefit("lapsilisa").name("sv") == "Barnbidrag"


def test_basic_assistance_is_a_benefit_of_kela_from_2017() -> None:
    assert not benefit("perustoimeentulotuki").exists_on(date(2016, 12, 31))
    assert benefit("perustoimeentulotuki").exists_on(NEW_YEAR)
    assert benefit("kansanelake").exists_on(date(1990, 1, 1))


@pytest.mark.parametrize(
    ("code", "first", "last", "days"),
    [
        ("tyomarkkinatuki", date(2017, 1, 2), date(2017, 1, 15), 10),
        ("tyomarkkinatuki", date(2017, 1, 10), date(2017, 1, 15), 4),
        ("sairauspaivaraha", date(2017, 1, 2), date(2017, 1, 15), 11),
        ("sairauspaivaraha", date(2017, 1, 10), date(2017, 1, 15), 5),
        ("kuntoutusraha", date(2017, 1, 6), date(2017, 1, 6), 0),
        ("peruspaivaraha", date(2017, 1, 6), date(2017, 1, 6), 1),
        ("peruspaivaraha", date(2017, 1, 7), date(2017, 1, 6), 0),
    ],
)
def test_benefit_days_of_partial_periods(code: str, first: date, last: date, days: int) -> None:
    assert benefit_days(code, first, last) == days


@pytest.mark.parametrize(("code", "why"), [("kansanelake", "benefit.not_daily"), ("x", "benefit.unknown")])
def test_benefit_days_of_other_benefits_are_refused(code: str, why: str) -> None:
    with pytest.raises(FormatError) as caught:
        benefit_days(code, NEW_YEAR, NEW_YEAR)
    assert caught.value.code == why


def test_the_municipalities_of_2016_and_2017() -> None:
    assert len(existing_on(date(2016, 12, 31))) == 313
    assert len(existing_on(NEW_YEAR)) == 311
    assert sum(known.populations[2015] for known in municipalities().values()) == 5_487_308
    assert sum(known.is_in_aland for known in municipalities().values()) == 16


def test_municipalities_are_found_by_code() -> None:
    helsinki_city = municipality("091")
    assert (helsinki_city.name("fi"), helsinki_city.name("sv")) == ("Helsinki", "Helsingfors")
    assert helsinki_city.languages == ("fi", "sv")
    assert municipality("478").languages == ("sv",)
    for unknown in ("91", "999", ""):
        with pytest.raises(FormatError) as caught:
            municipality(unknown)
        assert caught.value.code == "municipality.unknown"


def test_a_merged_municipality_lives_on_in_its_successor() -> None:
    assert current_code("174", date(2016, 12, 31)) == "174"
    assert current_code("174", NEW_YEAR) == "297"
    assert current_code("442", NEW_YEAR) == "051"
    assert current_code("091", NEW_YEAR) == "091"


def test_population_follows_the_borders_of_the_day() -> None:
    assert population("297", 2015) == 112_153
    assert population("297", 2015, borders_of=date(2016, 12, 31)) == 112_153
    assert population("297", 2015, borders_of=NEW_YEAR) == 116_923
    assert population("051", 2015, borders_of=NEW_YEAR) == 9_287


@pytest.mark.parametrize(
    ("code", "year", "why"),
    [
        ("091", 2013, "municipality.population"),
        ("174", 2015, "municipality.merged"),
        ("000", 2015, "municipality.unknown"),
    ],
)
def test_a_population_that_is_not_there_is_refused(code: str, year: int, why: str) -> None:
    with pytest.raises(FormatError) as caught:
        population(code, year, borders_of=NEW_YEAR)
    assert caught.value.code == why


@pytest.mark.parametrize(
    ("instant", "answers"),
    [
        ("2016-11-01T06:00:00+00:00", True),
        ("2016-11-01T05:59:59+00:00", False),
        ("2016-11-01T14:59:59+00:00", True),
        ("2016-11-01T15:00:00+00:00", False),
        ("2016-07-01T05:00:00+00:00", True),
        ("2016-12-06T10:00:00+00:00", False),
        ("2016-12-31T10:00:00+00:00", False),
    ],
)
def test_support_answers_on_weekdays_from_eight_to_five(instant: str, answers: bool) -> None:  # noqa: FBT001  # a table
    assert is_open(datetime.fromisoformat(instant)) is answers


def test_support_opens_again_after_the_new_year_and_the_night() -> None:
    eve = at_helsinki(date(2016, 12, 31)) + timedelta(hours=23)
    assert helsinki(next_opening(eve)).isoformat() == "2017-01-02T08:00:00+02:00"
    early = datetime(2017, 1, 2, 5, 0, tzinfo=UTC)
    assert next_opening(early) == datetime(2017, 1, 2, 6, 0, tzinfo=UTC)
    assert next_opening(datetime(2017, 1, 5, 12, 0, tzinfo=UTC)) == datetime(2017, 1, 9, 6, 0, tzinfo=UTC)
