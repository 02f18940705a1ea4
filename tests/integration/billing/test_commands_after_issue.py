"""What an operator sees of one invoice's whole life: late use, demand, decision, payment; the sums still agree."""

import asyncio
from datetime import date

import orjson
import pytest

from services.billing.store.usage import record_usage
from shared.clock.business import FileClock
from shared.clock.civil import at_helsinki
from tests.harness.consuming import engine_for
from tests.integration.billing.test_commands import billing, clock, kelmu, uses

__all__ = ["billing", "clock"]


def read(*arguments: str) -> dict[str, object]:
    result = kelmu(*arguments, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, object] = orjson.loads(result.stdout)
    return found


def late(database: str) -> None:
    async def store() -> None:
        engine = engine_for(database)
        async with engine.begin() as conn:
            await record_usage(conn, uses(100, "late"))
        await engine.dispose()

    asyncio.run(store())


def test_an_invoice_is_previewed_issued_corrected_disputed_decided_paid_and_adds_up(
    billing: str,
    clock: FileClock,
) -> None:
    preview = kelmu("preview", "2016-12")
    assert "DRAFT 2016-12: 1 invoices, 90.00 €; nothing is issued." in preview.stdout
    assert kelmu("preview", "2016-12", "--csv").stdout.splitlines()[1].startswith("A-091,0201256-6,2016-12,2017-02-01")
    assert kelmu("close", "2016-12").exit_code == 0

    late(billing)
    compared = read("compare", "2016-12")
    assert compared["agreements"] == [{"agreement": "A-091", "issued": "90.00", "draft": "98.00", "difference": "8.00"}]
    assert kelmu("recompute").exit_code == 1
    assert "charged 90.00 €, rated 98.00 € now; the next invoice carries it." in kelmu("correct").stdout
    issued = kelmu("correct", "--issue")
    assert "J2017-00001 carries it" in issued.stdout
    assert "J2017-00001" in issued.stdout.split("go on paper: ")[1]

    clock.stand_at(at_helsinki(date(2017, 2, 10)))
    asked = kelmu("demand", "K2017-00001", "1", "--received", "2017-02-09", "--grounds", "Counted twice.")
    assert "K2017-00001-D1  K2017-00001 line 1, received 2017-02-09: open: the line rests" in asked.stdout
    unpaid = kelmu("unpaid").stdout.splitlines()
    assert unpaid[0].startswith("2017-02-01  J2017-00001  0201256-6  8.00 €, 9 days late")
    assert "10.00 €, 9 days late (80.00 € rests until a demand is decided)" in unpaid[1]

    decided = kelmu("decide", "K2017-00001-D1", "partly", "--amount", "5", "--grounds", "Some were.")
    assert "K2017-00001-D1: partly_accepted, 5.00 €; credit note H2017-00001." in decided.stdout
    assert "partly_accepted, 5.00 €" in kelmu("demands").stdout
    pay = ("paid", "K2017-00001", "--amount", "90.00", "--on", "2017-02-10", "--reference", "170210A1")
    assert "K2017-00001 is overpaid by 5.00 €." in kelmu(*pay).stdout
    assert "was known already" in kelmu(*pay).stdout
    assert "OVERPAID  K2017-00001  0201256-6  5.00 €" in kelmu("unpaid").stdout

    sums = read("recompute")
    assert (sums["invoiced"], sums["rerated"], sums["rectified"]) == ("98.00", "98.00", "-5.00")


@pytest.mark.usefixtures("billing")
def test_what_cannot_be_done_is_refused_with_its_reason(clock: FileClock) -> None:
    assert kelmu("close", "2016-12").exit_code == 0
    for command, code in (
        (("preview", "2016-1"), "2016-12"),
        (("compare", "2016-12", "--book", "KELMU-2099"), "KELMU-2099"),
        (("demand", "K2017-00009", "--received", "2017-01-02", "--grounds", "Why?"), "demand.unknown_invoice"),
        (("decide", "K2017-00001-D1", "accepted", "--grounds", "So."), "decision.unknown_demand"),
        (("paid", "K1", "--amount", "x", "--on", "2017-01-02", "--reference", "A"), "1234.56"),
    ):
        result = kelmu(*command)
        assert (result.exit_code, code in result.stderr) == (2, True), result.stderr
    clock.stand_at(at_helsinki(date(2017, 1, 1)))
    back = kelmu("close", "2016-12")
    assert back.exit_code == 2
    assert "close.clock_back" in back.stderr
