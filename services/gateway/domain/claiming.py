"""What the claim form offers for a benefit, by the same matrix that the claims service judges by. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.contracts.claims import Ground
from shared.finnish.claim_matrix import Cell, Policy

LIVE: Final = ("identity_code", "benefit", "ground", "first", "account", "reference", "handler_name", "handler_phone")
"""What a form holds before it is worth asking the claims service about it while somebody still types."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be done about a benefit.

    Attributes:
        grounds: Grounds on which it can be claimed here.
        forbidden: Grounds on which it cannot be claimed by whatever way.
        written: Grounds on which it can be claimed in writing only.
        forms: The forms that serve otherwise; none: a written claim without a form of its own.
    """

    grounds: tuple[Ground, ...] = ()
    forbidden: tuple[Ground, ...] = ()
    written: tuple[Ground, ...] = ()
    forms: tuple[str, ...] = ()


ANY: Final = Offer(grounds=tuple(Ground))
"""Before a benefit is chosen; without script the form can be filled in at once, and the claims service judges."""


def offer_of(policy: Policy, benefit: str, day: date) -> Offer:
    """What the form offers for a benefit on a day; of one that the matrix does not know, a written claim."""
    cells = {ground: policy.cell(benefit, ground, day) for ground in Ground}

    def those(cell: Cell) -> tuple[Ground, ...]:
        return tuple(ground for ground, found in cells.items() if found is cell)

    row = policy.row(benefit, day)
    return Offer(
        grounds=those(Cell.ALLOWED),
        forbidden=those(Cell.FORBIDDEN),
        written=those(Cell.EMPTY),
        forms=() if row is None else row.forms,
    )


def facts_shown(offer: Offer, fields: Mapping[str, str], errors: tuple[str, ...]) -> frozenset[Ground]:
    """Of which grounds the form asks the facts: of the chosen one, else of all that are offered.

    What was typed, or is at fault, is never hidden.
    """
    chosen = fields.get("ground")
    shown = {ground for ground in offer.grounds if chosen in {None, ground.value}}
    if "advances" in errors or any(name.startswith("advance_") for name in fields):
        shown.add(Ground.TOTUL_23)
    if "care" in errors or any(name.startswith("care_") for name in fields):
        shown.add(Ground.AML_14)
    return frozenset(shown)


def is_ready(fields: Mapping[str, str]) -> bool:
    """Whether a form that somebody still fills in holds enough to be asked about."""
    return all(fields.get(name) for name in LIVE) and bool(fields.get("amount") or fields.get("whole"))
