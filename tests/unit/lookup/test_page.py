from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.lookup.domain.access import Attempt
from services.lookup.domain.found import Found, Recorded
from services.lookup.domain.header import HIDDEN, Header, header_of
from services.lookup.domain.page import page_of
from services.lookup.domain.view import LARGEST_VIEW, arrange
from shared.contracts.access import Relation
from shared.contracts.answers import PersonView
from shared.contracts.base import Purpose
from shared.contracts.register import Interruption
from tests.unit.lookup.samples import ALL, CODE, application, claim, decision, paid, payment, person

EVENT = UUID(int=9)
ATTEMPT = Attempt(
    request=UUID(int=7),
    time=datetime(2016, 12, 20, 10, tzinfo=UTC),
    actor=None,
    worker=None,
    agreement=None,
    purpose=Purpose.CHARGE,
    client=CODE,
)
PLACES = ("Kuopio", "297", "Testikatu", "70100", "000 0000")
FOUND = Found(
    person=person(protected=True),
    applications=(application("A-1", date(2016, 12, 1), missing=("vuokrasopimus, Testikatu 1",)),),
    decisions=(
        decision(
            terms="Asunto Kuopiossa, Testikatu 1.",
            interruptions=(Interruption(first=date(2016, 2, 1), last=date(2016, 3, 1), reason="Kuopion vankila"),),
        ),
    ),
    payments=(payment("P-1", date(2016, 12, 7)),),
    claims=(claim("K-1", date(2016, 1, 1)),),
)


def page(found: Found, header: Header) -> PersonView:
    return page_of(ATTEMPT, EVENT, found, arrange(found, ALL), header)


@pytest.mark.parametrize("relation", list(Relation))
def test_given_a_safety_prohibition_then_no_place_stands_anywhere_in_the_answer(relation: Relation) -> None:
    answer = page(FOUND, header_of(FOUND.person, relation, sees_protected=False))

    assert answer.safety_prohibition
    assert (answer.name, answer.municipality, answer.address, answer.phone) == ("Ääkkönen Aada", None, None, None)
    told = answer.model_dump_json()
    assert not [place for place in PLACES if place in told]
    assert answer.pending[0].missing == (HIDDEN,)
    assert (answer.decisions[0].terms, answer.interruptions[0].reason) == (HIDDEN, HIDDEN)
    assert (len(answer.payments), len(answer.claims)) == (1, 1)


def test_given_a_safety_prohibition_then_that_the_client_lives_in_the_municipality_is_hidden_as_well() -> None:
    assert header_of(FOUND.person, Relation.HOME, sees_protected=False).relation is None
    assert header_of(FOUND.person, Relation.STATED, sees_protected=False).relation is Relation.STATED
    assert header_of(FOUND.person, Relation.HOME, sees_protected=True).relation is Relation.HOME


def test_given_a_worker_who_sees_protected_data_then_all_is_shown_and_the_prohibition_told() -> None:
    answer = page(FOUND, header_of(FOUND.person, Relation.HOME, sees_protected=True))

    assert answer.safety_prohibition
    assert (answer.municipality, answer.address, answer.phone) == (
        "297",
        "Testikatu 1, 70100 Kuopio",
        "+358 40 000 0000",
    )
    assert answer.decisions[0].terms == "Asunto Kuopiossa, Testikatu 1."


def test_given_no_prohibition_then_everybody_sees_contact_details() -> None:
    header = header_of(person(), Relation.HOME, sees_protected=False)

    assert (header.municipality, header.relation, header.masked) == ("297", Relation.HOME, False)
    assert header.address
    assert header.phone


def test_given_no_record_of_the_person_then_nobody_knows_of_a_prohibition_and_typed_words_are_hidden() -> None:
    unknown = replace(FOUND, person=None)

    answer = page(unknown, header_of(None, Relation.STATED, sees_protected=False))

    assert (answer.name, answer.municipality, answer.safety_prohibition) == ("", None, False)
    assert answer.decisions[0].terms == HIDDEN
    assert not header_of(None, None, sees_protected=True).masked


def test_given_decisions_without_terms_then_masking_invents_none() -> None:
    plain = Found(person=person(protected=True), decisions=(decision(),))

    answer = page(plain, header_of(plain.person, Relation.HOME, sees_protected=False))

    assert answer.decisions[0].terms is None


def test_given_what_is_shown_then_income_and_coming_payments_follow_from_it() -> None:
    answer = page(FOUND, header_of(FOUND.person, Relation.HOME, sees_protected=True))

    assert [(row.month, row.gross, row.tax, row.net) for row in answer.income] == [
        ("2016-12", "620.00", "20.00", "600.00")
    ]
    assert [row.payday for row in answer.coming] == [date(2017, 1, 5), date(2017, 2, 7)]
    assert (answer.access_event, answer.looked_up, answer.identity_code) == (EVENT, ATTEMPT.time, CODE)


def test_given_rows_left_out_then_neither_income_nor_coming_payments_tell_of_them() -> None:
    closed = replace(ALL, groups=frozenset())

    answer = page_of(ATTEMPT, EVENT, FOUND, arrange(FOUND, closed), header_of(None, None, sees_protected=True))

    assert (answer.income, answer.coming, answer.interruptions) == ((), (), ())


def test_given_more_than_a_reply_can_hold_then_the_whole_page_with_all_that_follows_stays_below_it() -> None:
    away = tuple(Interruption(first=date(2016, 1, n), last=date(2016, 1, n), reason="ä" * 50) for n in range(1, 29))
    retro = paid(date(2016, 12, 27), date(1980, 1, 1), date(2016, 12, 31))
    found = Found(
        person=person(),
        decisions=tuple(decision(f"D-{n}", interruptions=away) for n in range(20)),
        payments=(Recorded("P-0", retro), *(payment(f"P-{n}", date(2016, 1, 7)) for n in range(1, 2_000))),
    )

    answer = page(found, header_of(found.person, Relation.HOME, sees_protected=False))

    assert answer.income
    assert answer.interruptions
    assert {row.why for row in answer.trimmed} == {"size"}
    assert LARGEST_VIEW // 3 < len(answer.model_dump_json().encode()) < LARGEST_VIEW + 2_000
