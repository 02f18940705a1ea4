from datetime import date
from decimal import Decimal

import pytest

from services.lookup.domain.found import Found, Recorded
from services.lookup.domain.scope import Filter, Scope
from services.lookup.domain.view import arrange
from shared.contracts.answers import Trimmed
from shared.contracts.base import DataGroup
from shared.contracts.register import Decision, Insurance, Interruption, Medicine, Recovery
from tests.unit.lookup.samples import ALL, SINCE, application, claim, decision, paid, payment


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
        DataGroup.INSURANCE: 0,
        DataGroup.RECOVERY: 0,
        DataGroup.MEDICINE: 0,
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
        (decision("D", date(2014, 12, 31), last=date(2014, 12, 31)), False),
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

    rows = arrange(found, ALL, largest=3_000)

    assert len(rows.decisions) == 1
    assert rows.payments[0].payday == date(2016, 1, 28)
    assert 0 < len(rows.payments) < 28
    assert rows.trimmed == (Trimmed(group="payments", count=28 - len(rows.payments), why="size"),)
    assert len(rows.records) == rows.shown[DataGroup.PAYMENTS] + 1


def test_given_only_own_claims_then_the_register_knows_nothing() -> None:
    assert Found(claims=(claim("K-1", date(2016, 1, 1)),)).nothing
    assert not Found(payments=(payment("P-1", date(2016, 1, 7)),)).nothing


def test_given_a_pending_application_then_its_stage_and_missing_attachments_are_told() -> None:
    rows = arrange(Found(applications=(application("A-1", date(2016, 1, 1), missing=("palkkatodistus",)),)), ALL)

    assert (rows.pending[0].stage_since, rows.pending[0].missing) == (date(2016, 1, 1), ("palkkatodistus",))


def test_given_a_payment_then_what_was_withheld_is_told_as_tax_and_recovery() -> None:
    body = paid(date(2016, 1, 7), date(2016, 1, 1), date(2016, 1, 31), tax="20.00", recovered="50.00")

    row = arrange(Found(payments=(Recorded("P-1", body),)), ALL).payments[0]

    assert (row.gross, row.withheld, row.tax, row.recovered, row.net) == (
        "620.00",
        "70.00",
        "20.00",
        "50.00",
        "550.00",
    )


def test_given_a_decision_with_terms_then_they_are_told() -> None:
    assert arrange(Found(decisions=(decision(terms="Tulot tarkistetaan."),)), ALL).decisions[0].terms


INSURED = Recorded("I-1", Insurance(covered=True, first=date(2010, 1, 1)))
ABROAD = Recorded("I-0", Insurance(covered=False, first=date(2008, 1, 1), last=date(2009, 12, 31)))
OWED = Recorded(
    "R-1",
    Recovery(benefit="kansanelake", decided=date(2011, 1, 1), total=Decimal("300.00"), remaining=Decimal("10.00")),
)
REPAID = Recorded(
    "R-0",
    Recovery(benefit="kansanelake", decided=date(2010, 1, 1), total=Decimal("300.00"), remaining=Decimal("0.00")),
)
CEILING = Recorded("M-1", Medicine(year=2016, ceiling=Decimal("610.37"), used=Decimal("120.00")))
EARLIER = Recorded("M-0", Medicine(year=2014, ceiling=Decimal("610.37"), used=Decimal("610.37"), reached=SINCE))
OPTIONAL = Found(insurance=(ABROAD, INSURED), recoveries=(REPAID, OWED), medicine=(EARLIER, CEILING))


def test_given_the_optional_groups_then_what_still_holds_is_shown_and_what_is_older_is_counted() -> None:
    rows = arrange(OPTIONAL, ALL)

    assert [row.covered for row in rows.insurance] == [True]
    assert [(row.total, row.remaining) for row in rows.recovery] == [("300.00", "10.00")]
    assert [(row.year, row.used) for row in rows.medicine] == [(2016, "120.00")]
    assert set(rows.trimmed) == {
        Trimmed(group=group, count=1, why="window") for group in ("insurance", "recovery", "medicine")
    }
    assert set(rows.records) == {"insurance:I-1", "recovery:R-1", "medicine:M-1"}


def test_given_the_optional_groups_closed_then_they_are_counted_and_none_is_shown() -> None:
    rows = arrange(OPTIONAL, Scope(groups=frozenset({DataGroup.PAYMENTS}), benefits=None, since=SINCE))

    assert rows.records == ()
    assert set(rows.trimmed) == {
        Trimmed(group=group, count=2, why="group") for group in ("insurance", "recovery", "medicine")
    }


def test_given_withdrawn_records_then_those_of_open_groups_are_counted() -> None:
    scope = Scope(groups=frozenset({DataGroup.PAYMENTS}), benefits=None, since=SINCE)

    rows = arrange(Found(withdrawn={"payment": 2, "decision": 1, "person": 1}), scope)

    assert rows.trimmed == (Trimmed(group="payments", count=2, why="withdrawn"),)


def test_given_interruptions_then_those_current_or_within_the_window_are_shown_newest_first() -> None:
    over = Interruption(first=date(2014, 2, 1), last=date(2014, 12, 31), reason="laitoshoito")
    recent = Interruption(first=date(2015, 2, 1), last=date(2015, 3, 31), reason="työssä")
    current = Interruption(first=date(2016, 11, 1), reason="ulkomailla")

    rows = arrange(Found(decisions=(decision(interruptions=(over, current, recent)),)), ALL)

    assert [(row.first, row.last) for row in rows.interruptions] == [
        (current.first, None),
        (recent.first, recent.last),
    ]
    assert rows.trimmed == (Trimmed(group="interruptions", count=1, why="window"),)


def test_given_a_filter_then_what_it_leaves_out_is_counted_as_filtered() -> None:
    scope = Scope(
        groups=frozenset(DataGroup),
        benefits=None,
        since=SINCE,
        chosen=Filter(benefit="kansanelake", first=date(2016, 2, 1), last=date(2016, 2, 29)),
    )
    found = Found(
        applications=(application("A-1", date(2016, 1, 1), benefit="elatustuki"),),
        decisions=(decision("D-1", date(2015, 1, 1)), decision("D-2", date(2016, 2, 3), benefit="lapsilisa")),
        payments=(
            payment("P-1", date(2016, 1, 7)),
            payment("P-2", date(2016, 2, 5)),
            payment("P-3", date(2016, 3, 7)),
            payment("P-4", date(2014, 1, 7)),
        ),
    )

    rows = arrange(found, scope)

    assert [row.payday for row in rows.payments] == [date(2016, 2, 5)]
    assert [row.decided for row in rows.decisions] == [date(2015, 1, 1)]
    assert rows.trimmed == (
        Trimmed(group="decisions", count=1, why="filter"),
        Trimmed(group="payments", count=2, why="filter"),
        Trimmed(group="payments", count=1, why="window"),
        Trimmed(group="pending", count=1, why="filter"),
    )


def test_given_rows_of_any_kind_then_what_is_shown_and_left_out_is_all_there_is() -> None:
    rows = arrange(OPTIONAL, ALL, largest=150)

    assert len(rows.records) + sum(row.count for row in rows.trimmed) == 6
    assert {row.why for row in rows.trimmed} == {"window", "size"}
