"""Between which event times a use is taken: not in the future, not more than ten years back."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.billing.book_files import load_prices
from services.billing.domain.usage import MistimedError, Window, of_reversal
from shared.bus.messages import Record, Undecodable, decode
from shared.contracts.access import AccessReversed

LIMITS = load_prices().products.limits
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "time",
    [NOW, NOW + timedelta(minutes=5), datetime(2017, 2, 28, 22, tzinfo=UTC)],
    ids=["now", "within the tolerance of clocks", "ten years back to the day"],
)
def test_what_may_have_happened_is_taken(time: datetime) -> None:
    Window.at(NOW, LIMITS).check(time)


@pytest.mark.parametrize(
    ("time", "code"),
    [
        (NOW + timedelta(minutes=5, seconds=1), "usage.in_future"),
        (datetime(2017, 2, 28, 21, 59, 59, tzinfo=UTC), "usage.too_old"),
        (datetime(2016, 2, 28, 12, tzinfo=UTC), "usage.too_old"),
    ],
)
def test_what_cannot_have_happened_or_is_barred_is_not(time: datetime, code: str) -> None:
    with pytest.raises(MistimedError) as refused:
        Window.at(NOW, LIMITS).check(time)
    assert refused.value.code == code


@pytest.mark.parametrize(("header", "body"), [("", "+00:00"), ("+00:00", "")], ids=["envelope", "event"])
def test_an_event_without_a_time_zone_is_read_by_nobody_and_its_field_is_named(header: str, body: str) -> None:
    naive = "2017-01-01T00:30:00"
    reversal = {"of": str(UUID(int=1)), "time": naive + body, "agreement": "A-1", "member": "091"}
    value = json.dumps({**reversal, "reason": "not_delivered"}).encode()
    headers = {"ce_id": str(UUID(int=2)), "ce_type": AccessReversed.ce_type, "ce_time": naive + header}
    stated = tuple((name, text.encode()) for name, text in headers.items())
    with pytest.raises(Undecodable, match="time") as refused:
        decode(Record("access.events", 0, 0, b"A-1", value, stated, 0))
    assert refused.value.code == ("schema" if header else "header")


def test_ten_years_before_a_leap_day_are_counted_to_the_day_before() -> None:
    window = Window.at(datetime(2028, 2, 29, 12, tzinfo=UTC), LIMITS)
    assert window.first == datetime(2018, 2, 27, 22, tzinfo=UTC)


def test_a_reversal_stands_on_the_day_of_what_it_takes_back() -> None:
    time = datetime(2016, 12, 31, 22, 30, tzinfo=UTC)
    body = AccessReversed(of=UUID(int=1), time=time, agreement="A-1", member="091", reason="not_delivered")
    row = of_reversal(UUID(int=2), body, "lookup")
    assert (row.of, str(row.day), row.source, row.service) == (UUID(int=1), "2017-01-01", "access", "lookup")
