from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import get_args

import pytest
from pydantic import ValidationError

from services.lookup.domain.records import CONTENT, EARLIEST, FARTHEST, LONGEST, Content, check, fault_of
from shared.contracts.register import (
    Application,
    Decision,
    Insurance,
    Interruption,
    Kind,
    Medicine,
    Notice,
    Payment,
    Person,
    Recovery,
)

SENT = date(2016, 12, 15)
ABSURD = SENT + FARTHEST + timedelta(days=1)
PERSON = Person(
    identity_code="290200A950Y", last_name="Ääkkönen", first_names="Aada", municipality="297", language="fi"
)
APPLICATION = Application(benefit="yleinen_asumistuki", received=date(2016, 12, 1), stage="in_process")
DECISION = Decision(
    application="A-1",
    benefit="kansanelake",
    decided=date(2016, 1, 15),
    result="granted",
    first=date(2016, 1, 1),
    amount=Decimal("620.00"),
    payee="v1." + "a" * 26,
)
PAYMENT = Payment(
    decision="D-1",
    benefit="kansanelake",
    payday=date(2016, 12, 7),
    first=date(2016, 12, 1),
    last=date(2016, 12, 31),
    gross=Decimal("620.00"),
    withheld=Decimal("20.00"),
    net=Decimal("600.00"),
    paid_to="client",
)
INSURANCE = Insurance(covered=True, first=date(2000, 2, 29))
RECOVERY = Recovery(
    benefit="kansanelake", decided=date(2016, 3, 1), total=Decimal("900.00"), remaining=Decimal("100.00")
)
MEDICINE = Medicine(year=2016, ceiling=Decimal("610.37"), used=Decimal("80.00"))
NOTICE = Notice(type="contact", municipality="297", created=datetime(2017, 1, 2, 7, tzinfo=UTC))
SOUND: tuple[Content, ...] = (PERSON, APPLICATION, DECISION, PAYMENT, INSURANCE, RECOVERY, MEDICINE, NOTICE)


def code_of(content: Content, **changes: object) -> str | None:
    fault = check(content.model_copy(update=changes), SENT)
    return None if fault is None else fault.code


def test_every_kind_has_a_content() -> None:
    assert set(CONTENT) == set(get_args(Kind))
    assert [type(content) for content in SOUND] == list(CONTENT.values())


@pytest.mark.parametrize("content", SOUND, ids=lambda content: type(content).__name__)
def test_a_sound_record_passes(content: Content) -> None:
    assert check(content, SENT) is None


@pytest.mark.parametrize("content", [APPLICATION, DECISION, PAYMENT, RECOVERY], ids=lambda c: type(c).__name__)
def test_an_unknown_benefit_is_refused_wherever_one_stands(content: Content) -> None:
    assert code_of(content, benefit="tuntematon_etuus") == "benefit"


def test_basic_assistance_may_be_applied_for_and_decided_in_2016_but_not_be_for_2016() -> None:
    basic = "perustoimeentulotuki"
    assert code_of(APPLICATION, benefit=basic, received=date(2016, 12, 15)) is None
    assert code_of(DECISION, benefit=basic, first=date(2017, 1, 1)) is None
    assert code_of(DECISION, benefit=basic, first=date(2016, 12, 31)) == "benefit_days"
    assert code_of(PAYMENT, benefit=basic, first=date(2017, 1, 1), last=date(2017, 1, 31)) is None
    assert code_of(PAYMENT, benefit=basic) == "benefit_days"


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (DECISION, "amount"),
        (PAYMENT, "gross"),
        (PAYMENT, "withheld"),
        (PAYMENT, "net"),
        (RECOVERY, "total"),
        (RECOVERY, "remaining"),
        (MEDICINE, "ceiling"),
        (MEDICINE, "used"),
    ],
)
def test_no_amount_is_negative(content: Content, field: str) -> None:
    assert code_of(content, **{field: Decimal("-0.01")}) == "negative"
    assert code_of(content, **{field: Decimal("0.00")}) in {None, "sums"}


