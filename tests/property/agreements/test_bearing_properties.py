"""Whatever is proposed in whatever order: nobody is ever borne twice, and versions stay whole."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from services.agreements.domain.bearing import bearers, gaps
from services.agreements.domain.changes import judge_all
from services.agreements.domain.records import Record, key_of
from services.agreements.domain.spans import missing, overlap
from services.agreements.domain.state import State
from shared.contracts.agreements import AgreementChanged, Member, OrganisationChanged
from shared.contracts.base import Channel, DataGroup, Purpose, Validity
from shared.finnish.municipalities import existing_on

PARTIES = ("0246246-0", "1234567-1", "9999991-7")
CODES = ("091", "297", "174", "837")
START = date(2016, 12, 1)
DAYS = st.integers(min_value=0, max_value=60).map(lambda n: START + timedelta(days=n))
SPANS = st.builds(lambda first, last: Validity(first=first, last=last), DAYS, st.none() | DAYS)


def agreement(party: int, version: int, validity: Validity, members: list[tuple[str, Validity]]) -> Record:
    return AgreementChanged(
        id=f"S-{party}",
        version=version,
        party=PARTIES[party],
        validity=validity,
        status="open",
        law="L 812/2000 21 §",
        purposes=(Purpose.CHARGE,),
        data_groups=(DataGroup.PENDING,),
        channels=(Channel.UI,),
        window_months=24,
        covers_claims=True,
        security_statement=True,
        members=tuple(Member(municipality=code, validity=days) for code, days in members),
    )


AGREEMENTS = st.builds(
    agreement,
    st.integers(min_value=0, max_value=2),
    st.integers(min_value=1, max_value=4),
    SPANS,
    st.lists(st.tuples(st.sampled_from(CODES), SPANS), min_size=1, max_size=3),
)
ORGANISATIONS = [
    OrganisationChanged(business_id=party, version=1, kind="joint_authority", name_fi="J", name_sv="J")
    for party in PARTIES
]


@given(st.lists(AGREEMENTS, max_size=12))
def test_no_municipality_is_ever_borne_twice_on_a_day(proposed: list[Record]) -> None:
    state = State(ORGANISATIONS)
    judge_all(state, proposed)
    for code in CODES:
        assert all(overlap(one.days, two.days) is None for one, two in combinations(bearers(state, code), 2))


@given(st.lists(AGREEMENTS, max_size=12))
def test_sending_everything_again_changes_nothing(proposed: list[Record]) -> None:
    state = State(ORGANISATIONS)
    first = judge_all(state, proposed)
    again = judge_all(state, first.accepted)
    assert (again.accepted, again.unchanged, again.refused) == ((), len(first.accepted), ())
    for record in first.accepted:
        versions = state.versions(key_of(record))
        assert [version.version for version in versions] == list(range(1, len(versions) + 1))


@given(st.lists(AGREEMENTS, max_size=8), SPANS)
def test_gaps_are_exactly_the_days_that_nobody_bears(proposed: list[Record], span: Validity) -> None:
    period = Validity(first=START, last=START + timedelta(days=60)) if span.last is None else span
    state = State(ORGANISATIONS)
    judge_all(state, proposed)
    assert period.last is not None
    days = [period.first + timedelta(days=n) for n in range((period.last - period.first).days + 1)]
    found = {gap.municipality for gap in gaps(state, CODES, period)} if days else set()
    bare = {code for code in CODES if not all(any(b.days.covers(d) for b in bearers(state, code)) for d in days)}
    assert found == bare


@given(st.lists(SPANS.filter(lambda s: s.last is None or s.last >= s.first), max_size=6), SPANS)
def test_missing_days_agree_with_counting_them(spans: list[Validity], wanted: Validity) -> None:
    last = wanted.last or START + timedelta(days=200)
    days = [wanted.first + timedelta(days=n) for n in range((last - wanted.first).days + 1)]
    uncovered = [day for day in days if not any(span.covers(day) for span in spans)]
    if days:
        gap = missing(Validity(first=wanted.first, last=last), spans)
        assert (gap.first if gap else None) == (uncovered[0] if uncovered else None)


def test_the_example_codes_exist() -> None:
    assert {known.code for known in existing_on(START)} >= set(CODES)
