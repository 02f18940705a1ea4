"""The log supervisor's generic report of December 2016, made by the audit service when the year had turned."""

from typing import Final

from deploy.demo.stage import Stage, until
from deploy.demo.tale import Tale

MONTH: Final = "2016-12"
MUNICIPALITY: Final = "837"
"""Tampere, where the story's emergency override was used."""
FOLDER: Final = "audit-reports"
SHOWN: Final = 18
_MADE: Final = f"select count(*) from generic_report where month = '{MONTH}'"


async def generic(stage: Stage, tale: Tale) -> None:
    """Wait for the reports, write one municipality's files, and keep its first lines for the screen."""

    async def made() -> bool:
        return await stage.number("audit", _MADE) > 0

    await until(f"the generic reports of {MONTH}", made)
    folder = str(stage.out / FOLDER)
    _, said = await stage.kelmu(
        "audit", "report", "generic", MONTH, folder, "--municipality", MUNICIPALITY, "--language", "en"
    )
    tale.log_report = said.splitlines()[:SHOWN]
    tale.check(
        "generic reports",
        holds=bool(tale.log_report),
        figures=f"{await stage.number('audit', _MADE)} of {MONTH}, made once on the 1st at 06:00, without persons",
    )