def test_no_more_is_left_to_recover_than_there_was() -> None:
    assert code_of(RECOVERY, remaining=Decimal("900.00")) is None
    assert code_of(RECOVERY, remaining=Decimal("900.01")) == "sums"


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        (APPLICATION, {"estimated_decision": date(2016, 11, 30)}),
        (APPLICATION, {"stage_since": date(2016, 11, 30)}),
        (DECISION, {"last": date(2015, 12, 31)}),
        (DECISION, {"interruptions": (Interruption(first=date(2016, 3, 2), last=date(2016, 3, 1), reason=""),)}),
        (PAYMENT, {"last": date(2016, 11, 30)}),
        (INSURANCE, {"last": date(2000, 2, 28)}),
        (NOTICE, {"decided": date(2017, 1, 3)}),
    ],
)
def test_nothing_ends_before_it_begins(content: Content, changes: dict[str, object]) -> None:
    assert code_of(content, **changes) == "reversed"


def test_one_day_and_an_open_end_are_periods() -> None:
    day = date(2016, 3, 1)
    assert code_of(DECISION, first=day, last=day) is None
    assert code_of(DECISION, interruptions=(Interruption(first=day, reason="laitoshoito"),)) is None


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (PERSON, "died"),
        (APPLICATION, "received"),
        (APPLICATION, "stage_since"),
        (DECISION, "decided"),
        (PAYMENT, "payday"),
        (RECOVERY, "decided"),
        (MEDICINE, "reached"),
    ],
)
def test_nothing_happens_absurdly_far_ahead(content: Content, field: str) -> None:
    assert code_of(content, **{field: ABSURD}) == "future"
    assert code_of(content, **{field: SENT + FARTHEST}) is None


@pytest.mark.parametrize(
    ("content", "field"),
    [(PERSON, "died"), (APPLICATION, "received"), (DECISION, "decided"), (PAYMENT, "payday"), (RECOVERY, "decided")],
)
def test_nothing_happened_before_1900(content: Content, field: str) -> None:
    assert code_of(content, **{field: EARLIEST - timedelta(days=1)}) == "past"
    assert code_of(content, **{field: EARLIEST}) is None


def test_a_payment_is_for_ten_years_at_most() -> None:
    first = date(2010, 1, 1)
    assert code_of(PAYMENT, first=first, last=first + LONGEST) is None
    assert code_of(PAYMENT, first=first, last=first + LONGEST + timedelta(days=1)) == "period"
    assert code_of(PAYMENT, first=date(2017, 1, 1), last=date(9999, 12, 31)) == "period"


def test_a_notice_is_measured_by_its_day_in_helsinki() -> None:
    midnight = datetime(ABSURD.year, ABSURD.month, ABSURD.day, tzinfo=UTC) - timedelta(hours=2)
    assert code_of(NOTICE, created=midnight) == "future"
    assert code_of(NOTICE, created=midnight - timedelta(seconds=1)) is None


def test_the_end_of_a_period_may_lie_as_far_ahead_as_it_likes() -> None:
    assert code_of(DECISION, last=date(2040, 1, 31)) is None
    assert code_of(INSURANCE, last=date(2040, 1, 31)) is None


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("gross", "620.001", "decimals"),
        ("net", "599.00", "sums"),
        ("recovered", "20.01", "recovered"),
        ("last", "2016-11-30", "reversed"),
        ("gross", "much", "schema"),
        ("payday", "soon", "schema"),
    ],
)
def test_what_a_contract_refuses_has_a_code_and_never_quotes_the_record(field: str, value: str, code: str) -> None:
    content = {**PAYMENT.model_dump(mode="json"), field: value}
    with pytest.raises(ValidationError) as refused:
        Payment.model_validate(content)

    fault = fault_of(refused.value)

    assert fault.code == code
    assert fault.reason
    assert value not in fault.reason
