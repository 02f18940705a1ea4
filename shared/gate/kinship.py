"""Kinship (läheinen) in the sense of L 434/2003 28 §, told from paths over the register's links.

A path leads from the worker to the client, one link a step: the worker's parent's sibling is `("parent", "sibling")`.
The table says which paths disqualify (2 mom. 1-3 kohta: the nearest, and the spouse's corresponding relatives). Links
of siblings may be missing, so paths round by the parent stand beside them. Cousins (serkku) are not covered.
That former partners of relatives do not count, and that the spouse of an aunt or uncle does, is assumed.
"""

from collections.abc import Iterable
from typing import Final

Path = tuple[str, ...]

SELF: Final = "self"

KINSHIPS: Final[dict[Path, str]] = {
    (): SELF,
    ("partner",): "partner",
    ("former_partner",): "former_partner",
    ("child",): "child",
    ("parent",): "parent",
    ("sibling",): "sibling",
    ("parent", "child"): "sibling",
    ("parent", "parent"): "grandparent",
    ("child", "child"): "grandchild",
    ("parent", "sibling"): "aunt_or_uncle",
    ("parent", "parent", "child"): "aunt_or_uncle",
    ("sibling", "child"): "nephew_or_niece",
    ("parent", "child", "child"): "nephew_or_niece",
    ("parent", "partner"): "step_parent",
    ("partner", "child"): "step_child",
    ("parent", "partner", "child"): "step_sibling",
    ("partner", "parent"): "parent_in_law",
    ("child", "partner"): "child_in_law",
    ("partner", "sibling"): "sibling_in_law",
    ("partner", "parent", "child"): "sibling_in_law",
    ("sibling", "partner"): "sibling_in_law",
    ("parent", "child", "partner"): "sibling_in_law",
    ("parent", "parent", "partner"): "step_grandparent",
    ("parent", "partner", "parent"): "step_grandparent",
    ("partner", "child", "child"): "step_grandchild",
    ("child", "partner", "child"): "step_grandchild",
    ("partner", "parent", "parent"): "grandparent_in_law",
    ("child", "child", "partner"): "grandchild_in_law",
    ("parent", "sibling", "partner"): "aunt_or_uncle_in_law",
    ("parent", "parent", "child", "partner"): "aunt_or_uncle_in_law",
    ("partner", "parent", "sibling"): "aunt_or_uncle_in_law",
    ("partner", "parent", "parent", "child"): "aunt_or_uncle_in_law",
    ("partner", "sibling", "child"): "nephew_or_niece_in_law",
    ("partner", "parent", "child", "child"): "nephew_or_niece_in_law",
    ("sibling", "child", "partner"): "nephew_or_niece_in_law",
    ("parent", "child", "child", "partner"): "nephew_or_niece_in_law",
}

LONGEST: Final = max(len(path) for path in KINSHIPS)
"""How many links a reader of the register must follow to find everybody who counts."""

_NEAREST_FIRST: Final = tuple(dict.fromkeys(KINSHIPS.values()))


def kinship_of(paths: Iterable[Path]) -> str | None:
    """The nearest kinship that any of the paths makes; None when none does.

    Args:
        paths: Paths from the worker to the client over kinds of links. The empty path: they are the same person.
    """
    found = {KINSHIPS[path] for path in paths if path in KINSHIPS}
    return next((kinship for kinship in _NEAREST_FIRST if kinship in found), None)
