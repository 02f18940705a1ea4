"""Which product an event is, and that nothing personal is left of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.billing.book_files import load_prices
from services.billing.domain.products import NoProductError
from services.billing.domain.usage import of_access, of_claim
from shared.clock.civil import Month
from shared.contracts.access import AccessDecided, Action, Outcome
from shared.contracts.base import Channel
from shared.contracts.claims import ClaimRegistered, ClaimState

PRICES = load_prices()
PRODUCTS = PRICES.products
EVENT = UUID(int=7)
WORKER = "v1." + "a" * 26
IN_2016 = datetime(2016, 11, 3, 10, tzinfo=UTC)
IN_2017 = datetime(2017, 1, 3, 10, tzinfo=UTC)


def access(
    outcome: Outcome = Outcome.GRANTED,
    time: datetime = IN_2016,
    channel: Channel = Channel.UI,
    service: str = "lookup",
    worker: str | None = WORKER,
    action: Action = Action.LOOK_UP,
) -> AccessDecided:
    return AccessDecided(
        request=EVENT,
        time=time,
        outcome=outcome,
        channel=channel,
        service=service,
        member="091",
        agreement="A-1",
        worker=worker,
        action=action,
        commitment="0" * 64,
        personal="access.1.sealed",
    )


@dataclass(frozen=True)
class Case:
    outcome: Outcome
    channel: Channel
    time: datetime
    product: str
    active: bool


@pytest.mark.parametrize(
    "case",
    [
        Case(Outcome.GRANTED, Channel.UI, IN_2016, "QUERY_PERSON", active=True),
        Case(Outcome.GRANTED, Channel.INTERFACE, IN_2016, "QUERY_INTERFACE", active=True),
        Case(Outcome.GRANTED, Channel.INTERFACE, IN_2017, "QUERY_PERSON", active=True),
        Case(Outcome.EMPTY, Channel.UI, IN_2016, "QUERY_NOHIT", active=True),
        Case(Outcome.REFUSED, Channel.UI, IN_2016, "NOT_CHARGED", active=False),
        Case(Outcome.ABORTED, Channel.INTERFACE, IN_2017, "NOT_CHARGED", active=False),
        Case(Outcome.FAILED, Channel.UI, IN_2017, "NOT_CHARGED", active=False),
    ],
)
def test_outcome_channel_and_date_decide_the_product_and_who_is_active(case: Case) -> None:
    row = of_access(EVENT, access(case.outcome, case.time, case.channel), PRODUCTS)
    assert row.product == case.product
    assert (row.worker == WORKER) is case.active


@pytest.mark.parametrize("time", [IN_2016, IN_2017])
@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("outcome", [Outcome.GRANTED, Outcome.EMPTY])
@pytest.mark.parametrize(
    ("action", "product"),
    [
        (Action.REDISPLAY, "QUERY_REDISPLAY"),
        (Action.LIST, "LIST_DOWNLOAD"),
        (Action.NOTICES, "ETOTU_NOTICE"),
        (Action.NOTICE, "ETOTU_NOTICE"),
        (Action.NOTICE_CHANGE, "ETOTU_NOTICE"),
        (Action.ANNOTATION, "ANNOTATION"),
        (Action.DRY_RUN, "DRY_RUN"),
    ],
)
def test_whatever_is_no_look_up_is_free_and_makes_nobody_active(
    action: Action, product: str, outcome: Outcome, channel: Channel, time: datetime
) -> None:
    row = of_access(EVENT, access(outcome, time, channel, action=action), PRODUCTS)
    price = PRICES.books.at(row.day).item(row.product)
    assert (row.product, row.worker) == (product, None)
    assert price is not None
    assert price.price == 0


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.ABORTED, Outcome.FAILED])
def test_what_showed_nothing_is_not_charged_whatever_was_attempted(action: Action, outcome: Outcome) -> None:
    row = of_access(EVENT, access(outcome, action=action), PRODUCTS)
    assert (row.product, row.worker) == ("NOT_CHARGED", None)


def test_a_look_up_by_a_system_that_names_no_person_makes_nobody_active() -> None:
    row = of_access(EVENT, access(channel=Channel.INTERFACE, worker=None), PRODUCTS)
    assert (row.product, row.worker) == ("QUERY_INTERFACE", None)


@pytest.mark.parametrize("service", ["audit", "claims"])
def test_looking_at_the_log_or_registering_a_claim_is_no_query(service: str) -> None:
    row = of_access(EVENT, access(service=service), PRODUCTS)
    assert (row.product, row.worker) == ("NOT_CHARGED", None)


def test_a_registered_claim_is_metered_and_makes_nobody_active() -> None:
    claim = ClaimRegistered(
        claim=EVENT,
        number="M-1",
        time=IN_2016,
        state=ClaimState.REGISTERED,
        channel=Channel.UI,
        organisation="0246246-0",
        member="091",
        agreement="A-1",
        worker=WORKER,
        client="v1." + "b" * 26,
        commitment="0" * 64,
        personal="claims.1.sealed",
    )
    row = of_claim(EVENT, claim, PRODUCTS)
    assert (row.product, row.worker) == ("CLAIM_REGISTER", None)


def test_the_event_time_decides_the_price_period_at_new_year() -> None:
    before = of_access(EVENT, access(time=datetime(2016, 12, 31, 21, 59, 59, 999000, UTC)), PRODUCTS)
    after = of_access(EVENT, access(time=datetime(2016, 12, 31, 22, 0, tzinfo=UTC)), PRODUCTS)
    assert (before.day, before.period) == (date(2016, 12, 31), Month(2016, 12))
    assert (after.day, after.period) == (date(2017, 1, 1), Month(2017, 1))


def test_the_last_utc_hours_of_october_are_november() -> None:
    row = of_access(EVENT, access(time=datetime(2016, 10, 31, 22, 30, tzinfo=UTC)), PRODUCTS)
    assert row.period == Month(2016, 11)


def test_an_event_older_than_the_first_book_has_no_product() -> None:
    with pytest.raises(NoProductError, match="2014-12-31"):
        of_access(EVENT, access(time=datetime(2014, 12, 31, 12, tzinfo=UTC)), PRODUCTS)


def test_a_usage_row_holds_nothing_of_the_client() -> None:
    row = of_access(EVENT, access(), PRODUCTS)
    assert set(row._fields) == {"event", "agreement", "member", "product", "time", "day", "worker", "service"}
