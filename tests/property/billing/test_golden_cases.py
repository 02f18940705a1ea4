"""The worked cases by name, from raw events to documents: the engine and the slow rater both give them to the cent.

A1-A7 are the examples of the price book; G8-G11 the cases of the merger, late usage, the joint body and active users.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from services.billing.book_files import load_prices
from services.billing.domain.corrections import Key
from tests.property.billing.clerk import Clerk, Ledger, due_instants
from tests.property.billing.histories import END, OPEN, PARTIES, Agreement, Event, History, Span
from tests.property.billing.random_books import PRODUCTS, SHIPPED
from tests.property.billing.slow_rater import SlowRater

PRICES = load_prices()
TEXTS = tuple(path.read_text(encoding="utf-8") for path in sorted(SHIPPED.glob("KELMU*.yaml")))
ACTIVE = ("KELMU-2016", "KELMU-2017")
DUES = due_instants(("03-31", "12-31"))
ALWAYS: Span = (date(2015, 1, 1), None)
OCTOBER, NOVEMBER, DECEMBER = (2016, 10), (2016, 11), (2016, 12)


def party(code: str, *members: tuple[str, Span], span: Span = ALWAYS, version: int = 1) -> Agreement:
    published = OPEN if version == 1 else datetime(2017, 7, 1, tzinfo=UTC)
    return Agreement(published, f"A-{code}", version, PARTIES[code], span, members or ((code, span),))


class Case:
    """A golden case: facts added one by one, then worked."""

    def __init__(self, *agreements: Agreement, month: tuple[int, int] = OCTOBER, **inhabitants: int) -> None:
        self.past = History([month], list(agreements))
        for code in ("174", "442", "297", "051", "020", "837", "398"):
            self.past.inhabitants[code, 2015] = inhabitants.get(f"of_{code}", 0)

    def use(
        self,
        code: str,
        queries: int,
        users: int,
        *,
        member: str = "",
        outcome: str = "granted",
        first_user: int = 0,
        arrives: datetime | None = None,
        start: datetime | None = None,
    ) -> None:
        """So many look-ups by so many users, in turns."""
        begin = start or datetime(*self.past.months[0], 3, 8, tzinfo=UTC)
        for n in range(queries):
            time = begin + timedelta(seconds=n)
            worker = f"v1.{first_user + n % users:026d}"
            number = len(self.past.events)
            self.past.events.append(
                Event(
                    number,
                    arrives or time,
                    time,
                    f"A-{code}",
                    member or code,
                    worker,
                    "look_up",
                    outcome,
                    "ui",
                    "lookup",
                )
            )

    def work(self) -> Ledger:
        """Everything invoiced; each sum confirmed by the slow rater."""
        ledger = Clerk(self.past, PRICES.books, PRICES.products, DUES).work()
        slow = SlowRater(self.past, TEXTS, ACTIVE, PRODUCTS.read_text(encoding="utf-8"))
        for key in ledger.closed:
            assert ledger.charged(key) == slow.month(key.agreement, self.past.months[0], END)
        for agreement in {one.id for one in self.past.agreements}:
            assert by_inhabitants(ledger, agreement) == slow.year(agreement, DUES)
        return ledger


def by_inhabitants(ledger: Ledger, agreement: str) -> Decimal:
    return sum((ledger.charged(Key(agreement, "KELMU-2017", f"2017/{n}")) for n in (1, 2)), Decimal(0))


def month_of(ledger: Ledger, code: str) -> Decimal:
    return sum((ledger.charged(key) for key in ledger.closed if key.agreement == f"A-{code}"), Decimal(0))


def instalments(ledger: Ledger, code: str) -> list[Decimal]:
    return [ledger.charged(Key(f"A-{code}", "KELMU-2017", f"2017/{n}")) for n in (1, 2)]


def parts(ledger: Ledger, code: str, period: str, book: str = "KELMU-2017") -> dict[str, Decimal]:
    return {member: part for member, part in ledger.parts[Key(f"A-{code}", book, period)].items() if part}


@pytest.mark.parametrize(
    ("queries", "users", "total"),
    [
        pytest.param(1000, 10, "90.00", id="A1 1,000 queries and 10 users"),
        pytest.param(30, 1, "7.00", id="A2 30 queries and a user: the minimum"),
    ],
)
def test_a_month_of_use(queries: int, users: int, total: str) -> None:
    case = Case(party("297"))
    case.use("297", queries, users)
    assert month_of(case.work(), "297") == Decimal(total)


def test_a3_sixteen_hundred_users_and_no_query_that_costs() -> None:
    case = Case(party("297"))
    case.use("297", 1600, 1600, outcome="empty")
    assert month_of(case.work(), "297") == Decimal("1550.00")


@pytest.mark.parametrize(
    ("inhabitants", "first", "second"),
    [
        pytest.param(20_000, "500.00", "500.00", id="A4 20,000 inhabitants"),
        pytest.param(6_666, "166.65", "166.65", id="A5 6,666 inhabitants"),
        pytest.param(6_667, "166.68", "166.67", id="A5 6,667 inhabitants: the cent first"),
        pytest.param(1_500, "0.00", "75.00", id="A6 1,500 inhabitants: 37.50 rolled over"),
        pytest.param(100, "0.00", "0.00", id="A7 100 inhabitants: 5.00 waived"),
    ],
)
def test_a_year_by_inhabitants(inhabitants: int, first: str, second: str) -> None:
    ledger = Case(party("020"), of_020=inhabitants).work()
    assert instalments(ledger, "020") == [Decimal(first), Decimal(second)]


def merged(month: tuple[int, int]) -> Case:
    """Juankoski (174) goes to Kuopio (297), Luvia (442) to Eurajoki (051), on 1.1.2017."""
    ended: Span = (date(2015, 1, 1), date(2016, 12, 31))
    agreements = (party("297"), party("174", span=ended), party("051"), party("442", span=ended))
    return Case(*agreements, month=month, of_297=112_153, of_174=4_770, of_051=9_287)


def test_g8_december_of_the_merged_is_rated_apart_and_paid_by_the_successor() -> None:
    case = merged(DECEMBER)
    case.use("174", 30, 1)
    case.use("297", 1000, 10)
    ledger = case.work()
    december = [document for document in ledger.documents if document.issued == date(2017, 1, 1)]
    assert {one.agreement: one.left for one in december} == {"A-174": Decimal("7.00"), "A-297": Decimal("90.00")}
    assert {one.payer for one in december} == {PARTIES["297"]}
    assert instalments(ledger, "297") == [Decimal("2923.08"), Decimal("2923.07")]
    assert instalments(ledger, "051") == [Decimal("232.18"), Decimal("232.17")]
    assert instalments(ledger, "174") == instalments(ledger, "442") == [Decimal(0), Decimal(0)]


@pytest.mark.parametrize(("late", "correction"), [(80, "2.80"), (1, "0.00")])
def test_g9_late_queries_of_the_merged_cost_what_the_month_now_costs_more(late: int, correction: str) -> None:
    case = merged(DECEMBER)
    case.use("174", 30, 1)
    case.use("174", late, 1, arrives=datetime(2017, 2, 10, 8, tzinfo=UTC), start=datetime(2016, 12, 9, tzinfo=UTC))
    ledger = case.work()
    assert ledger.first[Key("A-174", "KELMU-2016", "2016-12")][1] == Decimal("7.00")
    assert month_of(ledger, "174") == Decimal("7.00") + Decimal(correction)
    later = [one for one in ledger.documents if one.agreement == "A-174" and one.issued > date(2017, 2, 10)]
    assert [(one.left, one.payer) for one in later] == [(Decimal(correction), PARTIES["297"])] * (late == 80)


def joint(b_until: date | None = None) -> Case:
    """A joint body of A (837), B (020) and C (398); B may leave, and then has an agreement of its own."""
    members = (("837", ALWAYS), ("020", ALWAYS), ("398", ALWAYS))
    agreements = [party("joint", *members)]
    if b_until:
        left = (("837", ALWAYS), ("020", (date(2015, 1, 1), b_until)), ("398", ALWAYS))
        own: Span = (b_until + timedelta(days=1), None)
        agreements += [party("joint", *left, version=2), party("020", span=own)]
    return Case(*agreements, of_837=6_667, of_020=1_500, of_398=100)


def test_g10_a_joint_body_pays_one_sum_and_passes_it_on() -> None:
    ledger = joint().work()
    assert instalments(ledger, "joint") == [Decimal("206.68"), Decimal("206.67")]
    assert parts(ledger, "joint", "2017/1") == {
        "837": Decimal("166.68"),
        "020": Decimal("37.50"),
        "398": Decimal("2.50"),
    }
    assert parts(ledger, "joint", "2017/2") == {
        "837": Decimal("166.67"),
        "020": Decimal("37.50"),
        "398": Decimal("2.50"),
    }


def test_g10_a_member_that_leaves_in_june_pays_the_rest_itself() -> None:
    ledger = joint(date(2017, 6, 30)).work()
    assert instalments(ledger, "joint") == [Decimal("206.68"), Decimal("168.86")]
    assert parts(ledger, "joint", "2017/2")["020"] == Decimal("-0.31")
    assert instalments(ledger, "020") == [Decimal(0), Decimal("37.81")]
    assert by_inhabitants(ledger, "A-joint") + by_inhabitants(ledger, "A-020") == Decimal("413.35")


def test_g11_an_active_user_counts_once_and_only_for_look_ups_that_were_answered() -> None:
    members = (("837", ALWAYS), ("020", ALWAYS), ("398", ALWAYS))
    case = Case(party("joint", *members), month=NOVEMBER)
    midnight = datetime(2016, 10, 31, 22, 30, tzinfo=UTC)  # half past midnight on 1 November in Finland
    case.use("joint", 1, 1, member="837", start=midnight)
    case.use("joint", 1, 1, member="020")
    case.use("joint", 1, 1, member="837", outcome="refused", first_user=1)
    case.use("joint", 1, 1, member="837", outcome="empty", first_user=2)
    ledger = case.work()
    # Two look-ups at 0.08 and two users at 1.00, lifted to the minimum: 7.00 - 0.16 - 2.00 = 4.84 of adjustment.
    assert month_of(ledger, "joint") == Decimal("7.00")
    used = ledger.bases[Key("A-joint", "KELMU-2016", "2016-11")][0]
    assert used.users == 2
    assert {(count.member, count.product): count.quantity for count in used.counts} == {
        ("837", "QUERY_PERSON"): 1,
        ("020", "QUERY_PERSON"): 1,
        ("837", "NOT_CHARGED"): 1,
        ("837", "QUERY_NOHIT"): 1,
    }


def test_g11_ten_users_are_passed_on_by_look_ups() -> None:
    members = (("837", ALWAYS), ("020", ALWAYS), ("398", ALWAYS))
    case = Case(party("joint", *members), month=NOVEMBER)
    for place, (member, queries) in enumerate((("837", 70), ("020", 20), ("398", 10))):
        start = datetime(2016, 11, 4 + place, tzinfo=UTC)
        case.use("joint", queries, 10, member=member, start=start)
    ledger = case.work()
    # 5.60 + 7.00, 1.60 + 2.00 and 0.80 + 1.00.
    assert parts(ledger, "joint", "2016-11", "KELMU-2016") == {
        "837": Decimal("12.60"),
        "020": Decimal("3.60"),
        "398": Decimal("1.80"),
    }
