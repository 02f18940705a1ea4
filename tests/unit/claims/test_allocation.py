"""Who gets what of a payment: the worked cases G3-G6 of the field, to the cent."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid5

import pytest

from services.claims.data_files import protected_shares
from services.claims.domain.allocation import KELA, CareFee, Claimed, Paid, Standing, Taken, allocate
from shared.clock.civil import Month
from shared.contracts.claims import Ground

SPACE = UUID("00000000-0000-0000-0000-000000000000")
FEBRUARY, JANUARY = Month(2017, 2), Month(2017, 1)


def euros(text: str) -> Decimal:
    return Decimal(text)


def claim(body: str, ground: Ground = Ground.TOTUL_23, **changes: object) -> Claimed:
    fields: dict[str, object] = {
        "id": uuid5(SPACE, body + str(changes.get("arrived", ""))),
        "body": body,
        "ground": ground,
        "benefit": "kansanelake",
        "arrived": datetime(2017, 1, 3, 10, tzinfo=UTC),
        "first": date(2016, 1, 1),
        "last": None,
        "standing": Standing.PAID,
    }
    return Claimed(**(fields | changes))  # type: ignore[arg-type]  # a test's short hand


def payment(
    net: str, day: date, benefit: str = "kansanelake", first: date | None = None, last: date | None = None
) -> Paid:
    month = Month.of(day)
    return Paid(
        id=f"{benefit}/{day}",
        benefit=benefit,
        payday=day,
        first=first or month.first,
        last=last or month.last,
        net=euros(net),
    )


def shared_out(paid: Paid, claims: list[Claimed], taken: Taken | None = None) -> dict[str, str]:
    """Euros by body, the client included."""
    made = allocate(paid, claims, taken or Taken(), protected_shares())
    found = {"client": made.client}
    for share in made.shares:
        found[share.body] = found.get(share.body, Decimal(0)) + share.amount
    assert sum(found.values()) == paid.net
    return {body: str(amount) for body, amount in found.items() if amount}


def care(fee: str, income: str, others: str = "0.00") -> dict[Month, CareFee]:
    return {FEBRUARY: CareFee(euros(fee), euros(income), euros(others))}


@pytest.mark.parametrize(
    ("others", "first", "second"),
    [
        ("130.00", {"kunta": "500.00"}, {"kunta": "7.50", "client": "112.50"}),
        ("0.00", {"kunta": "500.00"}, {"kunta": "120.00"}),
    ],
)
def test_g3_the_protected_share_is_of_all_income_of_the_month(
    others: str, first: dict[str, str], second: dict[str, str]
) -> None:
    fee = care("637.50", "750.00", others)
    pension = claim("kunta", Ground.AML_14, care=fee)
    guarantee = claim("kunta", Ground.AML_14, care=fee, benefit="takuuelake", id=pension.id)
    taken = Taken()
    assert shared_out(payment("500.00", date(2017, 2, 7)), [pension], taken) == first
    assert shared_out(payment("120.00", date(2017, 2, 22), "takuuelake"), [guarantee], taken) == second


def test_g4_kela_then_the_municipality_then_care_on_what_remains() -> None:
    claims = [
        claim("kuopio", Ground.AML_14, care=care("480.00", "600.00")),
        claim("tampere", advances={FEBRUARY: euros("80.00")}, origin=date(2017, 1, 2)),
        claim(KELA, advances={FEBRUARY: euros("150.00")}, origin=date(2017, 1, 2)),
    ]
    assert shared_out(payment("600.00", date(2017, 2, 7)), claims) == {
        "kela": "150.00",
        "tampere": "80.00",
        "kuopio": "263.00",
        "client": "107.00",
    }


def test_g4_transition_a_claim_of_before_2017_goes_before_kela() -> None:
    kuopio = claim("kuopio", advances={FEBRUARY: euros("200.00")}, origin=date(2016, 12, 20))
    tampere = claim("tampere", advances={FEBRUARY: euros("100.00")}, origin=date(2017, 1, 3))
    kela = claim(KELA, advances={FEBRUARY: euros("250.00")}, origin=date(2017, 1, 5))
    paid = payment("300.00", date(2017, 2, 7))
    assert shared_out(paid, [tampere, kela, kuopio]) == {"kuopio": "200.00", "kela": "100.00"}
    assert shared_out(paid, [tampere, kela]) == {"kela": "250.00", "tampere": "50.00"}


@pytest.mark.parametrize(
    ("benefit", "net", "first", "last", "municipality"),
    [
        ("kansanelake", "620.00", date(2017, 1, 1), date(2017, 1, 31), "440.00"),
        ("tyomarkkinatuki", "260.00", date(2017, 1, 2), date(2017, 1, 15), "104.00"),
        ("sairauspaivaraha", "275.00", date(2017, 1, 2), date(2017, 1, 15), "125.00"),
    ],
)
def test_g5_a_partial_period_counts_calendar_or_benefit_days(
    benefit: str, net: str, first: date, last: date, municipality: str
) -> None:
    claims = [
        claim(
            "kunta", benefit=benefit, first=date(2017, 1, 10), last=date(2017, 1, 31),
            arrived=datetime(2016, 12, 1, tzinfo=UTC), advances={JANUARY: euros("1000.00")},
        )
    ]  # fmt: skip
    paid = payment(net, date(2017, 1, 20), benefit, first, last)
    assert shared_out(paid, claims)["kunta"] == municipality


def test_g6_a_retro_payment_is_capped_month_by_month_and_never_pooled() -> None:
    advances = {Month(2016, 10): euros("400.00"), Month(2016, 11): euros("350.00"), Month(2016, 12): euros("450.00")}
    waiting = claim(
        "kunta", first=date(2016, 10, 1), last=date(2016, 12, 31), arrived=datetime(2016, 11, 14, 9, tzinfo=UTC),
        advances=advances,
    )  # fmt: skip
    paid = payment("1520.00", date(2017, 1, 13), first=date(2016, 10, 1), last=date(2017, 1, 31))
    assert shared_out(paid, [waiting]) == {"kunta": "1110.00", "client": "410.00"}


def test_a_payment_nearer_than_fourteen_days_is_the_clients_unless_the_handler_decides_otherwise() -> None:
    late = claim("kunta", advances={FEBRUARY: euros("100.00")}, arrived=datetime(2017, 1, 24, 22, 30, tzinfo=UTC))
    paid = payment("300.00", date(2017, 2, 7))
    assert shared_out(paid, [late]) == {"client": "300.00"}
    assert shared_out(
        paid, [claim("kunta", advances={FEBRUARY: euros("100.00")}, arrived=late.arrived, in_time=True)]
    ) == {
        "kunta": "100.00",
        "client": "200.00",
    }


def test_a_claim_let_in_nearer_than_fourteen_days_still_takes_nothing_of_what_was_paid_before_its_arrival() -> None:
    late = claim(
        "kunta", advances={FEBRUARY: euros("100.00")}, arrived=datetime(2017, 2, 8, 9, tzinfo=UTC), in_time=True
    )
    assert shared_out(payment("300.00", date(2017, 2, 7)), [late]) == {"client": "300.00"}
    assert shared_out(payment("300.00", date(2017, 2, 8)), [late]) == {"kunta": "100.00", "client": "200.00"}


def test_r4_an_undecided_claim_holds_its_part_back_and_the_rest_is_paid() -> None:
    undecided = claim("kunta", standing=Standing.HELD, advances={FEBRUARY: euros("100.00")})
    made = allocate(payment("300.00", date(2017, 2, 7)), [undecided], Taken(), protected_shares())
    assert [(share.amount, share.held) for share in made.shares] == [(euros("100.00"), True)]
    assert made.client == euros("200.00")


def test_what_an_ended_care_claim_took_still_counts_for_the_protected_share() -> None:
    ended = claim("a", Ground.AML_14, standing=Standing.ENDED, care=care("400.00", "600.00"))
    following = claim("b", Ground.AML_14, care=care("493.00", "600.00"))
    taken = Taken()
    running = claim("a", Ground.AML_14, care=care("400.00", "600.00"), id=ended.id)
    shared_out(payment("400.00", date(2017, 2, 7)), [running], taken)
    assert shared_out(payment("200.00", date(2017, 2, 22)), [ended, following], taken) == {
        "b": "93.00",
        "client": "107.00",
    }


def test_a_negative_payment_is_no_payment() -> None:
    with pytest.raises(ValueError, match="negative"):
        allocate(payment("-1.00", date(2017, 2, 7)), [], Taken(), protected_shares())
