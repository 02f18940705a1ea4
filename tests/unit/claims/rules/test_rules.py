"""Each rule: what passes, what is refused, and what was typed wrong."""

from collections.abc import Callable
from datetime import date

import pytest

from services.claims.domain.facts import ClaimFacts, Granted, RegisterFacts
from services.claims.domain.rules import order, v19_idempotency
from shared.contracts.asking import CareStated, MonthAdvance
from shared.contracts.base import Refusal
from shared.gate.facts import CodeForm, Limits
from tests.unit.claims.conftest import CARE, advances

Make = Callable[..., ClaimFacts]
AMOUNT_ALL = ("all", "ALL", " all ")


def refused(facts: ClaimFacts) -> str | None:
    """The code of the first refusal."""
    refusal = order.first_refusal(facts)
    return None if refusal is None else refusal.code


def test_given_a_complete_claim_when_judged_then_it_passes(facts: Make) -> None:
    assert order.first_refusal(facts()) is None


@pytest.mark.parametrize("ground", ["", "TOTUL_23", "totul 23", "aml14", "kel_66"])
def test_v1_given_an_unknown_ground_then_refused(facts: Make, ground: str) -> None:
    assert refused(facts(ground=ground)) == "claim.ground.unknown"


@pytest.mark.parametrize(
    ("ground", "form", "law"),
    [
        ("kel_67", "EV 241N", "L 568/2007 67 §"),
        ("lll_11", "LL2", "L 796/1992 11 §"),
        ("eltl_11", "LU1", "L 580/2008 11 §"),
        ("lll_12", "EV 255", "L 796/1992 12 §"),
    ],
)
def test_v1_given_a_ground_outside_kelmu_then_its_form_is_named(facts: Make, ground: str, form: str, law: str) -> None:
    refusal = order.first_refusal(facts(ground=ground))
    assert refusal is not None
    assert (refusal.code, refusal.rule, refusal.law) == ("claim.ground.by_form", "V1", law)
    assert all(form in text for text in (refusal.advice.fi, refusal.advice.sv, refusal.advice.en))


def test_v1_given_a_child_in_care_then_advice_is_ll2(facts: Make) -> None:
    """Golden G7."""
    refusal = order.first_refusal(facts(benefit="lapsilisa", ground="lll_11"))
    assert refusal is not None
    assert "LL2" in refusal.advice.fi


@pytest.mark.parametrize(
    ("benefit", "ground", "code"),
    [
        ("yleinen_asumistuki", "totul_23", None),
        ("yleinen_asumistuki", "aml_14", "claim.matrix.forbidden"),
        ("adoptiotuki", "totul_23", "claim.matrix.forbidden"),
        ("yksityisen_hoidon_tuki", "aml_14", "claim.matrix.forbidden"),
        ("aitiysavustus", "totul_23", "claim.matrix.forbidden"),
        ("perhe_elake", "aml_14", "claim.matrix.written"),
        ("laakekatto", "totul_23", "claim.matrix.written"),
        ("elakkeensaajan_asumistuki", "aml_14", "claim.matrix.written"),
        ("lapsilisa", "aml_14", None),
        ("elatustuki", "aml_14", None),
    ],
)
def test_v2_given_the_matrix_then_each_cell_answers(facts: Make, benefit: str, ground: str, code: str | None) -> None:
    assert refused(facts(**{**CARE, "benefit": benefit, "ground": ground})) == code


def test_v2_given_an_empty_cell_with_a_form_then_the_form_is_named(facts: Make) -> None:
    refusal = order.first_refusal(facts(benefit="elakkeensaajan_asumistuki"))
    assert refusal is not None
    assert "EV 241N" in refusal.advice.en


