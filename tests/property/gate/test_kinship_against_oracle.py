"""Kinship of every path against a family that is filled in: links that the register lacks are drawn, then looked at."""

from itertools import product

from shared.gate.kinship import LONGEST, kinship_of

LAW = """
self |
partner | partner
former_partner | former_partner
child | child
parent | parent
sibling | sibling
grandparent | parent parent
grandchild | child child
aunt_or_uncle | parent sibling
nephew_or_niece | sibling child
step_parent | parent partner
step_child | partner child
step_sibling | parent partner child
parent_in_law | partner parent
child_in_law | child partner
sibling_in_law | partner sibling
sibling_in_law | sibling partner
step_grandparent | parent parent partner
step_grandparent | parent partner parent
step_grandchild | partner child child
step_grandchild | child partner child
grandparent_in_law | partner parent parent
grandchild_in_law | child child partner
aunt_or_uncle_in_law | parent sibling partner
aunt_or_uncle_in_law | partner parent sibling
nephew_or_niece_in_law | partner sibling child
nephew_or_niece_in_law | sibling child partner
"""
"""L 434/2003 28 §, the nearest first: who somebody is, and the way there."""
WAYS = [(line.split("|")[0].strip(), line.split("|")[1].split()) for line in LAW.strip().splitlines()]
KINDS = ("partner", "former_partner", "child", "parent", "sibling")
TURNED = {"child": "parent", "parent": "child"}

Link = tuple[str, int, int]
"""Kind, from, to: the second person is this of the first one."""


def filled_in(links: set[Link]) -> set[Link]:
    """Draw what follows: each link turned round, children of one parent are siblings, and share their parents."""
    while True:
        more = {(TURNED.get(kind, kind), to, start) for kind, start, to in links}
        for (one, start, middle), (two, again, to) in product(links, repeat=2):
            if middle != again or start == to:
                continue
            if (one, two) in {("parent", "child"), ("sibling", "sibling")}:
                more.add(("sibling", start, to))
            if (one, two) == ("sibling", "parent"):
                more.add(("parent", start, to))
        if more <= links:
            return links
        links = links | more


def leads(links: set[Link], way: list[str], start: int, to: int) -> bool:
    here = {start}
    for kind in way:
        here = {end for one, begin, end in links if one == kind and begin in here}
    return to in here


def test_given_any_path_then_it_is_the_kinship_of_the_family_filled_in() -> None:
    for length in range(LONGEST + 1):
        for path in product(KINDS, repeat=length):
            links = filled_in({(kind, at, at + 1) for at, kind in enumerate(path)})
            law = next((name for name, way in WAYS if leads(links, way, 0, length)), None)
            assert kinship_of([path]) == law, path
