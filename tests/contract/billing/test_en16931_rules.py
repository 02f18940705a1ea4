"""The published business rules of EN 16931 over a sample of every kind of document."""

import pytest

from services.billing.domain.invoice import Invoice
from services.billing.outputs.ubl import as_ubl
from tests.harness.invoices import documents
from tests.harness.schemas import broken_rules


@pytest.fixture(scope="module")
def sample() -> list[Invoice]:
    return list(documents(16931, 150))


def test_the_sample_holds_every_special_case(sample: list[Invoice]) -> None:
    assert {one.kind for one in sample} == {"usage_month", "population_instalment", "correction", "credit_note"}
    assert {one.delivery for one in sample} == {"e_invoice", "paper"}
    assert {one.payer.language for one in sample} == {"fi", "sv"}
    assert {line.why for one in sample for line in one.lines} == {"rated", "correction", "rectification"}
    assert any(line.amount < 0 for one in sample if not one.credits for line in one.lines)
    assert any(line.amount > 0 for one in sample if one.credits for line in one.lines)
    assert any(len(one.members) > 2 for one in sample)
    assert any(one.payer.billing_reference is None for one in sample)


def test_no_rule_is_broken_and_nothing_is_warned_of(sample: list[Invoice]) -> None:
    for document, broken in zip(sample, broken_rules([as_ubl(one) for one in sample]), strict=True):
        assert not broken, document.number


@pytest.mark.parametrize(
    ("written", "spoilt", "rule"),
    [
        (b">58<", b">99999<", "BR-CL-16"),
        (b'schemeID="0212"', b'schemeID="0000"', "BR-CL-11"),
        (b"<cbc:ID>O</cbc:ID>", b"<cbc:ID>S</cbc:ID>", "BR-S-02"),
        (b'<cbc:PayableAmount currencyID="EUR">', b'<cbc:PayableAmount currencyID="EUR">1', "BR-CO-16"),
    ],
)
def test_the_rules_bite(sample: list[Invoice], written: bytes, spoilt: bytes, rule: str) -> None:
    document = next(one for one in sample if not one.credits)
    (broken,) = broken_rules([as_ubl(document).replace(written, spoilt)])
    assert any(one.startswith(rule) for one in broken)
