"""Which payments need a new entry when something happens, and which stay as they were paid."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from services.claims.data_files import protected_shares
from services.claims.domain.allocation import KELA, CareFee, Claimed, Standing
from services.claims.domain.booking import Books, Entry, Payment, Why, claimed, next_unpaid
from services.claims.domain.payday import Timing
from services.claims.domain.registration import Claim
from shared.clock.civil import Month
from shared.contracts.base import Channel
from shared.contracts.claims import ClaimState, Ground

JANUARY, FEBRUARY = Month(2017, 1), Month(2017, 2)
BEFORE = datetime(2017, 2, 1, 10, tzinfo=UTC)
"""The payday of 7.2. is still to come."""
AFTER = datetime(2017, 2, 8, 10, tzinfo=UTC)
EURO = Decimal(1)


def claim(number: int = 1, amount: int = 100, body: str = "kunta", **changes: object) -> Claimed:
    fields: dict[str, object] = {
        "id": UUID(int=number),
        "body": body,
        "ground": Ground.TOTUL_23,
        "benefit": "kansanelake",
        "arrived": datetime(2017, 1, 3, 10, tzinfo=UTC) + timedelta(minutes=number),
        "first": date(2017, 1, 1),
        "last": date(2017, 12, 31),
        "standing": Standing.PAID,
        "origin": date(2017, 1, 2),
        "advances": {JANUARY: amount * EURO, FEBRUARY: amount * EURO},
    }
    return Claimed(**(fields | changes))  # type: ignore[arg-type]  # a test's short hand


def payment(net: int = 300, day: date = date(2017, 2, 7), id: str = "P", version: int = 1) -> Payment:
    return Payment(
        id=id, version=version, benefit="kansanelake", payday=day, first=FEBRUARY.first, last=FEBRUARY.last,
        net=net * EURO,
    )  # fmt: skip


def books(*claims: Claimed, died: date | None = None) -> Books:
    return Books(claims=claims, died=died, payments=(), standing=(), protected=protected_shares())


def told(entries: list[Entry]) -> list[tuple[str, int, dict[str, int], int]]:
    """Payment, number, euros by body (held ones in brackets), the client's euros."""
    return [
        (
            entry.payment.id,
            entry.number,
            {f"({share.body})" if share.held else share.body: int(share.amount) for share in entry.shares},
            int(entry.client),
        )
        for entry in entries
    ]


def test_given_no_claim_when_a_payment_arrives_then_nothing_is_written() -> None:
    assert books().pay(payment(), BEFORE) == []


def test_given_a_claim_that_takes_nothing_when_a_payment_arrives_then_nothing_is_written() -> None:
    assert books(claim(benefit="takuuelake")).pay(payment(), BEFORE) == []


def test_given_a_claim_when_a_payment_arrives_then_it_is_shared_out_and_repeated_it_changes_nothing() -> None:
    kept = books(claim())
    assert told(kept.pay(payment(), BEFORE)) == [("P", 1, {"kunta": 100}, 200)]
    assert kept.pay(payment(), BEFORE) == []


@pytest.mark.parametrize("at", [BEFORE, AFTER])
def test_given_an_entry_when_the_payment_is_corrected_then_a_new_entry_stands_and_an_older_version_changes_nothing(
    at: datetime,
) -> None:
    kept = books(claim())
    (first,) = kept.pay(payment(), at)
    assert told(kept.pay(payment(70, version=3), at)) == [("P", 2, {"kunta": 70}, 0)]
    assert kept.pay(payment(500, version=2), at) == []
    assert told([first]) == [("P", 1, {"kunta": 100}, 200)]
    assert kept.standing["P"].why == "correction"


def test_given_an_entry_when_the_payment_is_reversed_then_everything_is_zero_and_the_body_is_told() -> None:
    kept = books(claim())
    kept.pay(payment(), BEFORE)
    (entry,) = kept.pay(payment(0, version=2), AFTER)
    assert told([entry]) == [("P", 2, {}, 0)]
    assert entry.bodies == {"kunta"}


def test_given_an_open_payment_when_a_claim_comes_then_it_is_shared_out_anew() -> None:
    kept = books(claim())
    kept.pay(payment(120), BEFORE)
    changed = kept.claim(claim(2, 50, KELA), "claim", BEFORE)
    assert told(changed) == [("P", 2, {KELA: 50, "kunta": 70}, 0)]


@pytest.mark.parametrize(
    "later", [claim(2, 50, KELA), claim(1, 30), claim(1, stops_from=date(2017, 2, 9)), claim(1, standing=Standing.HELD)]
)
def test_given_a_settled_payment_when_a_claim_comes_changes_ends_or_is_suspended_then_what_was_paid_stays(
    later: Claimed,
) -> None:
    kept = books(claim())
    kept.pay(payment(120), BEFORE)
    assert kept.claim(later, "claim", AFTER) == []


