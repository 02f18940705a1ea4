"""Whatever is proposed in whatever order: nobody is ever borne twice, and versions stay whole."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.agreements.domain.bearing import bearers, gaps
from services.agreements.domain.changes import judge_all
from services.agreements.domain.records import Record, key_of
from services.agreements.domain.spans import missing, overlap
from services.agreements.domain.state import State, bearings_of
from shared.contracts.agreements import AgreementChanged, Member, OrganisationChanged
from shared.contracts.base import DataGroup, Purpose, Validity
from shared.finnish.municipalities import existing_on
from tests.harness.agreed import agreed

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""How long an example takes says nothing on a machine that is busy with other tests."""
PARTIES = ("9000297-3", "1234567-1", "9999991-7")
CODES = ("091", "297", "174", "837")
START = date(2016, 12, 1)
TODAY = date(2017, 6, 1)
DAYS = st.integers(min_value=0, max_value=60)
SPANS = st.builds(
    lambda first, length: Validity(
        first=START + timedelta(days=first),
        last=None if length is None else START + timedelta(days=first + length),
    ),
    DAYS,
    st.none() | DAYS,
)


def agreement(party: int, validity: Validity, members: list[tuple[str, Validity]]) -> AgreementChanged:
    return agreed(
        id=f"S-{party}",
        party=PARTIES[party],
        validity=validity,
        purposes=(Purpose.CHARGE,),
        data_groups=(DataGroup.PENDING,),
        members=tuple(Member(municipality=code, validity=days) for code, days in members),
    )


AGREEMENTS = st.builds(
    agreement,
    st.integers(min_value=0, max_value=2),
    SPANS,
    st.lists(st.tuples(st.sampled_from(CODES), SPANS), min_size=1, max_size=3),
)
ORGANISATIONS = [
    OrganisationChanged(business_id=party, version=1, kind="joint_authority", name_fi="J", name_sv="J")
    for party in PARTIES
]


def propose(proposed: list[AgreementChanged]) -> tuple[State, list[Record]]:
    """Propose each as the next version of its agreement; return the state and what was accepted."""
    state, accepted = State(ORGANISATIONS), list[Record]()
    for proposal in proposed:
        version = len(state.versions(key_of(proposal))) + 1
        accepted += judge_all(state, [proposal.model_copy(update={"version": version})], today=TODAY).accepted
    return state, accepted


@PATIENT
@given(st.lists(AGREEMENTS, max_size=12))
def test_no_municipality_is_ever_borne_twice_on_a_day(proposed: list[AgreementChanged]) -> None:
    state, _ = propose(proposed)
    for code in CODES:
        assert all(overlap(one.days, two.days) is None for one, two in combinations(bearers(state, code), 2))


@PATIENT
@given(st.lists(AGREEMENTS, max_size=12))
def test_sending_everything_again_changes_nothing(proposed: list[AgreementChanged]) -> None:
    state, accepted = propose(proposed)
    again = judge_all(state, accepted, today=TODAY)
    assert (again.accepted, again.unchanged, again.refused) == ((), len(accepted), ())
    for record in accepted:
        versions = state.versions(key_of(record))
        assert [version.version for version in versions] == list(range(1, len(versions) + 1))


@PATIENT
@given(AGREEMENTS, AGREEMENTS)
def test_an_overlap_is_the_only_reason_why_a_sound_agreement_is_refused(
    first: AgreementChanged, second: AgreementChanged
) -> None:
    alone = not judge_all(State(ORGANISATIONS), [second], today=TODAY).refused
    state, accepted = propose([first])
    outcome = judge_all(state, [second], today=TODAY) if accepted and first.id != second.id else None
    if alone and outcome is not None:
        meets = any(
            one.municipality == two.municipality and overlap(one.days, two.days)
            for one in bearings_of(first)
            for two in bearings_of(second)
        )
        assert [refusal.code for refusal in outcome.refused] == ["agreement.overlap"] * meets


@PATIENT
@given(st.lists(AGREEMENTS, max_size=8), SPANS)
def test_gaps_are_exactly_the_days_that_nobody_bears(proposed: list[AgreementChanged], span: Validity) -> None:
    last = span.last or START + timedelta(days=60)
    period = Validity(first=min(span.first, last), last=last)
    state, _ = propose(proposed)
    days = [period.first + timedelta(days=n) for n in range((last - period.first).days + 1)]
    found = {gap.municipality for gap in gaps(state, CODES, period)}
    bare = {code for code in CODES if not all(any(b.days.covers(d) for b in bearers(state, code)) for d in days)}
    assert found == bare


@PATIENT
@given(st.lists(SPANS, max_size=6), SPANS)
def test_missing_days_agree_with_counting_them(spans: list[Validity], wanted: Validity) -> None:
    last = wanted.last or START + timedelta(days=200)
    days = [wanted.first + timedelta(days=n) for n in range((last - wanted.first).days + 1)]
    uncovered = [day for day in days if not any(span.covers(day) for span in spans)]
    gap = missing(Validity(first=wanted.first, last=last), spans)
    assert (gap.first if gap else None) == (uncovered[0] if uncovered else None)


def test_the_example_codes_exist() -> None:
    assert {known.code for known in existing_on(START)} >= set(CODES)
