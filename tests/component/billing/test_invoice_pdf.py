"""The PDF says all that the document says, in the payer's language, to a screen reader too, and never changes."""

import io

import pytest
from pypdf import PdfReader

from services.billing.domain.invoice import Invoice
from services.billing.outputs.pdf import as_pdf
from shared.money import format_money
from tests.harness.invoices import documents

DRAWN = list(documents(11, 60))


def drawn(kind: str, language: str, *, members: int = 0) -> Invoice:
    return next(
        one for one in DRAWN if one.kind == kind and one.payer.language == language and len(one.members) >= members
    )


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", ("Lasku", "Eräpäivä", "Hinta on oletus.", "Oikaisuvaatimusohje", "11 b §", "ei arvonlisäveroa")),
        ("sv", ("Faktura", "Förfallodag", "Priset är ett antagande.", "rättelseyrkande", "11 b §", "mervärdesskatt")),
    ],
)
def test_an_invoice_speaks_the_payers_language(language: str, words: tuple[str, ...]) -> None:
    document = drawn("usage_month", language, members=1)
    text = text_of(as_pdf(document))
    for word in (*words, document.number, document.agreement, "L 150/1992"):
        assert word in text
    assert format_money(document.total, "fi").replace("\u00a0", " ") in text
    assert f"{document.members[0].municipality} {document.members[0].name}" in text


def test_every_line_shows_its_law_its_calculation_and_that_its_price_is_assumed() -> None:
    document = drawn("usage_month", "fi")
    text = text_of(as_pdf(document))
    assert text.count("Peruste: L 150/1992") == len(document.lines)
    assert text.count("Laskelma:") == len(document.lines)
    assert text.count("Hinta on oletus.") == len(document.lines) + 1


def test_a_credit_note_names_the_invoice_and_asks_for_no_payment() -> None:
    document = drawn("credit_note", "fi")
    text = text_of(as_pdf(document))
    assert "Hyvityslasku" in text
    assert f"Hyvittää laskua {document.credits}" in text
    assert "Hyvityslaskua ei makseta" in text
    assert "Tilinumero" not in text


def test_a_payer_without_an_address_is_told_that_the_invoice_comes_on_paper() -> None:
    document = next(one for one in DRAWN if one.delivery == "paper" and one.payer.language == "fi")
    assert "Paperilasku: verkkolaskuosoite puuttuu" in text_of(as_pdf(document))


def test_nobody_is_asked_to_pay_to_an_example_account_unwarned() -> None:
    assert "Tilinumero on esimerkki" in text_of(as_pdf(drawn("usage_month", "fi")))


def test_it_is_tagged_for_screen_readers() -> None:
    document = drawn("usage_month", "sv")
    content = as_pdf(document)
    reader = PdfReader(io.BytesIO(content))
    root = reader.root_object
    assert "'/Marked': True" in str(root["/MarkInfo"])
    assert str(root["/Lang"]) == "sv"
    assert "/StructTreeRoot" in root
    assert reader.metadata is not None
    assert reader.metadata.title == f"Faktura {document.number}"
    assert b"pdfuaid:part" in content


def test_it_is_the_same_bytes_when_made_again() -> None:
    kinds = [drawn("usage_month", "fi"), drawn("credit_note", "sv"), drawn("population_instalment", "fi")]
    assert [as_pdf(one) for one in kinds] == [as_pdf(one) for one in reversed(kinds)][::-1]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Kunta \U0001f600", "Kunta ?"), ("\ufeff=1+1", "?=1+1"), ("Kunta \u6f22\u0001", "Kunta ?")],
)
def test_a_name_that_the_typeface_lacks_stops_no_document(name: str, shown: str) -> None:
    one = drawn("usage_month", "fi")
    payer = one.payer.model_copy(update={"name": name, "billing_reference": name})
    told = text_of(as_pdf(one.model_copy(update={"payer": payer})))
    assert shown in told
    assert "Eräpäivä" in told
    assert f"{format_money(one.total, 'fi')}".replace("\u00a0", " ") in told
