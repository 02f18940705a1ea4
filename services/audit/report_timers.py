"""Wiring of what time does in audit: the generic reports, made by the one process that leads."""

from collections.abc import Sequence

from services.audit import store
from services.audit.ends import Ends
from services.audit.report_data import indicators, working_hours
from services.audit.reporting import Reporting, ReportTimer
from services.audit.store.completeness import gaps_of_month
from shared.bus.topic import Topic
from shared.database.engine import raw
from shared.kit import Kit


def make_reports(kit: Kit, logged: Sequence[Topic]) -> None:
    """Let the process make the generic reports when they are due."""
    kit.background("reports", kit.led("reports", lambda: _make(kit, logged)))


async def _make(kit: Kit, logged: Sequence[Topic]) -> None:
    ends, table = Ends(kit.settings.kafka.split(","), logged), indicators()

    async def caught_up() -> bool:
        """Whether the log holds everything that stood on Kafka when it was asked."""
        try:
            sampled = await ends.sample()
        except Exception as error:  # noqa: BLE001 - whatever keeps Kafka from answering, nothing may be claimed of it
            kit.log.warning("reports_wait", reason=type(error).__name__)
            await ends.close()
            return False
        async with kit.engine.connect() as conn:
            _, reached = await store.committed(await raw(conn))
        return all(reached.get(position, 0) >= end for position, end in sampled.items())

    timer = ReportTimer(
        engine=kit.engine,
        now=kit.clock.now,
        reporting=Reporting(table, working_hours(), gaps_of_month),
        table=table,
        caught_up=caught_up,
        log=kit.log,
    )
    try:
        await timer.for_ever()
    finally:
        await ends.close()
