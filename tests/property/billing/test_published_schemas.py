"""Generated documents against the published schemas; ten thousand of them are tried by `tests/campaigns/billing`."""

from base64 import b64decode

import pytest
from lxml import etree

from services.billing.domain.invoice import Invoice
from services.billing.outputs.finvoice import as_finvoice
from services.billing.outputs.ubl import as_ubl
from tests.harness.invoices import documents
from tests.harness.schemas import finvoice_schema, ubl_schema
from tests.property.billing.reading_back import UBL, hold_as_finvoice, hold_as_ubl

SEED, COUNT = 2017, 600


@pytest.fixture(scope="module")
def made() -> list[Invoice]:
    return list(documents(SEED, COUNT))


def test_documents_are_valid_finvoice_and_read_back_as_they_were(made: list[Invoice]) -> None:
    hold_as_finvoice(made)


def test_documents_are_valid_ubl_and_read_back_as_they_were(made: list[Invoice]) -> None:
    hold_as_ubl(made)


def test_the_attached_specification_of_members_sums_to_the_total(made: list[Invoice]) -> None:
    document = next(one for one in made if len(one.members) > 2)
    root = etree.fromstring(as_ubl(document))
    attached = root.find("a:AdditionalDocumentReference/a:Attachment/b:EmbeddedDocumentBinaryObject", UBL)
    assert attached is not None
    assert attached.get("mimeCode") == "text/csv"
    rows = b64decode(str(attached.text)).decode().splitlines()
    assert len(rows) == 1 + len(document.members)
    assert rows[1].startswith(f"{document.number},{document.members[0].municipality},")


def test_both_formats_are_the_same_bytes_when_made_again(made: list[Invoice]) -> None:
    again = list(documents(SEED, 100))
    assert [as_finvoice(one) for one in again] == [as_finvoice(one) for one in made[:100]]
    assert [as_ubl(one) for one in again] == [as_ubl(one) for one in made[:100]]


def test_the_schemas_refuse_what_is_wrong(made: list[Invoice]) -> None:
    finvoice, ubl = etree.fromstring(as_finvoice(made[0])), etree.fromstring(as_ubl(made[0]))
    for root, needed in ((finvoice, finvoice.find("EpiDetails")), (ubl, ubl.find("a:LegalMonetaryTotal", UBL))):
        assert needed is not None
        root.remove(needed)
    assert not finvoice_schema().validate(finvoice)
    assert not ubl_schema().validate(ubl)