def test_v2_given_basic_assistance_in_2017_then_a_written_claim_is_advised(facts: Make) -> None:
    made = facts(
        arrived=date(2017, 2, 1), benefit="perustoimeentulotuki", first=date(2017, 2, 1), last=date(2017, 2, 28)
    )
    refusal = order.first_refusal(made)
    assert refusal is not None
    assert refusal.code == "claim.matrix.written"
    assert refusal.advice.en.startswith("Make a written claim in free form.")


@pytest.mark.parametrize("benefit", ["", "kansaneläke", "pension", "perustoimeentulotuki"])
def test_v3_given_a_benefit_that_kela_does_not_have_then_refused(facts: Make, benefit: str) -> None:
    assert refused(facts(benefit=benefit)) == "claim.benefit"


@pytest.mark.parametrize("form", [CodeForm.INVALID, None])
def test_v3_given_an_invalid_identity_code_then_refused(facts: Make, form: CodeForm | None) -> None:
    assert refused(facts(access={"identity_code": form})) == "claim.identity_code"


def test_v3_given_an_artificial_code_where_none_is_taken_then_refused(facts: Make) -> None:
    assert refused(facts(access={"limits": Limits()})) == "claim.identity_code"


def test_v3_given_a_valid_code_then_it_passes(facts: Make) -> None:
    assert refused(facts(access={"identity_code": CodeForm.VALID, "limits": Limits()})) is None


@pytest.mark.parametrize(
    "field",
    [
        "idempotency_key",
        "benefit",
        "ground",
        "amount",
        "handler_name",
        "handler_phone",
        "account",
        "reference",
        "care_unit",
    ],
)
def test_v3_given_an_identity_code_in_another_field_then_refused_without_repeating_it(facts: Make, field: str) -> None:
    refusal = order.first_refusal(facts(**{field: "010180-9015"}))
    assert refusal is not None
    assert refusal.code == "claim.stray_identity_code"
    assert "010180" not in refusal.model_dump_json()


@pytest.mark.parametrize(
    "changes",
    [
        {"advances": (MonthAdvance(month="2016-12", amount="010180-9015"),)},
        {"care": CareStated(first=date(2016, 12, 1), fee="1", income="2", unit="Maija 010180-9015")},
        {"care": CareStated(first=date(2016, 12, 1), fee="010180-9015", income="2", unit="Koivukoti")},
    ],
)
def test_v3_given_an_identity_code_in_what_the_claim_rests_on_then_refused(
    facts: Make, changes: dict[str, object]
) -> None:
    assert refused(facts(**changes)) == "claim.stray_identity_code"


@pytest.mark.parametrize(
    ("first", "code"),
    [
        (None, "claim.period.missing"),
        (date(1992, 12, 31), "claim.period.implausible"),
        (date(2022, 1, 1), "claim.period.implausible"),
        (date(9999, 12, 31), "claim.period.implausible"),
        (date(2016, 12, 31), None),
    ],
)
def test_v3_given_a_first_day_then_it_must_be_there_and_believable(
    facts: Make, first: date | None, code: str | None
) -> None:
    assert refused(facts(first=first)) == code


@pytest.mark.parametrize("amount", [None, "", "  "])
def test_v3_given_no_amount_then_refused(facts: Make, amount: str | None) -> None:
    assert refused(facts(amount=amount)) == "claim.amount.missing"


@pytest.mark.parametrize("amount", ["1,234", "12.345", "1e3", "NaN", "ten", "1.234,50", "10000000000", "\u0661\u0662"])
def test_v3_given_an_amount_that_is_no_euro_sum_then_refused(facts: Make, amount: str) -> None:
    assert refused(facts(amount=amount)) == "claim.amount.invalid"


@pytest.mark.parametrize("amount", ["0", "0,00", "-1", "-0.01"])
def test_v3_given_an_amount_not_above_zero_then_refused(facts: Make, amount: str) -> None:
    assert refused(facts(amount=amount)) == "claim.amount.not_positive"


