"""The demonstration's seed passes the service's own rules and covers the whole country on every day."""

import hashlib
from collections import Counter
from datetime import date, timedelta
from functools import cache, partial

from deploy.demo.agreements import (
    DEMO_WORKERS,
    INTERFACE_CLIENT,
    INTERFACE_TOKEN,
    JOINT_AUTHORITIES,
    ODD_ONES,
    Seeded,
    business_id,
    demo_worker,
    json_lines,
    seed,
    workers,
)
from deploy.demo.agreements.crowd import country
from services.agreements.domain.bearing import bearers, gaps
from services.agreements.domain.changes import Outcome, judge_all
from services.agreements.domain.records import KINDS, RecordKey
from services.agreements.domain.state import State
from shared.contracts.agreements import AgreementChanged
from shared.contracts.base import Role, Validity
from shared.directory.model import Directory
from shared.finnish.identity_code import IdentityCode
from shared.finnish.municipalities import municipalities
from shared.gate.mandates import KELA
from shared.gate.order import ORDER
from shared.ids import pseudonym

PERIOD = Validity(first=date(2015, 1, 1), last=date(2017, 12, 31))
PSEUDONYM = partial(pseudonym, b"k" * 32, "worker")
EVE, NEW_YEAR = date(2016, 12, 31), date(2017, 1, 1)


@cache
def seeded() -> tuple[Seeded, ...]:
    return tuple(seed(PSEUDONYM))


@cache
def accepted() -> tuple[State, Outcome]:
    state = State()
    return state, judge_all(state, (record for _, record in seeded()), today=date(2016, 12, 1))


@cache
def directory() -> Directory:
    return Directory(record for _, record in seeded())


def test_every_record_is_accepted_in_its_order() -> None:
    _, outcome = accepted()
    assert [str(refusal) for refusal in outcome.refused] == []
    assert (len(outcome.accepted), outcome.unchanged) == (len(seeded()), 0)


def test_every_municipality_is_borne_exactly_once_on_each_day() -> None:
    state, _ = accepted()
    assert gaps(state, municipalities(), PERIOD) == ()
    days = (PERIOD.first + timedelta(days=n) for n in range(365 * 3 + 1))
    found = {code: bearers(state, code) for code in municipalities()}
    for day in days:
        assert all(sum(one.days.covers(day) for one in ones) == 1 for ones in found.values()), day


def test_the_seed_is_the_same_each_time() -> None:
    assert tuple(json_lines(seed(PSEUDONYM))) == tuple(json_lines(iter(seeded())))


def test_another_number_changes_the_workers_and_nothing_else() -> None:
    other = tuple(seed(PSEUDONYM, number=2))
    assert [kind for kind, _ in other] == [kind for kind, _ in seeded()]
    changed = {kind for (kind, new), (_, old) in zip(other, seeded(), strict=True) if new != old}
    assert changed == {"mandate", "user"}


def test_the_country_is_complete() -> None:
    counts = Counter(kind for kind, _ in seeded())
    assert set(counts) == set(KINDS)
    assert counts["organisation"] == 313 + len(JOINT_AUTHORITIES) + 1  # Kela
    assert counts["population"] == 3 * 313
    assert 950 <= sum(1 for _ in workers()) <= 1_050


def test_workers_are_artificial_and_nobody_is_two_people() -> None:
    codes = [code for worker in workers() if (code := worker.identity_code()) is not None]
    assert len(codes) == len(set(codes))
    assert all(IdentityCode.parse(code, allow_artificial=True).is_artificial for code in codes)
    assert len({worker.name for worker in DEMO_WORKERS}) == len(DEMO_WORKERS)
    assert len({worker.key for worker in DEMO_WORKERS}) == len(DEMO_WORKERS)


def test_no_identity_code_stands_in_the_seed() -> None:
    content = "\n".join(json_lines(iter(seeded())))
    assert not any(code in content for worker in workers() if (code := worker.identity_code()))


