"""What a member municipality is told of a line of its joint body: its own part, and nothing that tells of the others.

The total of a line, its calculation and the price of a line without units would tell what the others pay.
"""

from typing import NamedTuple

from services.billing.domain.composing import TIMES
from services.billing.domain.invoice import Line
from services.billing.explaining import Explained, bodies
from services.billing.store.explaining import FactEvent
from shared.money import ZERO

UNSOUND = "What is found for this municipality's organisation does not make what was charged: ask Kela's billing."


class Figures(NamedTuple):
    """The numbers of a line as somebody is told them."""

    quantity: int
    unit_price: str
    amount: str
    calculation: str


def borne(line: Line, only: str | None) -> bool:
    """Whether somebody bears a part of a line: whoever is told all, or one member."""
    return only is None or only in {part.municipality for part in line.parts}


def figures(line: Line, only: str | None) -> Figures:
    """The numbers of a line, or of one member's part of it.

    A part without units of its own (a minimum invoice, a year by inhabitants, a correction) is told as one amount.
    """
    if only is None:
        return Figures(line.quantity, str(line.unit_price), str(line.amount), line.calculation)
    own = [part for part in line.parts if part.municipality == only]
    amount = sum((part.amount for part in own), ZERO)
    units = [part.quantity for part in own if part.quantity is not None]
    if not units:
        return Figures(1, str(amount), str(amount), f"{only}: {amount}")
    told = f"{only}: {sum(units)} {TIMES} {line.unit_price}, {amount}"
    return Figures(sum(units), str(line.unit_price), str(amount), told)


def fault(found: Explained, only: str | None) -> str | None:
    """What does not fit, without others' counts."""
    return found.fault if only is None or found.fault is None else UNSOUND


def facts(found: Explained, only: str | None) -> tuple[FactEvent, ...]:
    """The events that stated members and population; to a member, of the agreement and of itself."""
    if only is None:
        return found.facts
    ground = found.ground
    own = {ground.line.charged.agreement, *bodies({only}, ground.days[0].year)}
    return tuple(fact for fact in found.facts if fact.what in own)
