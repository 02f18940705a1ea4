"""The printable receipt: what it tells in each language, its name, its bytes, and who may have it."""

import re
from datetime import date

import httpx
import pytest

from services.gateway.receipt_pdf import file_name, receipt_pdf
from services.gateway.words import LANGUAGES, words
from shared.bus.client import NoAnswer
from shared.contracts.answers import ClaimReceipt, Refused
from shared.contracts.asking import ClaimStatusQuery
from shared.contracts.base import Language
from tests.component.gateway.world import CLIENT, FormToken, Gateway

KEY = "k-20161220-0001"
PATH = f"/claims/{KEY}/receipt.pdf"


def text_of(pdf: bytes) -> str:
    """What stands on the page, words with one space between them; the fonts' encoding is that of Windows."""
    found = [re.sub(rb"\\(.)", rb"\1", line) for line in re.findall(rb"\(((?:\\.|[^()\\])*)\) Tj", pdf)]
    return " ".join(b" ".join(found).decode("windows-1252").split())


def told(receipt: ClaimReceipt, language: Language = "fi") -> str:
    return text_of(receipt_pdf(receipt, words(language)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_of_the_receipt_stands_in_it_in_the_readers_language(
    receipt: ClaimReceipt, language: Language
) -> None:
    t = words(language)
    text = told(receipt.model_copy(update={"next": "Kela kuulee åländska väntande ensin."}), language)
    for part in ("title", "number", "arrived", "effective", "missed", "warnings", "next"):
        assert t(f"receipt.{part}") in text
    for value in ("V-2016-000002", "20.12.2016", "26.1.2017", "23.12.2016", "varoitus", "åländska väntande ensin."):
        assert value in text


def test_the_earliest_day_and_no_payday_at_all_are_told_as_such(receipt: ClaimReceipt) -> None:
    earliest = receipt.model_copy(update={"effective_payday": None, "earliest": date(2017, 1, 3)})
    assert "Aikaisintaan 3.1.2017" in told(earliest)
    late = earliest.model_copy(update={"earliest": None, "missed_paydays": (), "warnings": ()})
    text = told(late)
    assert words("fi")("receipt.none") in text
    assert words("fi")("receipt.missed") not in text
    assert words("fi")("receipt.warnings") not in text


def test_the_same_receipt_is_the_same_file_and_another_arrival_another(receipt: ClaimReceipt) -> None:
    again = receipt.model_validate_json(receipt.model_dump_json())
    first = receipt_pdf(receipt, words("sv"))
    assert first == receipt_pdf(again, words("sv"))
    assert first.startswith(b"%PDF-")
    assert b"D:20161220100000" in first
    assert first != receipt_pdf(receipt, words("fi"))


def test_what_no_font_holds_stops_no_receipt_and_a_long_one_goes_on_over_pages(receipt: ClaimReceipt) -> None:
    odd = receipt.model_copy(update={"warnings": ("5 € \u2013 \u0142 (b\\c)", *(f"varoitus {n}" for n in range(90)))})
    pdf = receipt_pdf(odd, words("fi"))
    assert "5 € \u2013 ? (b\\c)" in text_of(pdf)
    assert "varoitus 89" in text_of(pdf)
    assert len(re.findall(rb"/Type /Page\n", pdf)) > 1


def test_the_file_is_called_by_the_claims_number_and_by_nothing_else(receipt: ClaimReceipt) -> None:
    assert file_name(receipt) == "V-2016-000002.pdf"
    for number in ("MV-2016-7K3QX-9TB4M2", CLIENT, 'MV-2016-1"\r\nX: y', "", "../x"):
        name = file_name(receipt.model_copy(update={"number": number}))
        assert name == (f"{number}.pdf" if number.startswith("MV-2016-7") else "receipt.pdf")


async def test_the_page_of_a_sent_claim_leads_to_it_and_it_is_asked_for_as_the_status_is(
    gateway: Gateway, sari: httpx.AsyncClient, receipt: ClaimReceipt, form_token: FormToken
) -> None:
    gateway.bus.answer = receipt
    token = form_token((await sari.get("/claims/new")).text)
    shown = await sari.post("/claims/status", data={"key": KEY, "form_token": token})
    assert f'href="{PATH}"' in shown.text
    printed = await sari.get(PATH, headers={"accept-language": "en"})
    assert (printed.status_code, printed.headers["content-type"]) == (200, "application/pdf")
    assert printed.headers["content-disposition"] == 'inline; filename="V-2016-000002.pdf"'
    assert printed.headers["cache-control"] == "no-store"
    assert printed.content == receipt_pdf(receipt, words("en"))
    assert [question.body for question in gateway.bus.asked] == [ClaimStatusQuery(idempotency_key=KEY)] * 2
    assert [question.language for question in gateway.bus.asked][1] == "en"


async def test_a_refusal_and_a_silence_print_nothing(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused
) -> None:
    gateway.bus.answer = refusal
    refused = await sari.get(PATH)
    assert (refused.status_code, "L 812/2000 21 §" in refused.text) == (403, True)
    gateway.bus.answer = NoAnswer("late")
    assert (await sari.get(PATH)).status_code == 504
    assert (await sari.get(f"/claims/{CLIENT}/receipt.pdf")).status_code == 422
