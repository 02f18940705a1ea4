"""On whose behalf somebody acts, how values are written, and what roles are offered."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from services.gateway.domain import writing
from services.gateway.domain.acting import Acting, Option, Wish, decide
from services.gateway.domain.offering import offered
from services.gateway.names import Names
from services.gateway.words import language_of
from shared.contracts.agreements import OrganisationChanged
from shared.contracts.base import Role
from shared.directory.model import Directory
from shared.gate.facts import Function
from tests.harness.agreed import organisation

V, F = Role.VIEWER, Role.FEE_CLERK
ONE = (Option("A", "837", (V,)),)
SEVERAL = (Option("A", "837", (V,)), Option("B", "174", (F,)), Option("B", "297", (V,)))
NOTHING = Wish()


@pytest.mark.parametrize(
    ("available", "asked", "chosen", "issued_by", "expected"),
    [
        (ONE, NOTHING, NOTHING, None, Acting("A", "837", (V,))),
        (SEVERAL, NOTHING, NOTHING, None, None),
        (SEVERAL, NOTHING, Wish("B", "174"), None, Acting("B", "174", (F,))),
        (SEVERAL, Wish(member="297"), Wish("B", "174"), None, Acting("B", "297", (V,))),
        (SEVERAL, Wish(member="837"), NOTHING, None, Acting("A", "837", (V,))),
        (SEVERAL, Wish("A", "297"), NOTHING, None, Acting("A", "297", ())),
        (SEVERAL, Wish(member="999"), NOTHING, None, None),
        (SEVERAL, Wish(member="999"), Wish("A", "837"), None, Acting("A", "999", ())),
        (ONE, Wish(member="999"), NOTHING, None, Acting("A", "999", ())),
        (ONE, NOTHING, Wish("B", "174"), None, Acting("B", "174", ())),
        ((), NOTHING, NOTHING, "A", Acting("A", None, ())),
        ((), Wish(member="837"), NOTHING, "A", Acting("A", "837", ())),
        ((), NOTHING, NOTHING, None, None),
    ],
)
def test_on_whose_behalf(
    available: tuple[Option, ...], asked: Wish, chosen: Wish, issued_by: str | None, expected: Acting | None
) -> None:
    assert decide(available, asked, chosen, issued_by) == expected


def test_values_are_written_as_readers_expect() -> None:
    noon = datetime(2016, 12, 31, 10, 31, 5, tzinfo=UTC)
    assert writing.moment(noon, "fi") == "31.12.2016 klo 12.31.05"
    assert writing.moment(noon, "sv") == "31.12.2016 kl. 12.31.05"
    assert writing.moment(noon, "en") == "31.12.2016 at 12:31:05"
    assert writing.euros("1234.56", "fi") == "1\xa0234,56\xa0€"
    assert writing.euros(None, "fi") == ""
    assert writing.period(date(2017, 1, 1), None) == "1.1.2017\u2013"
    assert writing.period(None, None) == ""
    assert writing.month("2016-12") == "12/2016"
    assert writing.month("2017-01") == "1/2017"
    assert [writing.weekday(date(2017, 1, 2), one) for one in ("fi", "sv", "en")] == ["ma", "mån", "Mon"]
    assert [writing.number(1234, one) for one in ("fi", "sv", "en")] == ["1\xa0234", "1\xa0234", "1,234"]


@pytest.mark.parametrize(
    ("function", "role", "expected"),
    [
        (Function.VIEW_PERSON, Role.VIEWER, True),
        (Function.VIEW_PERSON, Role.NOTICE_HANDLER, False),
        (Function.VIEW_LIST, Role.LABOUR_MARKET_HANDLER, True),
        (Function.HANDLE_NOTICES, Role.NOTICE_HANDLER, True),
        (Function.REGISTER_CLAIM, Role.VIEWER, False),
    ],
)
def test_only_what_the_gates_table_names_is_offered(function: Function, role: Role, *, expected: bool) -> None:
    assert offered(function, [role]) is expected
    assert not offered(function, [])


@pytest.mark.parametrize(
    ("cookie", "header", "expected"),
    [(None, "", "fi"), ("sv", "en", "sv"), ("xx", "de, en;q=0.5", "en"), (None, "sv-FI,sv;q=0.9", "sv")],
)
def test_the_language_is_the_chosen_one_else_a_wish_else_finnish(
    cookie: str | None, header: str, expected: str
) -> None:
    assert language_of(cookie, header) == expected


def test_a_municipality_is_found_once_and_checked_ever_after() -> None:
    scans = 0

    class Counting(Directory):
        def organisations(self) -> Iterator[OrganisationChanged]:
            nonlocal scans
            scans += 1
            return super().organisations()

    known = Counting([organisation("0211675-2", "Tampereen kaupunki", "837")])
    names = Names(lambda: known)
    assert [names.municipality("837", "fi") for _ in range(3)] == ["Tampereen kaupunki"] * 3
    assert scans == 1
    merged = organisation("0211675-2", "Uusi kaupunki", "838").model_copy(update={"version": 2})
    known.apply(merged)
    assert (names.municipality("837", "fi"), names.municipality("838", "sv")) == ("837", "Uusi kaupunki")
    assert names.municipality(None, "fi") == ""
    assert names.organisation("0000000-0", "fi") == "0000000-0"