def test_every_municipality_has_somebody_who_may_look_on_both_sides_of_midnight() -> None:
    for day in (EVE, NEW_YEAR):
        members = {mandate.member for mandate in directory().all_mandates() if mandate.validity.covers(day)}
        assert members >= {code for code, known in municipalities().items() if known.exists_on(day)}


def test_the_joint_authorities_take_over_at_midnight() -> None:
    assert bearing("167", EVE).party == business_id("167")
    assert bearing("167", NEW_YEAR).party == business_id("siunsote")
    assert bearing("205", EVE).party == business_id("kainuu")


def test_the_merged_municipalities_pass_to_their_successors_at_midnight() -> None:
    for code, heir in (("174", "297"), ("442", "051")):
        assert bearing(code, EVE).party == business_id(code)
        assert bearing(code, NEW_YEAR).party == business_id(heir)
        assert bearing(heir, EVE).party == business_id(heir)


def test_the_odd_ones_name_rules_of_the_gate_and_differ_as_they_say() -> None:
    rules = {rule.__module__.rpartition(".")[2] for rule in ORDER}
    assert {odd.rule for odd in ODD_ONES if odd.rule is not None} <= rules
    for odd in ODD_ONES:
        agreement = directory().agreement(f"S-{odd.municipality}")
        assert agreement is not None
        assert {name: getattr(agreement, name) for name in odd.limits} == dict(odd.limits)
        assert any(worker.home == odd.municipality for worker in DEMO_WORKERS) or odd.key == "left"
        assert municipalities()[odd.municipality].populations[2015] < 3_000


def test_the_mandate_that_nobody_took_back_outlives_the_membership() -> None:
    code = demo_worker("savonlinna").identity_code()
    assert code is not None
    mandates = directory().mandates(PSEUDONYM(code), EVE)
    assert {mandate.member for mandate in mandates} == {"740", "768"}
    assert directory().agreement_of(business_id("740"), "768", EVE) is None


def test_the_suspended_agreement_keeps_its_earlier_version() -> None:
    state, _ = accepted()
    versions = state.versions(RecordKey("agreement", "S-583"))
    assert [version.status for version in versions if isinstance(version, AgreementChanged)] == [
        "open",
        "suspended",
    ]


def test_every_day_has_a_responsible_body_that_the_municipality_has_delegated_to() -> None:
    for day in (EVE, NEW_YEAR):
        for code in (code for code, known in municipalities().items() if known.exists_on(day)):
            body, party = directory().bearer(code, day), bearing(code, day).party
            assert body is not None
            assert (body.organisation == party) is (code != "216")
            delegated = {one.agent for one in directory().delegations(code, day)}
            assert delegated == ({party} - {business_id(code)})
    assert directory().bearer("174", EVE) is not None
    assert directory().bearer("174", NEW_YEAR) is None


def test_the_new_roles_have_somebody_and_the_officer_is_kelas() -> None:
    held = {role for worker in DEMO_WORKERS for grant in worker.grants for role in grant.roles}
    assert held == set(Role)
    assert demo_worker("officer").organisation == KELA
    assert directory().organisation(KELA) is not None


def test_the_locked_worker_was_idle_and_the_system_is_found_by_its_token() -> None:
    code = demo_worker("locked").identity_code()
    assert code is not None
    account = directory().user(business_id("837"), PSEUDONYM(code))
    assert account is not None
    assert (account.status, account.why) == ("locked", "idle")
    assert account.since <= EVE
    found = directory().interface_client_by_token(hashlib.sha256(INTERFACE_TOKEN.encode()).hexdigest())
    assert found is not None
    assert (found[0].party, found[1]) == (business_id("837"), INTERFACE_CLIENT)


def test_a_country_of_any_size_is_accepted() -> None:
    state = State()
    outcome = judge_all(state, country(700), today=date(2016, 12, 1))
    assert [str(refusal) for refusal in outcome.refused] == []
    assert Counter(type(record).__name__ for record in outcome.accepted)["UserChanged"] == 700


def bearing(code: str, day: date) -> AgreementChanged:
    found = directory().agreement_bearing(code, day)
    assert found is not None
    return found
