from datetime import date

import pytest

from services.lookup.domain.found import Recorded
from services.lookup.domain.scope import Filter, Scope, scope_of, window_start
from shared.contracts.asking import PersonQuery
from shared.contracts.base import Contract, DataGroup, Purpose, Validity
from shared.contracts.register import Interruption
from shared.gate.facts import Facts
from tests.harness.agreed import agreed
from tests.unit.lookup.samples import ALL, SINCE, application, claim, decision, payment

DAY = date(2016, 12, 31)
AGREEMENT = agreed(
    id="A-297",
    party="0171450-7",
    validity=Validity(first=date(2016, 1, 1)),
    purposes=(Purpose.CHARGE,),
    data_groups=tuple(DataGroup),
    benefits=("kansanelake", "lapsilisa"),
    benefit_windows={"lapsilisa": 6},
    members=(),
)
QUERY = PersonQuery(identity_code="290200A950Y", purpose=Purpose.CHARGE, informed=True)


@pytest.mark.parametrize(
    ("day", "months", "first"),
    [
        (date(2016, 12, 31), 24, date(2014, 12, 31)),
        (date(2016, 3, 31), 1, date(2016, 2, 29)),
        (date(2017, 1, 1), 12, date(2016, 1, 1)),
    ],
)
def test_given_a_day_then_the_window_begins_on_the_same_day_that_many_months_before(
    day: date, months: int, first: date
) -> None:
    assert window_start(day, months) == first


def test_given_an_agreement_and_a_query_then_the_scope_has_its_windows_benefits_and_filter() -> None:
    query = QUERY.model_copy(update={"benefit": "lapsilisa", "first": SINCE, "last": DAY})

    scope = scope_of(Facts(agreement=AGREEMENT, day=DAY), query)

    assert scope.benefits == frozenset({"kansanelake", "lapsilisa"})
    assert scope.window_of("kansanelake") == scope.window_of(None) == date(2014, 12, 31)
    assert scope.window_of("lapsilisa") == date(2016, 6, 30)
    assert scope.chosen == Filter(benefit="lapsilisa", first=SINCE, last=DAY)
    assert scope.groups == frozenset()


@pytest.mark.parametrize("facts", [Facts(day=DAY), Facts(agreement=AGREEMENT)])
def test_given_no_agreement_or_no_day_then_there_is_no_scope(facts: Facts) -> None:
    with pytest.raises(ValueError, match="nothing may be shown"):
        scope_of(facts, QUERY)


def test_given_a_window_of_the_benefits_own_then_it_decides() -> None:
    scope = Scope(groups=frozenset(DataGroup), benefits=None, since=SINCE, since_of={"lapsilisa": date(2016, 6, 30)})
    old, pension = payment("P-1", date(2016, 1, 26), benefit="lapsilisa"), payment("P-2", date(2016, 1, 7))

    assert scope.why_not(DataGroup.PAYMENTS, old.body) == "window"
    assert scope.why_not(DataGroup.PAYMENTS, pension.body) is None


def test_given_a_record_outside_of_everything_then_what_the_agreement_withholds_is_told_first() -> None:
    closed = Scope(groups=frozenset(), benefits=frozenset(), since=DAY, chosen=Filter(benefit="lapsilisa"))
    body = payment("P-1", date(2016, 1, 7)).body

    assert closed.why_not(DataGroup.PAYMENTS, body) == "group"
    opened = Scope(groups=frozenset(DataGroup), benefits=frozenset(), since=DAY, chosen=closed.chosen)
    assert opened.why_not(DataGroup.PAYMENTS, body) == "benefit"
    covered = Scope(groups=frozenset(DataGroup), benefits=None, since=DAY, chosen=closed.chosen)
    assert covered.why_not(DataGroup.PAYMENTS, body) == "window"
    recent = Scope(groups=frozenset(DataGroup), benefits=None, since=SINCE, chosen=closed.chosen)
    assert recent.why_not(DataGroup.PAYMENTS, body) == "filter"


JANUARY = Filter(first=date(2016, 1, 1), last=date(2016, 1, 31))


@pytest.mark.parametrize(
    ("group", "record", "asked_for"),
    [
        (DataGroup.PAYMENTS, payment("P", date(2016, 1, 31)), True),
        (DataGroup.PAYMENTS, payment("P", date(2016, 2, 1)), False),
        (DataGroup.DECISIONS, decision("D", date(2016, 1, 1), first=date(2016, 5, 1)), True),
        (DataGroup.DECISIONS, decision("D", date(2015, 6, 1)), True),
        (DataGroup.DECISIONS, decision("D", date(2015, 6, 1), last=date(2015, 12, 31)), False),
        (DataGroup.DECISIONS, decision("D", date(2015, 6, 1), result="refused"), False),
        (DataGroup.PENDING, application("A", date(2016, 3, 1)), True),
        (DataGroup.CLAIMS, claim("K", date(2016, 3, 1)), True),
    ],
)
def test_given_a_period_then_payments_go_by_payday_and_decisions_by_day_or_force(
    group: DataGroup, record: Recorded[Contract], *, asked_for: bool
) -> None:
    scope = Scope(groups=frozenset(DataGroup), benefits=None, since=SINCE, chosen=JANUARY)

    assert (scope.why_not(group, record.body) is None) == asked_for


def test_given_own_claims_then_neither_the_benefit_list_nor_the_window_hides_them_but_the_filter_does() -> None:
    old = claim("K-1", date(2001, 1, 1), last=date(2001, 1, 31)).body
    listed = Scope(groups=frozenset(DataGroup), benefits=frozenset({"lapsilisa"}), since=SINCE)
    filtered = Scope(groups=frozenset(DataGroup), benefits=None, since=SINCE, chosen=Filter(benefit="lapsilisa"))

    assert listed.why_not(DataGroup.CLAIMS, old) is None
    assert filtered.why_not(DataGroup.CLAIMS, old) == "filter"


def test_given_an_interruption_then_one_that_is_over_before_the_window_or_outside_the_period_stays_out() -> None:
    scope = Scope(groups=frozenset(DataGroup), benefits=None, since=SINCE, chosen=JANUARY)

    def why(first: date, last: date | None) -> str | None:
        return scope.why_not_interruption("kansanelake", Interruption(first=first, last=last, reason="laitoshoito"))

    assert why(date(2014, 1, 1), date(2014, 12, 31)) == "window"
    assert why(date(2016, 2, 1), None) == "filter"
    assert why(date(2014, 1, 1), None) is None
    assert ALL.chosen == Filter()
