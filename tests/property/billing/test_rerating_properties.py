"""The engine and the rating from zero agree, whatever was used and whoever lives where (invariant 4)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.billing.book_files import load_prices
from services.billing.domain.instalments import Membership, instalment, year_fee
from services.billing.domain.rating import Count, MonthUsage, rate_month
from services.billing.domain.recompute import MonthFromZero, YearFacts, instalments_from_zero
from shared.clock.civil import Month

BOOKS = load_prices().books
USAGE_BOOK = BOOKS.at(date(2016, 12, 1))
YEAR_BOOK = BOOKS.at(date(2017, 1, 1))
DECEMBER = Month(2016, 12)
MIDDLE = datetime(2016, 12, 15, tzinfo=UTC)

uses = st.lists(
    st.tuples(
        st.sampled_from(["091", "837", ""]),
        st.sampled_from(["QUERY_PERSON", "QUERY_NOHIT", "QUERY_INTERFACE"]),
        st.integers(0, 5),
    ),
    max_size=200,
)
memberships = st.lists(
    st.tuples(st.integers(0, 300_000), st.integers(0, 364), st.integers(0, 364)).map(
        lambda drawn: (drawn[0], min(drawn[1:]), max(drawn[1:]))
    ),
    max_size=6,
)


@given(uses)
def test_a_month_rated_from_counts_equals_the_month_rated_use_by_use(drawn: list[tuple[str, str, int]]) -> None:
    counts: dict[tuple[str, str], int] = {}
    lookups: dict[str, int] = {}
    from_zero = MonthFromZero(DECEMBER)
    for number, (member, product, worker) in enumerate(drawn):
        counts[member, product] = counts.get((member, product), 0) + 1
        lookups[member] = lookups.get(member, 0) + 1
        from_zero.add("A-1", product, MIDDLE + timedelta(seconds=number), f"w{worker}")
    usage = MonthUsage(
        tuple(Count(member, product, quantity) for (member, product), quantity in counts.items()),
        len({worker for _, _, worker in drawn}),
        lookups,
    )
    rated = rate_month(USAGE_BOOK, usage)
    assert from_zero.owed(USAGE_BOOK).get("A-1", Decimal(0)) == rated.total
    assert sum((part.amount for line in rated.lines for part in line.portions), Decimal(0)) == rated.total


@given(memberships, memberships)
def test_what_changed_between_instalments_is_settled_alike(
    drawn: list[tuple[int, int, int]], later: list[tuple[int, int, int]]
) -> None:
    terms = YEAR_BOOK.population
    assert terms is not None
    facts = {1: borne(drawn), 2: borne(later)}
    by_number = {number: YearFacts(YEAR_BOOK, members) for number, members in facts.items()}
    paid: dict[str, Decimal] = {}
    amounts: dict[int, Decimal] = {}
    for number, members in facts.items():
        due = instalment(terms, number, year_fee(YEAR_BOOK, 2017, members), paid)
        if due.decision in {"invoice", "credit"}:
            amounts[number] = due.amount
        if due.decision == "invoice":
            paid["091"] = paid.get("091", Decimal(0)) + due.amount
    assert instalments_from_zero(2017, by_number).billed == amounts


def borne(drawn: list[tuple[int, int, int]]) -> list[Membership]:
    start = date(2017, 1, 1)
    return [
        Membership(f"{code:03}", inhabitants, start + timedelta(days=first), start + timedelta(days=last))
        for code, (inhabitants, first, last) in enumerate(drawn)
    ]


@given(memberships)
def test_the_instalments_of_a_year_sum_to_its_fee_unless_waived(drawn: list[tuple[int, int, int]]) -> None:
    terms = YEAR_BOOK.population
    assert terms is not None
    members = borne(drawn)
    fee = year_fee(YEAR_BOOK, 2017, members)
    paid: dict[str, Decimal] = {}
    issued: dict[int, Decimal] = {}
    left = Decimal(0)
    for number in (1, 2):
        due = instalment(terms, number, fee, paid)
        left = due.amount if due.decision in {"rolled_over", "waived"} else Decimal(0)
        if due.decision == "invoice":
            issued[number] = due.amount
            assert sum(line.amount for line in due.lines) == due.amount
            for line in due.lines:
                assert sum(part.amount for part in line.portions) == line.amount
                for part in line.portions:
                    paid[part.member] = paid.get(part.member, Decimal(0)) + part.amount
    assert sum(issued.values(), left) == fee.total
    from_zero = instalments_from_zero(2017, dict.fromkeys((1, 2), YearFacts(YEAR_BOOK, members)))
    assert (from_zero.billed, from_zero.waiting) == (issued, left)
    if not left:
        assert {code: amount for code, amount in paid.items() if amount} == {
            member.municipality: member.amount for member in fee.members if member.amount
        }
