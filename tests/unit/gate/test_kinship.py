import pytest

from shared.gate.kinship import KINSHIPS, LONGEST, SELF, kinship_of

PARENT, CHILD, PARTNER, SIBLING = "parent", "child", "partner", "sibling"


@pytest.mark.parametrize(
    ("path", "kinship"),
    [
        ((), SELF),
        ((PARTNER,), "partner"),
        (("former_partner",), "former_partner"),
        ((CHILD,), "child"),
        ((PARENT,), "parent"),
        ((SIBLING,), "sibling"),
        ((PARENT, CHILD), "sibling"),
        ((PARENT, PARENT), "grandparent"),
        ((CHILD, CHILD), "grandchild"),
        ((PARENT, SIBLING), "aunt_or_uncle"),
        ((PARENT, PARENT, CHILD), "aunt_or_uncle"),
        ((SIBLING, CHILD), "nephew_or_niece"),
        ((PARENT, CHILD, CHILD), "nephew_or_niece"),
        ((PARENT, PARTNER), "step_parent"),
        ((PARTNER, CHILD), "step_child"),
        ((PARTNER, PARENT), "parent_in_law"),
        ((CHILD, PARTNER), "child_in_law"),
        ((SIBLING, PARTNER), "sibling_in_law"),
        ((PARTNER, SIBLING), "sibling_in_law"),
        ((PARTNER, PARENT, SIBLING), "aunt_or_uncle_in_law"),
        ((PARENT, SIBLING, PARTNER), "aunt_or_uncle_in_law"),
        ((PARTNER, SIBLING, CHILD), "nephew_or_niece_in_law"),
        ((SIBLING, PARENT), "parent"),
        ((SIBLING, SIBLING), "sibling"),
        ((CHILD, SIBLING), "child"),
        ((SIBLING, PARENT, PARENT), "grandparent"),
        ((PARENT, SIBLING, SIBLING), "aunt_or_uncle"),
        ((PARTNER, SIBLING, PARENT), "parent_in_law"),
        ((SIBLING, SIBLING, CHILD), "nephew_or_niece"),
    ],
)
def test_given_one_path_then_it_names_the_kinship_of_section_28(path: tuple[str, ...], kinship: str) -> None:
    assert kinship_of([path]) == kinship


@pytest.mark.parametrize(
    "path",
    [
        (PARENT, SIBLING, CHILD),
        (PARENT, PARENT, CHILD, CHILD),
        (PARENT, PARENT, SIBLING),
        (PARTNER, PARTNER),
        ("former_partner", PARENT),
        ("former_partner", CHILD),
        (CHILD, CHILD, CHILD),
        (CHILD, PARENT),
        (CHILD, SIBLING, PARENT),
        ("neighbour",),
    ],
)
def test_given_a_cousin_or_somebody_further_then_nobody_is_disqualified(path: tuple[str, ...]) -> None:
    assert kinship_of([path]) is None


def test_given_no_path_at_all_then_there_is_no_kinship() -> None:
    assert kinship_of([]) is None


def test_given_several_paths_then_the_nearest_is_told() -> None:
    assert kinship_of([(PARTNER, CHILD), (CHILD,)]) == "child"
    assert kinship_of([(PARENT, CHILD), ()]) == SELF
    assert kinship_of([(PARENT, SIBLING, CHILD), (PARENT, SIBLING)]) == "aunt_or_uncle"


def test_given_links_back_to_the_worker_then_whoever_is_covered_is_covered_by_every_way_round() -> None:
    for path, kinship in KINSHIPS.items():
        if SIBLING in path:
            at = path.index(SIBLING)
            round_by_parent = (*path[:at], PARENT, CHILD, *path[at + 1 :])
            assert kinship_of([round_by_parent]) == kinship, path


def test_the_kinship_is_mutual() -> None:
    turned = {PARENT: CHILD, CHILD: PARENT}
    for path in KINSHIPS:
        back = tuple(turned.get(link, link) for link in reversed(path))
        assert back in KINSHIPS or back[:2] == (PARENT, PARTNER), path


def test_the_longest_path_is_what_a_reader_must_follow() -> None:
    assert max(len(path) + path.count(SIBLING) for path in KINSHIPS) == LONGEST
