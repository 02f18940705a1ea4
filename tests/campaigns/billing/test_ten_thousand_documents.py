"""Ten thousand generated documents are valid in both formats and say what they were made from."""

import pytest

from services.billing.domain.invoice import Invoice
from tests.harness.invoices import documents
from tests.property.billing.reading_back import hold_as_finvoice, hold_as_ubl

SEED, COUNT = 2017, 10_000


@pytest.fixture(scope="module")
def made() -> list[Invoice]:
    return list(documents(SEED, COUNT))


def test_ten_thousand_documents_are_valid_finvoice_and_read_back_as_they_were(made: list[Invoice]) -> None:
    assert len(made) == COUNT
    hold_as_finvoice(made)


def test_ten_thousand_documents_are_valid_ubl_and_read_back_as_they_were(made: list[Invoice]) -> None:
    hold_as_ubl(made)
