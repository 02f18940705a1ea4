"""The words and Kela's details cover all that the documents need, in both languages."""

import pytest
from pydantic import ValidationError

from services.billing.book_files import load_prices
from services.billing.domain.invoice import KELA, SERIES
from services.billing.outputs.saying import Details, Language, seller_details, words
from shared.finnish.business_id import parse_ovt


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_kind_of_document_and_every_unit_of_the_books_has_its_word(language: Language) -> None:
    said = words(language)
    units = {item.unit for book in load_prices().books.files.values() for item in book.items}
    assert {f"kind_{kind}" for kind in SERIES} <= said.keys()
    assert {f"unit_{unit}" for unit in units} <= said.keys()
    assert all(said.values())


def test_kelas_address_is_its_own() -> None:
    assert parse_ovt(seller_details().ovt.value).business_id == KELA.business_id


def test_an_account_of_another_bank_is_refused() -> None:
    details = seller_details().model_dump()
    details["bic"]["value"] = "OKOYFIHH"
    with pytest.raises(ValidationError, match="not the bank of account"):
        Details.model_validate(details)
