"""Kinship (läheinen) in the sense of L 434/2003 28 §, told from paths over the register's links.

A path leads from the worker to the client, one link a step: the worker's parent's sibling is `("parent", "sibling")`.
The table says which paths disqualify (2 mom. 1-3 kohta: the nearest, and the spouse's corresponding relatives). Cousins
(serkku) are not covered. Links may be missing in the register, so a path that goes round by a parent or a sibling is
shortened first (`SHORTCUTS`); half and full siblings count alike, which may hold somebody back who is not covered.
That, that former partners of relatives do not count, and that the spouse of an aunt or uncle does, is assumed.
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
    ("parent", "parent"): "grandparent",
    ("child", "child"): "grandchild",
    ("parent", "sibling"): "aunt_or_uncle",
    ("sibling", "child"): "nephew_or_niece",
    ("parent", "partner"): "step_parent",
    ("partner", "child"): "step_child",
    ("parent", "partner", "child"): "step_sibling",
    ("partner", "parent"): "parent_in_law",
    ("child", "partner"): "child_in_law",
    ("partner", "sibling"): "sibling_in_law",
    ("sibling", "partner"): "sibling_in_law",
    ("parent", "parent", "partner"): "step_grandparent",
    ("parent", "partner", "parent"): "step_grandparent",
    ("partner", "child", "child"): "step_grandchild",
    ("child", "partner", "child"): "step_grandchild",
    ("partner", "parent", "parent"): "grandparent_in_law",
    ("child", "child", "partner"): "grandchild_in_law",
    ("parent", "sibling", "partner"): "aunt_or_uncle_in_law",
    ("partner", "parent", "sibling"): "aunt_or_uncle_in_law",
    ("partner", "sibling", "child"): "nephew_or_niece_in_law",
    ("sibling", "child", "partner"): "nephew_or_niece_in_law",
}

SHORTCUTS: Final[dict[Path, Path]] = {
    ("parent", "child"): ("sibling",),
    ("sibling", "sibling"): ("sibling",),
    ("sibling", "parent"): ("parent",),
    ("child", "sibling"): ("child",),
}
"""Who somebody two links away is at once. A path that leads back to the worker is found as the empty one too."""

LONGEST: Final = 4
"""How many links a reader of the register must follow: every path of the table also where each link of siblings is
missing and is gone round by the parent."""

_NEAREST_FIRST: Final = tuple(dict.fromkeys(KINSHIPS.values()))


def kinship_of(paths: Iterable[Path]) -> str | None:
    """The nearest kinship that any of the paths makes; None when none does.

    Args:
        paths: Paths from the worker to the client over kinds of links. The empty path: they are the same person.
    """
    found = {KINSHIPS.get(_shortened(path)) for path in paths}
    return next((kinship for kinship in _NEAREST_FIRST if kinship in found), None)


def _shortened(path: Path) -> Path:
    """The path with every shortcut taken; whichever is taken first, the same is left."""
    for at in range(len(path) - 1):
        short = SHORTCUTS.get(path[at : at + 2])
        if short is not None:
            return _shortened((*path[:at], *short, *path[at + 2 :]))
    return path
