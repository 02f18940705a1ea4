"""Finance in the story: closing months, use that comes late, the instalment, and every file that finance gets."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import orjson

from deploy.demo.agreements.parties import agreement_id
from deploy.demo.history import Surroundings, late_look_ups
from deploy.demo.loading import publish_all
from deploy.demo.operating import DemonstrationFailed
from deploy.demo.stage import Stage, helsinki_instant, until
from deploy.demo.tale import Tale
from shared.money import format_money, parse_amount

INSTALMENT: Final = "2017/1"
INSTALMENT_DAY: Final = helsinki_instant(date(2017, 3, 1), 9)
LATE: Final = 80
JUANKOSKI: Final = "174"
"""Merged into Kuopio on 1.1.2017, after the use and before it arrived (golden G9)."""
KINDS: Final = (".json", ".csv", ".xlsx", ".xml", ".ubl.xml", ".pdf", ".svg")
"""What the folder of finance holds: documents in every format, the journal, monthly packs, the price change."""


async def close(stage: Stage, tale: Tale, months: Sequence[str]) -> None:
    """Finance closes ended months of 2016."""
    for month in months:
        _, printed = await stage.kelmu("billing", "close", month, "--json", accept=(0, 3))
        _invoiced(tale, month, printed)


async def late_usage(stage: Stage, around: Surroundings) -> None:
    """Look-ups of Juankoski in December arrive after its December was invoiced."""
    before = await stage.number("billing", "select count(*) from usage where quantity = 1")
    await publish_all(stage.stack.kafka, late_look_ups(LATE, JUANKOSKI, around))

    async def arrived() -> bool:
        return await stage.number("billing", "select count(*) from usage where quantity = 1") == before + LATE

    await until("the late look-ups in billing", arrived)


async def issue_instalment(stage: Stage, tale: Tale) -> None:
    """On 1.3.2017 finance issues the first instalment of the new model; it carries what came late."""
    stage.clock.jump_to(INSTALMENT_DAY)
    _, printed = await stage.kelmu("billing", "instalment", INSTALMENT, "--json", accept=(0, 3))
    run = _invoiced(tale, INSTALMENT, printed)
    corrected = [one for one in run["corrections"] if one["agreement"] == agreement_id(JUANKOSKI)]
    if len(corrected) != 1:
        raise DemonstrationFailed(f"the late look-ups led to {len(corrected)} corrections")
    charged, rated = (parse_amount(str(corrected[0][what])) for what in ("charged", "rated"))
    document, outcome = corrected[0]["document"], corrected[0]["outcome"]
    tale.told.append(
        f"{LATE} look-ups of Juankoski in December came after its invoice of {format_money(charged, 'fi')}: the month "
        f"is {format_money(rated, 'fi')}, {document} to Kuopio charges the {format_money(rated - charged, 'fi')}"
    )
    tale.check(
        "use that came late is charged once, by the next invoice of who pays now",
        holds=outcome == "invoiced" and rated > charged and await _carries(stage, str(document), rated - charged),
        figures=f"{charged} + {rated - charged} = {rated} €",
    )


async def _carries(stage: Stage, document: str, amount: Decimal) -> bool:
    """Whether a document of Kuopio's agreement has a line for December of Juankoski's."""
    lines = await stage.rows(
        "billing",
        "select i.agreement as payer, c.amount from charge c join invoice i on i.number = c.document "
        f"where c.why = 'correction' and c.period = '2016-12' and c.agreement = '{agreement_id(JUANKOSKI)}' "
        f"and c.document = '{document}'",
    )
    return [(row["payer"], row["amount"]) for row in lines] == [(agreement_id("297"), amount)]


def _invoiced(tale: Tale, period: str, printed: str) -> dict[str, list[dict[str, object]]]:
    run = orjson.loads(printed[printed.index("{") :])
    tale.invoiced[period] = parse_amount(str(run["total"]))
    tale.invoices[period] = len(run["issued"])
    return dict(run)


async def recompute(stage: Stage, tale: Tale) -> None:
    """The sum of invoices against rating everything from zero."""
    code, printed = await stage.kelmu("billing", "recompute", "--json", accept=(0, 1))
    tale.rerated = parse_amount(str(orjson.loads(printed[printed.index("{") :])["rerated"]))
    tale.check(
        "sum of invoices = rating everything from zero",
        holds=code == 0 and tale.rerated == tale.total,
        figures=f"{tale.total} = {tale.rerated} €",
    )


async def write(stage: Stage, folder: Path, periods: Sequence[str]) -> None:
    """Every document of some periods in every format."""
    await stage.kelmu("billing", "files", str(folder), *(word for period in periods for word in ("--period", period)))


async def report(stage: Stage, folder: Path) -> None:
    """The journal, the monthly packs and the price change."""
    await stage.kelmu("billing", "report", "all", str(folder / "reports"))


def check_files(tale: Tale, folder: Path) -> None:
    """Finance got a file of every kind, and one of each for every document."""
    names = [path.name for path in folder.rglob("*") if path.is_file()]
    counts = {kind: sum(name.endswith(kind) for name in names) for kind in KINDS}
    counts[".xml"] -= counts[".ubl.xml"]
    tale.check(
        "finance has every kind of file",
        holds=all(counts.values()) and counts[".ubl.xml"] == sum(tale.invoices.values()),
        figures=", ".join(f"{count} {kind}" for kind, count in counts.items()),
    )
