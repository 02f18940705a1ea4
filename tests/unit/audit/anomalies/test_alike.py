"""Many persons of one surname or address: counted for each of them apart, never of a family, never for ever."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.audit.domain.anomalies.book import Book
from services.audit.domain.anomalies.limits import default_limits, default_text, read_limits
from services.audit.domain.anomalies.rules import findings
from services.audit.domain.anomalies.seen import Finding, Look
from shared.clock.civil import helsinki

TOWN, TIME = "0201256-6", datetime(2016, 11, 14, 8, tzinfo=UTC)
LEAST = default_limits().default.many_of_one_surname.least
BOTH = ("surname", "address")


def look(
    n: int, *, days: int = 0, worker: str = "v1.w", surname: str | None = None, address: str | None = None
) -> Look:
    time = TIME + timedelta(days=days)
    return Look(n, time, helsinki(time), TOWN, "091", worker, f"v1.p{n}", surname=surname, address=address)


def sharing(what: str, n: int, value: str = "one", *, days: int = 0) -> Look:
    return look(n, days=days, surname=value) if what == "surname" else look(n, days=days, address=value)


def found(looks: Iterable[Look], own: str | None = None) -> dict[str, Finding]:
    limits = read_limits(default_text(), own)
    book = Book(limits)
    told = (finding for one in looks for finding in findings(book.look(one), limits.of(TOWN)))
    return {rule.name: finding for rule, finding in told if rule.name.startswith("many_of_one")}


@pytest.mark.parametrize("what", BOTH)
def test_as_many_persons_as_the_limit_says_are_found_with_figures_and_entries(what: str) -> None:
    (name, finding), *others = found(sharing(what, n) for n in range(LEAST)).items()
    assert (name, others) == (f"many_of_one_{what}", [])
    assert (finding.worker, finding.organisation) == ("v1.w", TOWN)
    assert (finding.figures, finding.against) == ({"persons": LEAST, "days": 7}, {"least": LEAST, "days": 7})
    assert finding.entries == tuple(range(LEAST))


def test_a_family_of_eight_in_one_household_is_no_finding_however_often_it_is_looked_up() -> None:
    assert not found(look(n % 8, surname="one", address="one") for n in range(40))


@pytest.mark.parametrize("what", BOTH)
def test_others_do_not_add_up(what: str) -> None:
    below = [sharing(what, n) for n in range(LEAST - 1)]
    assert not found([*below, *(sharing(what, 50 + n, f"other {n}") for n in range(20))])
    assert not found([*below, replace(sharing(what, 50), worker="v1.x")])
    assert not found([*below, replace(sharing(what, 50), organisation="0202248-9")])
    assert not found([*below, *(look(50 + n) for n in range(20))])


@pytest.mark.parametrize("what", BOTH)
def test_those_before_the_window_are_not_counted(what: str) -> None:
    assert not found([sharing(what, 0), *(sharing(what, n, days=7) for n in range(1, LEAST))])
    assert found([sharing(what, 0), *(sharing(what, n, days=6) for n in range(1, LEAST))])


@pytest.mark.parametrize("what", BOTH)
def test_an_organisation_may_have_a_limit_of_its_own(what: str) -> None:
    own = f"source: test\norganisations: {{'{TOWN}': {{many_of_one_{what}: {{least: 3}}}}}}"
    assert not found((sharing(what, n) for n in range(2)), own)
    assert found((sharing(what, n) for n in range(3)), own)
