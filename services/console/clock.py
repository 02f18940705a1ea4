"""The business clock: show it, let it stand, run or jump. It decides law, prices and paydays."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from shared.clock.business import BusinessClockError, FileClock, Standing
from shared.clock.civil import at_helsinki, helsinki

app = typer.Typer(no_args_is_help=True)

File = Annotated[Path | None, typer.Option(envvar="KELMU_CLOCK_FILE", help="The shared clock file.")]
Instant = Annotated[str, typer.Argument(help="2016-12-31T23:59:30 in Helsinki, or with an offset.")]


@app.command()
def show(file: File = None) -> None:
    """Show what the business clock says."""
    _tell(_clock(file))


@app.command()
def stand(at: Instant, file: File = None) -> None:
    """Let the clock stand still at an instant, for every process."""
    clock = _clock(file)
    clock.stand_at(_instant(at))
    _tell(clock)


@app.command()
def run(file: File = None) -> None:
    """Let a standing clock run on from where it stands."""
    clock = _clock(file)
    clock.run()
    _tell(clock)


@app.command()
def jump(to: Instant, file: File = None) -> None:
    """Move the clock to an instant; it goes on standing or running."""
    clock = _clock(file)
    clock.jump_to(_instant(to))
    _tell(clock)


def _clock(file: Path | None) -> FileClock:
    if file is None:
        raise BusinessClockError("No clock file is set: business time is system time. Name one with --file.")
    return FileClock(file)


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BusinessClockError("This is no instant. Write it as 2016-12-31T23:59:30.") from None
    return found if found.tzinfo is not None else at_helsinki(found.date(), found.time())


def _tell(clock: FileClock) -> None:
    mode = "stands" if isinstance(clock.state(), Standing) else "runs"
    typer.echo(f"{helsinki(clock.now()):%Y-%m-%d %H:%M:%S} Helsinki, {mode}")