def test_given_a_settled_payment_when_a_trigger_from_before_its_payday_comes_late_then_it_stays_settled() -> None:
    kept = books(claim())
    kept.pay(payment(120), BEFORE)
    kept.claim(claim(3, benefit="takuuelake"), "claim", AFTER)
    assert kept.claim(claim(2, 50, KELA), "claim", BEFORE) == []


def test_given_an_ended_claim_when_a_payment_of_before_the_end_is_corrected_then_it_still_takes_its_part() -> None:
    kept = books(claim(stops_from=date(2017, 2, 9)))
    assert told(kept.pay(payment(), AFTER)) == [("P", 1, {"kunta": 100}, 200)]
    assert kept.pay(payment(id="N", day=date(2017, 2, 22)), AFTER) == []


@pytest.mark.parametrize(
    ("decided", "stands"),
    [
        (claim(), {"kunta": 100}),
        (claim(standing=Standing.ENDED), {}),
        (claim(stops_from=date(2017, 2, 7)), {}),
        (claim(amount=60), {"kunta": 60}),
        (claim(amount=160), {"kunta": 100}),
        (claim(amount=60, standing=Standing.HELD), {"(kunta)": 60}),
    ],
    ids=["accepted", "rejected", "stopped before", "accepted with less", "accepted with more", "states less"],
)
def test_given_a_held_part_of_a_settled_payment_when_its_claim_is_decided_then_it_follows_and_no_other_gains(
    decided: Claimed, stands: dict[str, int]
) -> None:
    kept = books(claim(standing=Standing.HELD), claim(2, 250, "toinen"))
    kept.pay(payment(), BEFORE)
    ((_, number, shares, client),) = told(kept.claim(decided, "decision", AFTER))
    assert (number, shares) == (2, stands | {"toinen": 200})
    assert client == 100 - sum(stands.values())


def test_given_a_held_part_of_an_open_payment_when_its_claim_is_rejected_then_the_next_claim_takes_it() -> None:
    kept = books(claim(standing=Standing.HELD), claim(2, 250, "toinen"))
    kept.pay(payment(), BEFORE)
    assert told(kept.claim(claim(standing=Standing.ENDED), "decision", BEFORE)) == [("P", 2, {"toinen": 250}, 50)]


def test_given_open_payments_in_any_order_then_the_limit_of_the_month_goes_to_the_earlier_payday() -> None:
    first, second = payment(80, id="A"), payment(80, date(2017, 2, 22), "B")
    ordered, reordered = books(claim()), books(claim())
    for one in (first, second):
        ordered.pay(one, BEFORE)
    for one in (second, first):
        reordered.pay(one, BEFORE)
    for kept in (ordered, reordered):
        assert {id_: int(entry.client) for id_, entry in kept.standing.items()} == {"A": 0, "B": 60}


def test_given_a_death_then_days_after_it_are_the_clients_on_open_payments_and_paid_ones_stay() -> None:
    kept = books(claim(amount=300))
    kept.pay(payment(280), BEFORE)
    kept.pay(payment(28, date(2017, 2, 3), "S"), AFTER)
    assert told(kept.die(date(2017, 2, 14), datetime(2017, 2, 4, tzinfo=UTC))) == []
    later = books(claim(amount=300))
    later.pay(payment(280), BEFORE)
    assert told(later.die(date(2017, 2, 14), BEFORE)) == [("P", 2, {"kunta": 140}, 140)]
    assert later.die(date(2017, 2, 14), BEFORE) == []


def test_given_a_death_when_the_register_corrects_a_settled_payment_then_only_days_of_life_are_taken() -> None:
    kept = books(claim(amount=300))
    kept.pay(payment(280), BEFORE)
    assert kept.die(date(2017, 2, 14), AFTER) == []
    assert told(kept.pay(payment(140, version=2), AFTER)) == [("P", 2, {"kunta": 70}, 70)]


def test_given_a_payment_of_another_person_after_all_then_it_is_zero_here_and_numbered_on_there() -> None:
    numbers: dict[str, int] = {}
    one = Books(claims=[claim()], died=None, payments=(), standing=(), protected=protected_shares(), numbers=numbers)
    other = Books(claims=[claim(2)], died=None, payments=(), standing=(), protected=protected_shares(), numbers=numbers)
    one.pay(payment(), BEFORE)
    assert told(one.lose(payment(), BEFORE)) == [("P", 2, {}, 0)]
    assert told(other.pay(payment(), BEFORE, "decision")) == [("P", 3, {"kunta": 100}, 200)]
    assert one.rebook("claim", BEFORE) == []


def test_given_care_when_two_payments_are_open_then_the_protected_share_of_the_month_is_kept_once() -> None:
    care = {FEBRUARY: CareFee(Decimal("637.50"), Decimal("750.00"), Decimal("130.00"))}
    kept = books(claim(ground=Ground.AML_14, care=care, advances={}))
    kept.pay(payment(120, date(2017, 2, 22), "second"), BEFORE)
    kept.pay(payment(500, id="first"), BEFORE)
    assert {id_: entry.client for id_, entry in kept.standing.items()} == {
        "first": Decimal(0),
        "second": Decimal("112.50"),
    }


