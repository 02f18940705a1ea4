"""What is given as a band cannot be worked out from everything else that is shown."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from services.audit.domain.coarsening import EVERYTHING, Counted, Grain, Shown, banded, coarsen
from services.audit.domain.generic_report import GenericReport, Surroundings, Use, generic_report
from services.audit.report_data import indicators
from shared.clock.civil import Month
from shared.contracts.access import Outcome

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


@settings(max_examples=60)
@given(parts)
def test_no_count_of_few_people_can_be_worked_out(given_parts: dict[str, Counted]) -> None:
    possible = list(readings(coarsen(given_parts, GRAIN)))

    for name, part in given_parts.items():
        if GRAIN.is_small(part):
            assert len({reading[name] for reading in possible}) > 1, name


@settings(max_examples=60)
@given(parts, st.booleans())
def test_what_is_shown_is_true_and_nothing_is_hidden_without_need(given_parts: dict[str, Counted], whole: bool) -> None:  # noqa: FBT001 - hypothesis calls it
    shown = (banded if whole else coarsen)(given_parts, GRAIN)

    assert all(shown[name].least <= part.count <= shown[name].most for name, part in given_parts.items())
    assert shown[EVERYTHING].least <= sum(part.count for part in given_parts.values()) <= shown[EVERYTHING].most
    if not whole and not any(map(GRAIN.is_small, given_parts.values())):
        assert all(one.exact is not None for one in shown.values())


USE = Use({}, "o", "m", "w", "look_up", "granted", "", "CHARGE", "ui", "", False, False, 1, 1)  # noqa: FBT003 - in the order of its fields
uses = st.lists(
    st.builds(
        lambda worker, action, outcome, rule, count: replace(
            USE,
            worker=worker,
            action=action,
            outcome=outcome,
            rule=rule if outcome == "refused" else "",
            count=count,
            persons=count,
        ),
        st.sampled_from(["w1", "w2", "w3", "w4"]),
        st.sampled_from(["look_up", "list", "notice", "notices", "dry_run", "annotation"]),
        st.sampled_from(["granted", "refused", "refused", "empty"]),
        st.sampled_from(["r1", "r2", "r3", "r4", "r5"]),
        st.integers(1, 6),
    ),
    min_size=1,
    max_size=10,
)
MONTH, MADE = Month(2017, 1), datetime(2017, 2, 1, 4, 0, tzinfo=UTC)
NARROW = indicators().settings.model_copy(update={"band": GRAIN.width})


def worked_out(report: GenericReport) -> dict[tuple[str, str], tuple[int, int]]:
    """What a reader can conclude of every part: bounds of sums are passed on until nothing changes."""
    figures = {one.indicator: one.value for one in report.figures if one.value is not None}
    known = {("", name): (band.least, band.most) for name, band in figures.items()}
    known |= {(one.indicator, one.key): (one.value.least, one.value.most) for one in report.parts}
    sums = [(("", "volume"), [("", str(one)) for one in Outcome])]
    for name in ("rules", "purposes", "actions", "channels"):
        of = [(one.indicator, one.key) for one in report.parts if one.indicator == name]
        sums.append((("", "refused" if name == "rules" else "volume"), of))
    while True:
        before = dict(known)
        for whole, of in sums:
            least, most = sum(known[one][0] for one in of), sum(known[one][1] for one in of)
            low, high = known[whole] = max(known[whole][0], least), min(known[whole][1], most)
            for one in of:
                low_, high_ = known[one]
                known[one] = max(low_, low - (most - high_)), min(high_, high - (least - low_))
        if known == before:
            return known


@settings(max_examples=60)
@given(uses)
def test_no_way_of_parting_gives_away_what_another_hides(found: list[Use]) -> None:
    about = Surroundings(idle_accounts=0, gaps=0, overrides=(), earlier=(), made=MADE, log_size=1)
    known = worked_out(generic_report(MONTH, "o", "m", found, about, NARROW))

    ways = {"": "outcome", "rules": "rule", "actions": "action"}
    for indicator, field in ways.items():
        for key in {getattr(use, field) for use in found} - {""}:
            workers = {use.worker for use in found if getattr(use, field) == key}
            low, high = known[indicator, key]
            count = sum(use.count for use in found if getattr(use, field) == key)
            assert low <= count <= high
            assert len(workers) >= GRAIN.people or low < high, (indicator, key)
