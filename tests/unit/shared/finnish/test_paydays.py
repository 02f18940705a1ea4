from datetime import date

import pytest

from shared.clock.civil import Month
from shared.finnish.banking_days import (
    first_banking_day,
    is_banking_day,
    last_banking_day,
    next_banking_day,
    previous_banking_day,
)
from shared.finnish.benefits import benefits
from shared.finnish.errors import FormatError
from shared.finnish.paydays import Payday, has_fixed_payday, payday, paydays_between

YEAR = [Month(2017, month) for month in range(1, 13)]
# Kela's published exceptional paydays of 2017 by nominal day; every other month pays on the nominal day.
EXCEPTIONS_2017 = {
    4: {2: 3, 3: 3, 6: 2, 11: 3},
    7: {1: 5, 5: 5, 10: 6},
    14: {1: 13, 4: 13, 5: 12, 10: 13},
    22: {1: 20, 4: 21, 7: 21, 10: 20},
    10: {6: 9, 9: 8, 12: 8},
}
NOMINAL_DAYS = [
    ("kansanelake", None, 7),
    ("rintamalisa", None, 7),
    ("elaketta_saavan_hoitotuki", None, 7),
    ("elakkeensaajan_asumistuki", None, 4),
    ("takuuelake", None, 22),
    ("perhe_elake", "Korhonen", 4),
    ("perhe_elake", "Lahtinen", 14),
    ("perhe_elake", "Salo", 22),
    ("lapsikorotus", "Aalto", 4),
    ("lapsikorotus", "Räsänen", 14),
    ("lapsikorotus", "Öhman", 22),
    ("elatustuki", None, 10),
]


@pytest.mark.parametrize(("benefit", "surname", "nominal"), NOMINAL_DAYS)
@pytest.mark.parametrize("month", YEAR, ids=str)
def test_every_payday_of_2017_is_as_published(benefit: str, surname: str | None, nominal: int, month: Month) -> None:
    day = EXCEPTIONS_2017[nominal].get(month.month, nominal)
    assert payday(benefit, month, surname) == date(2017, month.month, day)


@pytest.mark.parametrize("month", YEAR, ids=str)
def test_student_aid_moves_to_the_next_banking_day(month: Month) -> None:
    day = {2: 6, 3: 6, 6: 5, 11: 6}.get(month.month, 4)
    assert payday("opintotuki", month) == date(2017, month.month, day)


@pytest.mark.parametrize("month", YEAR, ids=str)
def test_first_banking_days_of_2017(month: Month) -> None:
    day = {1: 2, 4: 3, 5: 2, 7: 3, 10: 2}.get(month.month, 1)
    expected = date(2017, month.month, day)
    assert payday("yleinen_asumistuki", month) == payday("perustoimeentulotuki", month) == expected
    assert first_banking_day(month) == expected


@pytest.mark.parametrize("month", YEAR, ids=str)
def test_last_banking_days_of_2017(month: Month) -> None:
    day = {4: 28, 9: 29, 12: 29}.get(month.month, month.length)
    expected = date(2017, month.month, day)
    assert payday("lasten_kotihoidon_tuki", month) == expected
    assert last_banking_day(month) == expected


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        ("2016-11", date(2016, 11, 25)),
        ("2016-12", date(2016, 12, 23)),
        ("2017-01", date(2017, 1, 26)),
        ("2017-02", date(2017, 2, 24)),
        ("2017-06", date(2017, 6, 22)),
        ("2017-07", date(2017, 7, 26)),
        ("2011-04", date(2011, 4, 21)),
        ("2022-05", date(2022, 5, 25)),
        ("2002-12", date(2002, 12, 20)),
    ],
)
def test_child_benefit_never_comes_on_or_right_after_a_rest_day(month: str, expected: date) -> None:
    assert payday("lapsilisa", Month.parse(month)) == expected


@pytest.mark.parametrize(
    ("benefit", "arrived_plus_14", "expected"),
    [
        ("kansanelake", date(2017, 1, 5), date(2017, 1, 5)),
        ("kansanelake", date(2017, 1, 6), date(2017, 2, 7)),
        ("kansanelake", date(2017, 1, 7), date(2017, 2, 7)),
        ("lapsilisa", date(2017, 1, 26), date(2017, 1, 26)),
        ("lapsilisa", date(2017, 1, 27), date(2017, 2, 24)),
        ("lapsilisa", date(2017, 6, 22), date(2017, 6, 22)),
        ("lapsilisa", date(2017, 6, 23), date(2017, 7, 26)),
    ],
)
def test_the_first_payday_after_fourteen_days(benefit: str, arrived_plus_14: date, expected: date) -> None:
    assert next(paydays_between(benefit, arrived_plus_14, date(2017, 12, 31))).day == expected


