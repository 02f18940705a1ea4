"""What operations run about fault reports: `kelmu gateway faults …`. They hold no client's data."""

import asyncio
from typing import Annotated, Final

import typer

from services.gateway.domain.plain_text import names_a_person
from services.gateway.settings import GatewaySettings
from services.gateway.store.news import Fault, FaultState, FaultStore
from shared.clock.civil import helsinki
from shared.kit import offline

app = typer.Typer(help="Fault reports of users.", no_args_is_help=True)
_OPERATOR: Final = "operator"
_REFUSED: Final = 2
Number = Annotated[int, typer.Argument(min=1, help="Number of the report.")]
Remark = Annotated[str, typer.Argument(help="What the reporter is told.")]


@app.command("list")
def list_(*, solved: Annotated[bool, typer.Option("--all", help="Solved ones too.")] = False) -> None:
    """Show the reports that wait, newest first: number, when, where, state, what."""
    for one in asyncio.run(_all()):
        if solved or one.state != "solved":
            when = helsinki(one.at).strftime("%Y-%m-%d %H:%M")
            typer.echo(f"{one.number}  {when}  {one.page}  {one.state or 'new'}  {' '.join(one.text.split())}")


@app.command()
def take(number: Number, remark: Remark) -> None:
    """Note that a report is being looked into."""
    _step(number, "taken", remark)


@app.command()
def solve(number: Number, remark: Remark) -> None:
    """Answer a report as solved."""
    _step(number, "solved", remark)


def _step(number: int, state: FaultState, remark: str) -> None:
    if not remark.strip() or names_a_person(remark):
        _refuse("The remark is empty or names a person. Nothing was noted.")
    if not asyncio.run(_noted(number, state, remark)):
        _refuse(f"There is no report {number} that could be noted so: see `kelmu gateway faults list --all`.")
    typer.echo(f"{number} {state}")


async def _all() -> tuple[Fault, ...]:
    async with offline("gateway", cls=GatewaySettings) as kit:
        return await FaultStore(kit.engine).all()


async def _noted(number: int, state: FaultState, remark: str) -> bool:
    async with offline("gateway", cls=GatewaySettings) as kit:
        store = FaultStore(kit.engine)
        found = next((one for one in await store.all() if one.number == number), None)
        if found is None or found.state == "solved":
            return False
        return await store.step(number, (found.step or 0) + 1, state, remark, (_OPERATOR, kit.clock.now()))


def _refuse(words: str) -> None:
    typer.echo(words, err=True)
    raise typer.Exit(_REFUSED)
