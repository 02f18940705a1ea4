from datetime import date, timedelta
from functools import partial
from itertools import product

import pytest

from deploy.demo.agreements.named import demo_worker
from deploy.demo.loading import TABLE_OF, TOPIC_OF, register_messages, rows_of
from deploy.demo.register import Dossier, cast, demo_relatives, generate, ordinary
from shared.bus.sealing import KeyRing
from shared.clock.civil import at_helsinki
from shared.contracts.register import Application, Decision, Notice, Payment, Person, RegisterRecord
from shared.finnish.benefits import benefits
from shared.finnish.municipalities import municipality
from shared.gate.kinship import KINSHIPS, LONGEST, kinship_of
from shared.ids import pseudonym

client_of = partial(pseudonym, b"a key of the tests only, 32 bytes", "client")


@pytest.fixture(scope="module")
def register() -> list[Dossier]:
    return list(generate(5_000, 2017, client_of, relatives=demo_relatives()))


def person_of(dossier: Dossier) -> Person:
    body = dossier.records[0].body
    assert isinstance(body, Person)
    return body


def test_five_thousand_persons_hold_every_benefit_every_kind_and_every_type_of_notice(register: list[Dossier]) -> None:
    bodies = [record.body for dossier in register for record in dossier.records]
    assert {body.benefit for body in bodies if isinstance(body, Application)} == set(benefits())
    assert {record.kind for dossier in register for record in dossier.records} == set(TOPIC_OF)
    notices = [body for body in bodies if isinstance(body, Notice)]
    assert len({notice.type for notice in notices}) == 9
    assert all(bool(notice.attachments) == notice.application for notice in notices)
    assert all(municipality(notice.municipality).exists_on(notice.created.date()) for notice in notices)
    assert sum(notice.created.year == 2017 for notice in notices) > len(notices) * 0.8


def test_every_way_of_being_related_that_the_law_names_occurs(register: list[Dossier]) -> None:
    links = {dossier.client: person_of(dossier).links for dossier in register}

    def follow(client: str, kinds: tuple[str, ...]) -> bool:
        if not kinds:
            return True
        return any(link.kind == kinds[0] and follow(link.client, kinds[1:]) for link in links[client])

    met = {kinship_of([path]) for path in KINSHIPS if any(follow(client, path) for client in links)}
    assert {"grandparent", "grandchild", "aunt_or_uncle", "nephew_or_niece", "former_partner", "sibling"} <= met
    assert {"parent_in_law", "child_in_law", "sibling_in_law", "step_parent", "step_child"} <= met


def test_rare_cases_of_the_whole_register_occur(register: list[Dossier]) -> None:
    records = [record for dossier in register for record in dossier.records]
    decisions = [record.body for record in records if isinstance(record.body, Decision)]
    applications = [record.body for record in records if isinstance(record.body, Application)]
    persons = [person_of(dossier) for dossier in register]
    assert any(decision.interruptions for decision in decisions)
    assert any(decision.terms for decision in decisions)
    assert any(application.missing for application in applications)
    assert any(record.body.recovered > 0 for record in records if isinstance(record.body, Payment))
    assert any(record.withdrawn for record in records)
    assert any(record.version > 1 and not record.withdrawn for record in records)
    assert any(person.died is not None and person.died < date(2015, 12, 31) for person in persons)
    assert any(person.minor_forbids for person in persons)
    assert all(person.address and (person.phone or "000").startswith("000") for person in persons)


def test_the_cast_has_somebody_for_every_part(register: list[Dossier]) -> None:
    parts = cast(register)
    by_code = {person_of(dossier).identity_code: person_of(dossier) for dossier in register}
    home = by_code[demo_worker("tampere").identity_code() or ""].municipality

    assert (by_code[parts.hidden].safety_prohibition, by_code[parts.hidden].municipality) == (True, home)
    assert by_code[parts.minor].minor_forbids
    assert (by_code[parts.deceased].died or date.max) < date(2016, 12, 31) - timedelta(days=366)
    assert by_code[parts.elsewhere].municipality != home
    assert by_code[parts.known].municipality == home
    assert parts.unknown not in by_code
    assert len({getattr(parts, name) for name in parts.__slots__}) == len(parts.__slots__)


def test_sister_and_aunt_are_kin_and_the_others_are_not(register: list[Dossier]) -> None:
    parts = cast(register)
    by_client = {dossier.client: person_of(dossier) for dossier in register}
    worker = client_of(demo_worker("tampere").identity_code() or "")

    def paths(client: str, length: int) -> set[tuple[str, ...]]:
        kinds = {link.kind for person in by_client.values() for link in person.links}
        return {path for path in product(sorted(kinds), repeat=length) if client in _reached(by_client, worker, path)}

    assert kinship_of(paths(client_of(parts.sister), 1)) == "sibling"
    assert kinship_of(paths(client_of(parts.aunt), 2)) == "aunt_or_uncle"
    for stranger in (parts.known, parts.hidden, parts.deceased, parts.minor, parts.elsewhere):
        for length in range(1, LONGEST + 1):
            assert paths(client_of(stranger), length) == set()


def _reached(by_client: dict[str, Person], start: str, path: tuple[str, ...]) -> set[str]:
    reached = {start}
    for kind in path:
        reached = {link.client for client in reached for link in by_client[client].links if link.kind == kind}
    return reached


def test_ordinary_clients_are_neither_kin_nor_a_special_case(register: list[Dossier]) -> None:
    codes, parts = set(ordinary(register)), cast(register)
    assert parts.known in codes
    assert codes.isdisjoint({parts.sister, parts.aunt, parts.hidden, parts.deceased, parts.minor, parts.elsewhere})


def test_a_register_without_the_worker_has_no_cast() -> None:
    with pytest.raises(LookupError, match="no record of the demo worker"):
        cast(generate(40, 1, client_of))


def test_messages_carry_versions_and_withdrawals_and_rows_count_each_record_once(register: list[Dossier]) -> None:
    ring = KeyRing({"register": {"1": b"s" * 32}})
    some = register[:400]
    messages = list(register_messages(some, ring, at_helsinki(date(2016, 12, 15))))
    told = [RegisterRecord.model_validate_json(message.body) for message in messages]

    assert len({message.id for message in messages}) == len(messages)
    assert [message.topic for message in messages] == [TOPIC_OF[record.kind].name for record in told]
    assert sum(record.withdrawn for record in told) == sum(r.withdrawn for d in some for r in d.records) > 0
    assert rows_of(some) == len({(record.kind, record.id) for record in told}) < len(messages)
    assert TABLE_OF["notice"] == "notice_record"
    assert set(TABLE_OF) == set(TOPIC_OF)
