"""What is given as a band cannot be worked out from everything else that is shown."""

from collections.abc import Iterable, Mapping
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from services.audit.domain.coarsening import EVERYTHING, Counted, Grain, Shown, banded, coarsen

GRAIN = Grain(people=3, width=4)
"""Narrow bands, so that every reading of them can be tried."""


@st.composite
def counted(draw: st.DrawFn) -> Counted:
    count = draw(st.integers(0, 12))
    return Counted(count, draw(st.integers(1, 5)) if count else 0)


parts = st.dictionaries(st.sampled_from("abcd"), counted(), min_size=1, max_size=4)


def readings(shown: Mapping[str, Shown]) -> Iterable[dict[str, int]]:
    """Every way in which the parts may be what is shown."""
    names = [name for name in shown if name != EVERYTHING]
    total = shown[EVERYTHING]
    for values in product(*(range(shown[name].least, shown[name].most + 1) for name in names)):
        if total.least <= sum(values) <= total.most:
            yield dict(zip(names, values, strict=True))


@settings(max_examples=150)
@given(parts)
def test_no_count_of_few_people_can_be_worked_out(given_parts: dict[str, Counted]) -> None:
    possible = list(readings(coarsen(given_parts, GRAIN)))

    for name, part in given_parts.items():
        if GRAIN.is_small(part):
            assert len({reading[name] for reading in possible}) > 1, name


@settings(max_examples=150)
@given(parts, st.booleans())
def test_what_is_shown_is_true_and_nothing_is_hidden_without_need(given_parts: dict[str, Counted], whole: bool) -> None:  # noqa: FBT001 - hypothesis calls it
    shown = (banded if whole else coarsen)(given_parts, GRAIN)

    assert all(shown[name].least <= part.count <= shown[name].most for name, part in given_parts.items())
    assert shown[EVERYTHING].least <= sum(part.count for part in given_parts.values()) <= shown[EVERYTHING].most
    if not whole and not any(map(GRAIN.is_small, given_parts.values())):
        assert all(one.exact is not None for one in shown.values())