@pytest.mark.parametrize("amount", ["0.01", "1 234,56", "500", *AMOUNT_ALL])
def test_v3_given_a_sum_or_all_then_it_passes(facts: Make, amount: str) -> None:
    assert refused(facts(amount=amount)) is None


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "Hilja\x00", "Hilja\nKäsittelijä"])
def test_v3_given_no_readable_handler_then_refused(facts: Make, name: str) -> None:
    assert refused(facts(handler_name=name)) == "claim.handler.name"


@pytest.mark.parametrize("phone", ["", "1234", "call me", "0401234567 x", "\u0660401234567", "1" * 21])
def test_v3_given_no_phone_number_then_refused(facts: Make, phone: str) -> None:
    assert refused(facts(handler_phone=phone)) == "claim.handler.phone"


@pytest.mark.parametrize("phone", ["040 123 4567", "+358401234567", "(017) 123-456", "017/123456"])
def test_v3_given_a_phone_number_as_people_write_it_then_it_passes(facts: Make, phone: str) -> None:
    assert refused(facts(handler_phone=phone)) is None


@pytest.mark.parametrize("account", ["", "acc-2", "acc-3", "FI2112345600000785"])
def test_v3_given_an_account_that_is_not_confirmed_then_refused(facts: Make, account: str) -> None:
    """Golden R8."""
    assert refused(facts(account=account)) == "claim.account"


@pytest.mark.parametrize("reference", ["", "12345", "abc", "RF0912344", "1" * 21])
def test_v3_given_a_reference_that_does_not_check_then_refused(facts: Make, reference: str) -> None:
    assert refused(facts(reference=reference)) == "claim.reference"


@pytest.mark.parametrize("reference", ["12344", "RF08 1234 4", "201 70000 12348"])
def test_v3_given_a_right_reference_then_it_passes(facts: Make, reference: str) -> None:
    assert refused(facts(reference=reference)) is None


def test_v19_given_the_same_content_then_it_passes_and_other_content_is_refused() -> None:
    assert v19_idempotency.refuse(b"a", b"a") is None
    assert v19_idempotency.refuse(b"a", b"b") is v19_idempotency.REFUSAL


def test_every_refusal_speaks_three_languages_and_names_its_rule_and_law(facts: Make) -> None:
    bad: list[dict[str, object]] = [
        {"ground": "x"},
        {"ground": "kel_67"},
        {"benefit": "x"},
        {"benefit": "adoptiotuki"},
        {"benefit": "laakekatto"},
        {"first": None},
        {"last": None},
        {"amount": "x"},
        {"handler_name": ""},
        {"account": ""},
        {"reference": ""},
        {"ground": "valitystili"},
        {"decided": None},
        {"advances": ()},
        {"advances": advances("2016-11")},
        {"last": date(2017, 12, 31), "assistance": "basic"},
        {"register": RegisterFacts(granted=(Granted(to_client=False),))},
        {"register": RegisterFacts(died=date(2016, 11, 30))},
        {"benefit": "lapsilisa", "register": RegisterFacts()},
        {**CARE, "care": None},
        {**CARE, "care": CareStated(first=None, fee="1", income="2", unit="x")},
        {**CARE, "care": CareStated(first=date(2016, 12, 2), fee="1", income="2", unit="x")},
        {**CARE, "care": CareStated(first=date(2016, 1, 1), fee="700", income="750", unit="x")},
        {
            **CARE,
            "care": CareStated(first=date(2013, 1, 1), fee="1", income="750", unit="x"),
            "first": date(2013, 1, 1),
        },
    ]
    for changes in bad:
        refusal = order.first_refusal(facts(**changes))
        assert isinstance(refusal, Refusal)
        texts = [getattr(text, lang) for text in (refusal.reason, refusal.advice) for lang in ("fi", "sv", "en")]
        assert all(texts)
        assert len(set(texts)) == len(texts)
        assert refusal.rule.startswith("V")
        assert refusal.law