def stored(state: ClaimState, stops_from: date | None = None) -> Claim:
    return Claim(
        id=UUID(int=1), number="MV", state=state, version=1, organisation="0171450-7", member="297", agreement="A",
        channel=Channel.UI, worker="w", client="c", benefit="kansanelake", ground=Ground.TOTUL_23,
        first=date(2017, 1, 1), last=None, amount=None, account="acc", reference="1", assistance=None,
        arrived=BEFORE, timing=Timing(None, None), stops_from=stops_from,
    )  # fmt: skip


@pytest.mark.parametrize("state", list(ClaimState))
def test_a_claims_state_says_whether_it_is_paid_held_or_takes_nothing(state: ClaimState) -> None:
    held = {"registered", "waiting_for_decision", "in_hearing", "suspended"}
    nothing = {"rejected", "withdrawn", "expired"}
    expected = "held" if state in held else "ended" if state in nothing else "paid"
    if state is not ClaimState.DRAFT:
        assert claimed(stored(state), confirmed=True).standing.value == expected
        assert claimed(stored(state), confirmed=False).standing.value == ("ended" if state in nothing else "held")


def test_a_claim_withdrawn_after_it_was_accepted_keeps_what_it_was_paid_until_then() -> None:
    withdrawn = claimed(stored(ClaimState.WITHDRAWN, date(2017, 2, 9)), confirmed=True)
    assert withdrawn.runs_on(date(2017, 2, 8))
    assert not withdrawn.runs_on(date(2017, 2, 9))


@pytest.mark.parametrize(
    ("state", "day"), [(ClaimState.ACTIVE, date(2017, 2, 9)), (ClaimState.SUSPENDED, date(2017, 2, 7))]
)
def test_an_end_stops_from_the_next_unpaid_instalment_and_a_held_one_is_unpaid(state: ClaimState, day: date) -> None:
    kept = books(claim(standing=Standing.HELD))
    kept.pay(payment(), BEFORE)
    assert next_unpaid(UUID(int=1), state, kept.standing.values(), date(2017, 2, 8)) == day


def test_an_entry_always_sums_to_its_payment() -> None:
    kept = books(claim(), claim(2, 90, "toinen", standing=Standing.HELD))
    why: Why = "claim"
    made = [*kept.pay(payment(), BEFORE), *kept.claim(replace(claim(2), standing=Standing.ENDED), why, BEFORE)]
    assert [entry.client + sum(share.amount for share in entry.shares) for entry in made] == [300, 300]


@pytest.mark.parametrize(
    ("net", "stands"),
    [(300, {"kunta": 80, "(kunta)": 20}), (70, {"kunta": 70}), (80, {"kunta": 80})],
    ids=["more", "less", "as much"],
)
def test_given_a_suspended_claim_when_a_settled_payment_is_corrected_then_what_was_paid_stays_and_growth_is_held(
    net: int, stands: dict[str, int]
) -> None:
    kept = books(claim())
    kept.pay(payment(80), BEFORE)
    kept.claim(claim(standing=Standing.HELD), "claim", AFTER)
    ((_, _, shares, client),) = told(kept.pay(payment(net, version=2), AFTER))
    assert (shares, client) == (stands, net - sum(stands.values()))


@pytest.mark.parametrize(
    ("then", "stands"), [(claim(), {"kunta": 100}), (claim(stops_from=date(2017, 2, 7)), {"kunta": 80})]
)
def test_given_held_growth_of_what_was_paid_then_it_joins_it_when_the_claim_resumes_and_is_lost_when_it_had_stopped(
    then: Claimed, stands: dict[str, int]
) -> None:
    kept = books(claim())
    kept.pay(payment(80), BEFORE)
    kept.claim(claim(standing=Standing.HELD), "claim", AFTER)
    kept.pay(payment(300, version=2), AFTER)
    assert next_unpaid(UUID(int=1), ClaimState.SUSPENDED, kept.standing.values(), AFTER.date()) == date(2017, 2, 9)
    (entry,) = kept.claim(then, "claim", AFTER)
    assert told([entry]) == [("P", 3, stands, 300 - sum(stands.values()))]
    assert len(entry.shares) == 1


def test_given_a_payment_of_a_benefit_that_is_not_known_when_a_claim_comes_then_it_is_the_clients() -> None:
    kept = books(claim())
    assert kept.pay(replace(payment(), benefit="no_such"), BEFORE) == []
    assert kept.claim(claim(2), "claim", BEFORE) == []


def test_given_care_when_a_payment_is_also_for_years_before_its_days_then_only_its_own_months_are_looked_up() -> None:
    care = {Month(1900, 1): CareFee(Decimal(500), Decimal(800))}
    kept = books(claim(ground=Ground.AML_14, care=care, advances={}))
    (entry,) = kept.pay(replace(payment(1_000), first=date(2007, 6, 1)), BEFORE)
    assert {share.month for share in entry.shares} == {JANUARY, FEBRUARY}
