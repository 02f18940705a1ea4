"""How an instant is read: with its offset, or as the clock on a Finnish wall."""

from datetime import UTC, datetime

import pytest

from services.billing.domain.moments import MomentError, read_moment


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2016-12-31T23:59:59", datetime(2016, 12, 31, 21, 59, 59, tzinfo=UTC)),
        ("2016-12-31T23:59:59+02:00", datetime(2016, 12, 31, 21, 59, 59, tzinfo=UTC)),
        ("2016-12-31T22:00:00Z", datetime(2016, 12, 31, 22, tzinfo=UTC)),
        ("2016-07-01T00:00", datetime(2016, 6, 30, 21, tzinfo=UTC)),
        ("2017-01-01", datetime(2016, 12, 31, 22, tzinfo=UTC)),
    ],
)
def test_an_offset_is_obeyed_and_without_one_finnish_wall_time_is_meant(text: str, instant: datetime) -> None:
    assert read_moment(text).instant == instant


@pytest.mark.parametrize("edge", ["2015-10-25", "2016-10-30", "2017-10-29", "2018-10-28"])
def test_a_wall_time_that_passed_twice_means_the_first_and_says_so(edge: str) -> None:
    found = read_moment(f"{edge}T03:30:00")
    assert found.instant == datetime.fromisoformat(f"{edge}T00:30:00Z")
    assert f"The second, {edge}T01:30:00Z, lies on the same day" in found.reading
    assert "twice" not in read_moment(f"{edge}T02:59:59").reading
    assert "twice" not in read_moment(f"{edge}T04:00:00").reading


@pytest.mark.parametrize("edge", ["2015-03-29", "2016-03-27", "2017-03-26", "2018-03-25"])
def test_a_wall_time_that_never_was_is_refused_with_the_one_that_may_be_meant(edge: str) -> None:
    for wall in ("03:00:00", "03:59:59"):
        with pytest.raises(MomentError) as caught:
            read_moment(f"{edge}T{wall}")
        assert caught.value.code == "moment.skipped"
        assert f"Write {edge} {wall.replace('03', '04', 1)}" in caught.value.advice
    assert read_moment(f"{edge}T04:00:00").instant == datetime.fromisoformat(f"{edge}T01:00:00Z")


@pytest.mark.parametrize("text", ["yesterday", "2016-12-31T24:30", "31.12.2016", "2016-13-01", "0001-01-01T00:00", ""])
def test_what_names_no_instant_is_refused(text: str) -> None:
    with pytest.raises(MomentError) as caught:
        read_moment(text)
    assert caught.value.code == "moment.form"
