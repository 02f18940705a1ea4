from datetime import date
from decimal import Decimal

import pytest

from services.lookup.domain.found import Found, Recorded
from services.lookup.domain.view import Scope, arrange, window_start
from shared.contracts.answers import ClaimRow, Trimmed
from shared.contracts.base import DataGroup
from shared.contracts.register import Application, Decision, Payment

CLIENT = "v1." + "c" * 26
SINCE = date(2015, 1, 1)
ALL = Scope(groups=frozenset(DataGroup), benefits=None, since=SINCE)


def application(
    id_: str, received: date, *, stage: str = "in_process", benefit: str = "kansanelake"
) -> Recorded[Application]:
    body = {"benefit": benefit, "received": received, "stage": stage}
    return Recorded(id_, Application.model_validate(body))


def decision(
    id_: str,
    decided: date,
    *,
    last: date | None = date(2014, 6, 30),
    benefit: str = "kansanelake",
    result: str = "granted",
    answers: str = "A-0",
) -> Recorded[Decision]:
    body = {
        "application": answers,
        "benefit": benefit,
        "decided": decided,
        "result": result,
        "first": date(2014, 1, 1),
        "last": last,
        "amount": Decimal("100.00"),
        "payee": CLIENT,
    }
    return Recorded(id_, Decision.model_validate(body))


def payment(id_: str, payday: date, *, benefit: str = "kansanelake") -> Recorded[Payment]:
    return Recorded(
        id_,
        Payment(
            decision="D-1",
            benefit=benefit,
            payday=payday,
            first=payday.replace(day=1),
            last=payday,
            gross=Decimal("620.00"),
            withheld=Decimal("20.00"),
            net=Decimal("600.00"),
            paid_to="client",
        ),
    )


def claim(number: str, first: date) -> Recorded[ClaimRow]:
    return Recorded(
        number,
        ClaimRow(
            number=number,
            benefit="kansanelake",
            ground="aml_14",
            state="registered",
            first=first,
            last=None,
            effective_payday=None,
        ),
    )


def test_given_records_in_any_order_then_each_group_is_newest_first() -> None:
    found = Found(
        payments=(payment("P-1", date(2016, 1, 7)), payment("P-3", date(2016, 3, 7)), payment("P-2", date(2016, 2, 5))),
        claims=(claim("K-1", date(2016, 1, 1)), claim("K-2", date(2016, 2, 1))),
        applications=(application("A-1", date(2016, 1, 1)), application("A-2", date(2016, 2, 1))),
    )

    rows = arrange(found, ALL)

    assert [row.payday.month for row in rows.payments] == [3, 2, 1]
    assert [row.number for row in rows.claims] == ["K-2", "K-1"]
    assert [row.received.month for row in rows.pending] == [2, 1]
    assert rows.payments[0].net == "600.00"
    assert rows.trimmed == ()
    assert rows.shown == {
        DataGroup.PENDING: 2,
        DataGroup.DECISIONS: 0,
        DataGroup.PAYMENTS: 3,
        DataGroup.CLAIMS: 2,
    }
    assert "payments:P-3" in rows.records
    assert len(rows.records) == 7


def test_given_an_application_that_a_decision_answers_then_it_is_not_pending() -> None:
    found = Found(
        applications=(
            application("A-1", date(2016, 1, 1)),
            application("A-2", date(2016, 1, 2), stage="decided"),
            application("A-3", date(2016, 1, 3)),
        ),
        decisions=(decision("D-1", date(2016, 2, 1), answers="A-1"),),
    )

    rows = arrange(found, ALL)

    assert [row.received for row in rows.pending] == [date(2016, 1, 3)]
    assert rows.trimmed == ()


@pytest.mark.parametrize(
    ("record", "shown"),
    [
        (decision("D", SINCE), True),
        (decision("D", date(2014, 12, 31)), False),
        (decision("D", date(2010, 1, 1), last=None), True),
        (decision("D", date(2010, 1, 1), last=SINCE), True),
        (decision("D", date(2010, 1, 1), last=None, result="refused"), False),
    ],
)
def test_given_the_window_then_decisions_made_or_in_force_within_it_are_shown(
    record: Recorded[Decision], *, shown: bool
) -> None:
    rows = arrange(Found(decisions=(record,)), ALL)

    assert bool(rows.decisions) == shown
    assert rows.trimmed == (() if shown else (Trimmed(group="decisions", count=1, why="window"),))


def test_given_the_window_then_payments_before_its_first_day_are_counted_not_shown() -> None:
    found = Found(payments=(payment("P-1", date(2015, 1, 1)), payment("P-2", date(2014, 12, 31))))

    rows = arrange(found, ALL)

    assert [row.payday for row in rows.payments] == [date(2015, 1, 1)]
    assert rows.trimmed == (Trimmed(group="payments", count=1, why="window"),)


def test_given_a_benefit_outside_the_agreement_then_it_is_counted_not_shown() -> None:
    scope = Scope(groups=frozenset(DataGroup), benefits=frozenset({"kansanelake"}), since=SINCE)
    found = Found(
        applications=(application("A-1", date(2016, 1, 1), benefit="elatustuki"),),
        payments=(payment("P-1", date(2016, 1, 7)), payment("P-2", date(2016, 1, 26), benefit="lapsilisa")),
        claims=(claim("K-1", date(2016, 1, 1)),),
    )

    rows = arrange(found, scope)

    assert len(rows.payments) == 1
    assert len(rows.claims) == 1
    assert rows.trimmed == (
        Trimmed(group="payments", count=1, why="benefit"),
        Trimmed(group="pending", count=1, why="benefit"),
    )


def test_given_a_closed_data_group_then_all_of_it_is_counted_and_none_of_it_logged_as_shown() -> None:
    scope = Scope(groups=frozenset({DataGroup.DECISIONS}), benefits=None, since=SINCE)
    found = Found(
        payments=(payment("P-1", date(2016, 1, 7)), payment("P-2", date(2016, 2, 5))),
        decisions=(decision("D-1", date(2016, 1, 1)),),
    )

    rows = arrange(found, scope)

    assert rows.payments == ()
    assert rows.shown == {DataGroup.DECISIONS: 1}
    assert rows.records == ("decisions:D-1",)
    assert rows.trimmed == (Trimmed(group="payments", count=2, why="group"),)


def test_given_more_than_a_reply_can_hold_then_the_oldest_payments_are_left_out_and_counted() -> None:
    payments = tuple(payment(f"P-{day}", date(2016, 1, day)) for day in range(1, 29))
    found = Found(payments=payments, decisions=(decision("D-1", date(2016, 1, 1)),))

    rows = arrange(found, ALL, largest=2_000)

    assert len(rows.decisions) == 1
    assert rows.payments[0].payday == date(2016, 1, 28)
    assert 0 < len(rows.payments) < 28
    assert rows.trimmed == (Trimmed(group="payments", count=28 - len(rows.payments), why="size"),)
    assert len(rows.records) == rows.shown[DataGroup.PAYMENTS] + 1


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


def test_given_only_own_claims_then_the_register_knows_nothing() -> None:
    assert Found(claims=(claim("K-1", date(2016, 1, 1)),)).nothing
    assert not Found(payments=(payment("P-1", date(2016, 1, 7)),)).nothing
