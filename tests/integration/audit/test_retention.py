"""Personal parts whose time is over are erased by their keys, once, and the log stays whole."""

from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy import text

from services.audit.retention import Retention
from shared.clock.civil import Month
from shared.contracts.completeness import PersonalPartsErased
from tests.integration.audit.world import Log, access, keeper
from verifier.export import verify

DECEMBER = Month(2016, 12)
TWELVE_YEARS_ON = datetime(2029, 1, 1, tzinfo=UTC)
LAST_DAY = datetime(2028, 12, 31, 21, 59, tzinfo=UTC)
NEXT_MONTH = 100_000


def retention(log: Log, now: datetime) -> Retention:
    return Retention(log.engine, 12, lambda: now, structlog.get_logger("test"))


async def told(log: Log) -> list[PersonalPartsErased]:
    query = text("select body from outbox where type = :type order by id")
    async with log.engine.connect() as conn:
        rows = await conn.execute(query, {"type": PersonalPartsErased.ce_type})
        return [PersonalPartsErased.model_validate_json(row.body) for row in rows]


async def test_a_month_is_erased_once_when_its_time_is_over_and_the_log_stays_whole(log: Log, tmp_path: Path) -> None:
    # given look-ups of four clients in December, a page of a list, and one in January
    one_keeper = keeper()
    looks = [*(access(n) for n in range(6)), access(8, listed=("010180-9015", "010180Y9026"))]
    await log.feed([*looks, access(9, seconds=NEXT_MONTH)], one_keeper.append)
    await log.sign()
    # when twelve years are not quite over, then over, and it is run twice
    assert await retention(log, LAST_DAY).once() == []
    assert await retention(log, TWELVE_YEARS_ON).once() == [DECEMBER]
    assert await retention(log, TWELVE_YEARS_ON).once() == []
    # then nothing of December opens, January does, and database and export verify
    await log.sign()
    checked = await log.check()
    assert checked.whole
    assert checked.personal == {"erased": 7, "sealed": 1}
    assert verify(await log.export(tmp_path / "export")).whole
    # and it is told once, to be an entry of the log itself
    assert [(one.month, one.keys, one.years) for one in await told(log)] == [(DECEMBER, 5, 12)]
    # what comes late is sealed under a new key, and erased and told by itself
    await log.feed([access(20)], one_keeper.append)
    assert await retention(log, TWELVE_YEARS_ON).once() == [DECEMBER]
    assert [one.keys for one in await told(log)] == [5, 1]