def test_a_claim_for_january_that_misses_january_finds_no_payday() -> None:
    paydays = list(paydays_between("kansanelake", date(2017, 1, 6), date(2018, 1, 6)))
    assert not any(found.overlaps(date(2017, 1, 1), date(2017, 1, 31)) for found in paydays)
    assert next(found for found in paydays if found.overlaps(date(2017, 3, 1), None)).day == date(2017, 3, 7)


def test_a_payday_pays_its_own_month() -> None:
    found = list(paydays_between("takuuelake", date(2017, 1, 20), date(2017, 2, 22)))
    assert found == [
        Payday(date(2017, 1, 20), date(2017, 1, 1), date(2017, 1, 31)),
        Payday(date(2017, 2, 22), date(2017, 2, 1), date(2017, 2, 28)),
    ]


def test_a_payday_that_moves_into_the_month_before_is_found() -> None:
    found = list(paydays_between("elakkeensaajan_asumistuki", date(1988, 3, 20), date(1988, 3, 31)))
    assert found == [Payday(date(1988, 3, 31), date(1988, 4, 1), date(1988, 4, 30))]


@pytest.mark.parametrize(
    "benefit", ["tyomarkkinatuki", "peruspaivaraha", "sairauspaivaraha", "kuntoutusraha", "aitiysavustus"]
)
def test_event_driven_benefits_have_no_payday(benefit: str) -> None:
    assert payday(benefit, Month(2017, 1)) is None
    assert not has_fixed_payday(benefit, Month(2017, 1))
    assert list(paydays_between(benefit, date(2016, 1, 1), date(2017, 12, 31))) == []


def test_basic_assistance_has_paydays_at_kela_only_from_2017() -> None:
    assert payday("perustoimeentulotuki", Month(2016, 12)) is None
    assert has_fixed_payday("perustoimeentulotuki", Month(2017, 1))


@pytest.mark.parametrize(
    ("surname", "day"),
    [
        ("aalto", 4),
        ("Éclair", 4),
        ("Łukasz", 14),
        ("Šimić", 22),
        ("Ång", 22),
        ("Ægir", 22),
        ("Ørsted", 22),
        ("Чехов", 22),
    ],
)
def test_surname_groups_take_any_name(surname: str, day: int) -> None:
    assert payday("perhe_elake", Month(2017, 9), f" {surname} ") == date(2017, 9, day)


@pytest.mark.parametrize("surname", [None, "", "  "])
def test_family_pension_needs_a_surname(surname: str | None) -> None:
    with pytest.raises(FormatError) as caught:
        payday("perhe_elake", Month(2017, 1), surname)
    assert caught.value.code == "payday.surname"


def test_an_unknown_benefit_is_refused() -> None:
    for ask in (payday, has_fixed_payday):
        with pytest.raises(FormatError) as caught:
            ask("elake", Month(2017, 1))
        assert caught.value.code == "benefit.unknown"


def test_every_benefit_has_a_payday_rule_in_2017_that_fits_its_rhythm() -> None:
    for code, benefit in benefits().items():
        assert has_fixed_payday(code, Month(2017, 1)) == (benefit.rhythm == "monthly"), code


@pytest.mark.parametrize(
    ("day", "banking"),
    [
        (date(2017, 1, 6), False),
        (date(2017, 6, 23), False),
        (date(2015, 12, 24), False),
        (date(2016, 12, 24), False),
        (date(2017, 5, 1), False),
        (date(2017, 12, 6), False),
        (date(2017, 4, 13), True),
        (date(2016, 12, 30), True),
        (date(2016, 12, 31), False),
    ],
)
def test_banking_days(day: date, banking: bool) -> None:  # noqa: FBT001  # a table of cases
    assert is_banking_day(day) is banking


def test_neighbouring_banking_days_are_strictly_beside() -> None:
    assert previous_banking_day(date(2017, 1, 9)) == date(2017, 1, 5)
    assert next_banking_day(date(2017, 1, 5)) == date(2017, 1, 9)
    assert next_banking_day(date(2017, 12, 29)) == date(2018, 1, 2)
