"""What may be asked at all: control characters, absurd days and identity codes in keys are refused at the edge."""

from collections.abc import Mapping
from datetime import date

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.contracts.asking import (
    CareStated,
    ClaimCommand,
    IdempotencyKey,
    ListQuery,
    NoticeQuery,
    NoticesQuery,
    NoticeStatisticsQuery,
    PersonQuery,
    RegisterClaim,
)
from shared.finnish.identity_code import IdentityCode

LIST = {"list": "tmt_invoice", "purpose": "INVOICE_LIST"}
NOTICES = {"purpose": "ETOTU"}
PERSON = {"identity_code": "010180-9015", "purpose": "CHARGE", "informed": True}
CARE = {"first": None, "fee": "1", "income": "1"}
ACT = {"idempotency_key": "key-0001", "number": "MV-1", "version": 1, "act": "end"}
CLAIM = {
    "idempotency_key": "key-0001", "identity_code": "010180-9015", "benefit": "kansanelake", "ground": "totul_23",
    "first": None, "amount": "all", "handler_name": "H", "handler_phone": "1", "account": "a", "reference": "12344",
}  # fmt: skip
MARCH = {"first": date(2019, 3, 1), "last": date(2019, 3, 31)}


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        (ListQuery, LIST | {"month": "1900-01"}),
        (ListQuery, LIST | {"month": "2199-12", "after": "v1.abc"}),
        (NoticesQuery, NOTICES | {"after": "1500000000000000.N-1"}),
        (NoticeQuery, NOTICES | {"notice": "Ä" * 64}),
        (NoticeStatisticsQuery, {"first": date(1900, 1, 1), "last": date(2200, 12, 31)}),
        (PersonQuery, PERSON | MARCH),
        (CareStated, CARE),
        (ClaimCommand, ACT | {"last": date(2200, 12, 31)}),
        (RegisterClaim, CLAIM | MARCH),
    ],
)
def test_what_can_be_meant_may_be_asked(asked: type[BaseModel], fields: Mapping[str, object]) -> None:
    assert asked.model_validate(fields)


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        (ListQuery, LIST | {"month": "0000-06"}),
        (ListQuery, LIST | {"month": "2201-01"}),
        (ListQuery, LIST | {"after": "a\0"}),
        (NoticesQuery, NOTICES | {"after": "1.\n"}),
        (NoticesQuery, NOTICES | {"after": "1.N\n1"}),
        (NoticeQuery, NOTICES | {"notice": "a\0b"}),
        (NoticeQuery, NOTICES | {"notice": "a\x7f"}),
        (NoticeQuery, NOTICES | {"notice": ""}),
        (NoticeStatisticsQuery, MARCH | {"last": date(9999, 12, 31)}),
        (NoticeStatisticsQuery, MARCH | {"first": date(1899, 12, 31)}),
        (PersonQuery, PERSON | {"first": date(1, 1, 1)}),
        (PersonQuery, PERSON | {"last": date(2201, 1, 1)}),
        (CareStated, CARE | {"first": date(1899, 12, 31)}),
        (CareStated, CARE | {"last": date(9999, 12, 31)}),
        (ClaimCommand, ACT | {"last": date(9999, 12, 31)}),
        (ClaimCommand, ACT | {"deadline": date(9999, 12, 31)}),
        (RegisterClaim, CLAIM | {"first": date(1, 1, 1)}),
        (RegisterClaim, CLAIM | {"last": date(9999, 12, 31)}),
        (RegisterClaim, CLAIM | {"decided": date(2201, 1, 1)}),
    ],
)
def test_what_nobody_can_mean_is_refused_before_anybody_looks(
    asked: type[BaseModel], fields: Mapping[str, object]
) -> None:
    with pytest.raises(ValidationError):
        asked.model_validate(fields)


def test_invariant_5_no_key_holds_an_identity_code() -> None:
    key, code = TypeAdapter[str](IdempotencyKey), IdentityCode.artificial(date(1980, 1, 1), 901).reveal()

    assert key.validate_python("key-0001") == "key-0001"
    for text in (code, code.lower(), f"k_{code}"):
        with pytest.raises(ValidationError):
            key.validate_python(text)
