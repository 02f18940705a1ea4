from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from deploy.demo.register import Dossier, Window, generate
from deploy.demo.register.kin import INVERSE
from deploy.demo.register.payments import instalments
from deploy.demo.register.people import IdentityCodes
from deploy.demo.register.spells import Spell
from deploy.demo.register.tables import profiles, terms
from shared.contracts.register import Application, Decision, Payment, Person
from shared.finnish.benefits import benefits
from shared.finnish.municipalities import existing_on
from shared.ids import pseudonym

WINDOW_TO_2017 = Window(date(2016, 1, 1), date(2017, 12, 31))


def client_of(code: str) -> str:
    return pseudonym(b"a key of the tests only, 32 bytes", "client", code)


def spell(benefit: str, amount: str, decided: date, first: date, last: date | None) -> Spell:
    return Spell(
        benefit=benefit,
        received=date(2016, 1, 4),
        decided=decided,
        granted=True,
        first=first,
        last=last,
        amount=Decimal(amount),
        tax=Decimal("0.20"),
        paid_to="client",
    )


@pytest.fixture(scope="module")
def register() -> list[Dossier]:
    return list(generate(1000, 2016, client_of))


def people(register: list[Dossier]) -> list[Person]:
    return [body for dossier in register for record in dossier.records if isinstance(body := record.body, Person)]


def test_the_register_has_the_asked_size_and_about_twenty_payments_a_person(register: list[Dossier]) -> None:
    kinds = Counter(record.kind for dossier in register for record in dossier.records)
    assert kinds["person"] == len(register) == 1000
    assert 16 <= kinds["payment"] / kinds["person"] <= 24


def test_every_benefit_appears_and_all_but_the_transferred_one_are_paid(register: list[Dossier]) -> None:
    applied, paid = set(), set()
    for dossier in register:
        for record in dossier.records:
            if isinstance(record.body, Application):
                applied.add(record.body.benefit)
            elif isinstance(record.body, Payment):
                paid.add(record.body.benefit)
    assert applied == set(benefits())
    assert set(benefits()) - paid == {"perustoimeentulotuki"}


def test_the_rare_cases_are_there(register: list[Dossier]) -> None:
    everybody = people(register)
    assert 0 < sum(person.safety_prohibition for person in everybody) < 50
    assert 0 < sum(person.died is not None for person in everybody) < 50
    assert {person.language for person in everybody} == {"fi", "sv"}
    assert {link.kind for person in everybody for link in person.links} == set(INVERSE)
    bodies = [record.body for dossier in register for record in dossier.records]
    assert {body.result for body in bodies if isinstance(body, Decision)} == {"granted", "refused"}
    assert {body.paid_to for body in bodies if isinstance(body, Payment)} == {"client", "municipality", "other"}
    stages = Counter(body.stage for body in bodies if isinstance(body, Application))
    assert set(stages) == {"received", "in_process", "waiting_attachments", "decided"}


def test_homes_follow_the_population(register: list[Dossier]) -> None:
    homes = Counter(person.municipality for person in people(register))
    assert homes.keys() <= {place.code for place in existing_on(date(2016, 12, 31))}
    assert homes.most_common(1)[0][0] == "091"
    assert 0.06 < homes["091"] / homes.total() < 0.17


def test_a_child_entitled_is_told_of_but_the_parent_is_paid(register: list[Dossier]) -> None:
    seen = 0
    for dossier in register:
        for record in dossier.records:
            if isinstance(record.body, Decision) and record.body.payee != dossier.client:
                assert not any(isinstance(other.body, Payment) for other in dossier.records)
                assert terms()[record.body.benefit].beneficiary == "child" or record.body.benefit == "perhe_elake"
                seen += 1
    assert seen > 60


def test_a_small_register_still_holds_one_household_of_each_profile() -> None:
    small = generate(80, 1, client_of)
    applied = {r.body.benefit for dossier in small for r in dossier.records if isinstance(r.body, Application)}
    assert applied == set(benefits())


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_any_size_is_met_exactly(count: int) -> None:
    assert len(list(generate(count, 5, client_of))) == count


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        list(generate(-1, 5, client_of))


def test_the_register_streams_without_making_everything_first() -> None:
    endless = generate(10**9, 3, client_of)
    assert next(endless).records[0].kind == "person"


def test_a_birth_date_gives_each_artificial_code_once_and_then_says_so() -> None:
    codes, born = IdentityCodes(), date(1980, 1, 1)
    given = [codes.take(born, sex) for sex in ("female", "male") for _ in range(240)]
    assert len(set(given)) == 480
    assert all(code.is_artificial and code.birth_date == born for code in given)
    assert not any(code.reveal()[7:9] in {"98", "99"} for code in given), "these are the demo workers'"
    with pytest.raises(ValueError, match="are used"):
        codes.take(born, "male")


def test_the_tables_fit_the_benefits() -> None:
    assert set(terms()) == set(benefits())
    named = {code for profile in profiles() for member in profile.members for code in member.benefits}
    assert named == set(benefits())


def test_what_was_due_before_the_decision_is_paid_at_once_and_the_rest_on_its_paydays() -> None:
    late = spell("kansanelake", "380.00", date(2017, 1, 12), date(2016, 10, 1), date(2017, 2, 28))
    paid = list(instalments(late, terms()["kansanelake"], "Salo", WINDOW_TO_2017, None))
    assert [(one.payday, one.gross) for one in paid] == [
        (date(2017, 1, 13), Decimal("1520.00")),
        (date(2017, 2, 7), Decimal("380.00")),
    ]
    assert (paid[0].first, paid[0].last) == (date(2016, 10, 1), date(2017, 1, 31))
    assert (paid[0].withheld, paid[0].net) == (Decimal("304.00"), Decimal("1216.00"))


def test_a_partial_month_is_paid_by_calendar_days() -> None:
    partial = spell("takuuelake", "620.00", date(2016, 12, 1), date(2017, 1, 10), date(2017, 1, 31))
    (paid,) = instalments(partial, terms()["takuuelake"], "Salo", WINDOW_TO_2017, None)
    assert (paid.payday, paid.gross) == (date(2017, 1, 20), Decimal("440.00"))


def test_a_daily_benefit_is_paid_by_benefit_days_after_each_four_weeks() -> None:
    days = spell("tyomarkkinatuki", "26.00", date(2016, 12, 30), date(2017, 1, 2), date(2017, 2, 5))
    paid = list(instalments(days, terms()["tyomarkkinatuki"], "Salo", WINDOW_TO_2017, None))
    assert [(one.payday, one.last, one.gross) for one in paid] == [
        (date(2017, 2, 1), date(2017, 1, 29), Decimal("520.00")),
        (date(2017, 2, 8), date(2017, 2, 5), Decimal("130.00")),
    ]


def test_nothing_is_paid_after_death() -> None:
    pension = spell("kansanelake", "500.00", date(2016, 1, 4), date(2016, 1, 1), None)
    paid = list(instalments(pension, terms()["kansanelake"], "Salo", WINDOW_TO_2017, date(2016, 3, 8)))
    assert [one.payday for one in paid] == [date(2016, 1, 7), date(2016, 2, 5), date(2016, 3, 7)]


def test_a_surname_decides_the_day_of_a_family_pension() -> None:
    pension = spell("perhe_elake", "300.00", date(2016, 12, 1), date(2017, 9, 1), date(2017, 9, 30))
    days = [
        next(instalments(pension, terms()["perhe_elake"], name, WINDOW_TO_2017, None)).payday.day
        for name in ("Aho", "Laine", "Salo")
    ]
    assert days == [4, 14, 22]
