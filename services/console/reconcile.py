"""Compare what Kafka holds of a month with what audit and billing hold; name every difference."""

import asyncio
import sys
from collections.abc import Iterator
from typing import Annotated, Final

import typer

from services.console.reconciling import SERVICES, Reconciled, Reconciler
from shared.clock.civil import Month
from shared.counting import Difference
from shared.log import configure

_DIFFERENT: Final = 1
MOST_IDS: Final = 10
"""Ids named one by one for each service and place; of more, only how many."""


def command(
    month: Annotated[str, typer.Option(help="Such as 2016-12.")],
    kafka: Annotated[str, typer.Option(envvar="KELMU_KAFKA", help="host:port")],
    seconds: Annotated[float, typer.Option(min=1, help="How long Kafka and the services may take.")] = 120.0,
) -> None:
    """Compare what Kafka holds of a month with what audit and billing hold; exit code 1 when anything differs."""
    chosen = Month.parse(month)
    reconciler = Reconciler(kafka=kafka, log=configure("console", "ERROR"), patience=seconds)
    found = asyncio.run(reconciler.reconcile(chosen))
    for line in lines(chosen, found):
        typer.echo(line)
    if found.differences:
        sys.exit(_DIFFERENT)


def lines(month: Month, found: Reconciled) -> Iterator[str]:
    """What was found, in words."""
    for difference in found.differences:
        yield from _difference(difference)
    if found.unreadable:
        yield f"{found.unreadable} records on Kafka cannot be read: opaque entries in audit, billing's quarantine."
    if found.differences:
        yield f"{month}: {found.events} events on Kafka; {len(found.differences)} agreements and days DIFFER."
    else:
        yield f"{month}: {found.events} events on Kafka; audit and billing hold the same."


def _difference(found: Difference) -> Iterator[str]:
    day, agreement = found.place
    held = ", ".join(f"{service} {found.held[service]}" for service in SERVICES)
    yield f"{day} {agreement or '(no agreement)'}: Kafka {found.published}, {held}"
    for service in SERVICES:
        for kind, ids in (("misses", found.missing[service]), ("has beyond Kafka", found.extra[service])):
            yield from (f"  {service} {kind} {one}" for one in ids[:MOST_IDS])
            if len(ids) > MOST_IDS:
                yield f"  {service} {kind} {len(ids) - MOST_IDS} more"
    if len(set(found.held.values()) | {found.published}) == 1:
        yield "  the counts agree, but the events are not the same ones"
