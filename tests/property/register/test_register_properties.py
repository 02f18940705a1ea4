from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.demo.register import Dossier, Window, generate
from deploy.demo.register.kin import INVERSE
from services.lookup.domain.records import check
from shared.clock.civil import Month
from shared.contracts.register import Application, Decision, Payment, Person, Recovery
from shared.finnish.banking_days import is_banking_day, next_banking_day
from shared.finnish.identity_code import contains_identity_code
from shared.finnish.paydays import has_fixed_payday, payday
from shared.ids import pseudonym

WINDOW = Window()


def client_of(code: str) -> str:
    return pseudonym(b"a key of the tests only, 32 bytes", "client", code)


registers = st.builds(
    lambda count, seed: list(generate(count, seed, client_of)), st.integers(1, 120), st.integers(0, 2**32)
)
few = settings(max_examples=8, deadline=None)


def person_of(dossier: Dossier) -> Person:
    body = dossier.records[0].body
    assert isinstance(body, Person)
    return body


@few
@given(st.integers(1, 60), st.integers(0, 2**32))
def test_the_same_seed_gives_the_same_register_and_another_seed_another(count: int, seed: int) -> None:
    register = list(generate(count, seed, client_of))
    assert register == list(generate(count, seed, client_of))
    assert register != list(generate(count, seed + 1, client_of))


@few
@given(registers)
def test_every_identity_client_and_record_is_unique_and_artificial(register: list[Dossier]) -> None:
    assert len({dossier.identity for dossier in register}) == len(register)
    assert len({dossier.client for dossier in register}) == len(register)
    ids = [record.id for dossier in register for record in dossier.records]
    versions = [(record.id, record.version) for dossier in register for record in dossier.records]
    assert len(set(versions)) == len(versions)
    for dossier in register:
        assert dossier.identity.is_artificial
        assert dossier.client == client_of(person_of(dossier).identity_code)
        assert dossier.identity.reveal() == person_of(dossier).identity_code
    assert not contains_identity_code(" ".join(ids) + repr([dossier.client for dossier in register]))


@few
@given(registers)
def test_every_decision_answers_an_application_and_pending_ones_have_none(register: list[Dossier]) -> None:
    for dossier in register:
        applications = {r.id: r.body for r in dossier.current() if isinstance(r.body, Application)}
        answered = set()
        for record in dossier.current():
            if not isinstance(decision := record.body, Decision):
                continue
            application = applications[decision.application]
            answered.add(decision.application)
            assert application.benefit == decision.benefit
            assert application.received <= decision.decided <= WINDOW.last
            granted = decision.result == "granted"
            assert (decision.first is not None) == (decision.amount is not None) == granted
        for key, application in applications.items():
            assert (application.stage == "decided") == (key in answered)
            assert application.received <= WINDOW.last
            if application.stage != "decided":
                assert application.estimated_decision is not None
                assert application.estimated_decision > WINDOW.last


@few
@given(registers)
def test_every_payment_rests_on_a_granted_decision_and_its_period(register: list[Dossier]) -> None:
    for dossier in register:
        decisions = {r.id: r.body for r in dossier.current() if isinstance(r.body, Decision)}
        periods = defaultdict(list)
        for record in dossier.current():
            if not isinstance(payment := record.body, Payment):
                continue
            decision = decisions[payment.decision]
            assert (decision.result, decision.benefit, decision.payee) == ("granted", payment.benefit, dossier.client)
            assert decision.first is not None
            assert decision.first <= payment.first <= payment.last
            assert decision.last is None or payment.last <= decision.last
            assert payment.gross > 0
            assert payment.net == payment.gross - payment.withheld
            assert payment.withheld >= 0
            assert payment.payday > decision.decided or payment.payday == next_banking_day(decision.decided)
            periods[payment.decision].append(payment)
        for paid in periods.values():
            for earlier, later in pairwise(paid):
                assert earlier.last < later.first
                assert earlier.payday <= later.payday


@few
@given(registers)
def test_paydays_are_those_of_the_benefit_or_right_after_the_decision(register: list[Dossier]) -> None:
    for dossier in register:
        person = person_of(dossier)
        decisions = {r.id: r.body for r in dossier.current() if isinstance(r.body, Decision)}
        for record in dossier.current():
            if not isinstance(payment := record.body, Payment):
                continue
            assert WINDOW.first <= payment.payday <= (person.died or WINDOW.last)
            assert is_banking_day(payment.payday)
            retroactive = payment.payday == next_banking_day(decisions[payment.decision].decided)
            month = Month.of(payment.last)
            if has_fixed_payday(payment.benefit, month) and not retroactive:
                assert payment.payday == payday(payment.benefit, month, person.last_name)


@few
@given(registers)
def test_links_are_told_by_both_ends_and_parents_are_older(register: list[Dossier]) -> None:
    by_client = {dossier.client: dossier for dossier in register}
    for dossier in register:
        person = person_of(dossier)
        for link in person.links:
            other = by_client[link.client]
            assert INVERSE[link.kind] in {back.kind for back in person_of(other).links if back.client == dossier.client}
            if link.kind == "parent":
                assert dossier.identity.birth_date - other.identity.birth_date > timedelta(days=18 * 365)


@few
@given(registers)
def test_lookup_has_nothing_against_any_record_in_any_version(register: list[Dossier]) -> None:
    for dossier in register:
        assert [record for record in dossier.records if check(record.body, WINDOW.last) is not None] == []


@few
@given(registers)
def test_versions_of_a_record_follow_each_other_and_only_the_last_is_withdrawn(register: list[Dossier]) -> None:
    for dossier in register:
        versions = defaultdict(list)
        for record in dossier.records:
            versions[record.kind, record.id].append(record)
        for of_one in versions.values():
            assert [record.version for record in of_one] == list(range(1, len(of_one) + 1))
            assert not any(record.withdrawn for record in of_one[:-1])
        current = {record.id for record in dossier.current()}
        assert current == {of_one[-1].id for of_one in versions.values() if not of_one[-1].withdrawn}


@few
@given(registers)
def test_nothing_is_paid_for_interrupted_days_and_what_is_recovered_adds_up(register: list[Dossier]) -> None:
    for dossier in register:
        bodies = [record.body for record in dossier.current()]
        decisions = {r.id: r.body for r in dossier.current() if isinstance(r.body, Decision)}
        payments = [body for body in bodies if isinstance(body, Payment)]
        for payment in payments:
            for pause in decisions[payment.decision].interruptions:
                assert pause.last is not None
                assert payment.last < pause.first or pause.last < payment.first
            assert 0 <= payment.recovered <= payment.withheld
        recoveries = [body for body in bodies if isinstance(body, Recovery)]
        assert sum(one.total - one.remaining for one in recoveries) == sum(one.recovered for one in payments)


@few
@given(registers)
def test_nobody_is_a_relative_by_blood_of_an_own_partner(register: list[Dossier]) -> None:
    links = {dossier.client: person_of(dossier).links for dossier in register}

    def blood(client: str) -> set[str]:
        found, waiting = {client}, [client]
        while waiting:
            nearer = {link.client for link in links[waiting.pop()] if link.kind in {"parent", "sibling"}}
            waiting.extend(nearer - found)
            found |= nearer
        return found

    for client, named in links.items():
        for link in named:
            assert link.client != client
            if link.kind in {"partner", "former_partner"}:
                assert blood(client).isdisjoint(blood(link.client))
