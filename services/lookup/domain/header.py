"""The head of the person page, and what a safety prohibition (turvakielto) hides on all of the page.

Contact details and home municipality are hidden from all but named roles (L 661/2009 36 §; golden: in the header, "paid
to", claims and notices). The name is shown. Words that somebody typed may name a place in ways that no list of names
would find, inflected or as a street, so none of them is shown then: a mark stands where they are.
"""

from dataclasses import dataclass
from typing import Final

from shared.contracts.access import Relation
from shared.contracts.answers import DecisionRow, InterruptionRow, Pending
from shared.contracts.base import Contract
from shared.contracts.register import Person

HIDDEN: Final = "•••"
"""Stands for words that a safety prohibition hides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Who the client is, as far as it is shown."""

    name: str = ""
    municipality: str | None = None
    address: str | None = None
    phone: str | None = None
    relation: Relation | None = None
    safety_prohibition: bool = False
    masked: bool = False
    """What the prohibition covers is hidden from this worker."""


def header_of(person: Person | None, relation: Relation | None, *, sees_protected: bool) -> Header:
    """The header of a client.

    Args:
        person: The register's record; None when it has none: nobody knows then whether there is a prohibition, so
            typed words are hidden as under one.
        relation: What made the client relation. That the client lives in the worker's municipality is itself hidden.
        sees_protected: Whether the worker's role sees what a safety prohibition hides.
    """
    if person is None:
        return Header(relation=relation, masked=not sees_protected)
    masked = person.safety_prohibition and not sees_protected
    return Header(
        name=f"{person.last_name} {person.first_names}",
        municipality=None if masked else person.municipality,
        address=None if masked else person.address,
        phone=None if masked else person.phone,
        relation=None if masked and relation is Relation.HOME else relation,
        safety_prohibition=person.safety_prohibition,
        masked=masked,
    )


def mask(row: Contract) -> Contract:
    """A row without what somebody typed. Claims and payments carry codes only, and nothing of them names a place."""
    match row:
        case Pending():
            return row.model_copy(update={"missing": (HIDDEN,) * len(row.missing)})
        case DecisionRow():
            return row.model_copy(update={"terms": row.terms and HIDDEN})
        case InterruptionRow():
            return row.model_copy(update={"reason": HIDDEN})
        case _:
            return row
