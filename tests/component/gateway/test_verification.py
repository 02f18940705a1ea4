"""The auditor's verification: a proof is tried here again before it is said to hold, and every end is told in words."""

import httpx
import pytest

from services.gateway.words import LANGUAGES, words
from shared.contracts.asking import LogVerificationQuery
from shared.contracts.base import Language
from tests.component.gateway.proven import ORIGIN, PROOF, PROVEN, verified
from tests.component.gateway.world import EVENT, FormToken, Gateway


async def _token(browser: httpx.AsyncClient, form_token: FormToken) -> dict[str, str]:
    return {"form_token": form_token((await browser.get("/log/verify")).text)}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_proof_that_holds_is_said_to_hold_with_how_to_check_it_offline(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken, language: Language
) -> None:
    sari.cookies.set("kelmu_language", language, domain="gateway.test", path="/")
    token = await _token(sari, form_token)
    gateway.bus.answer = verified(EVENT)
    page = await sari.post("/log/verify", data={**token, "entry": "0"})
    assert gateway.bus.asked[-1].body == LogVerificationQuery(entry="0")
    t = words(language)
    assert t("verification.holds_title") in page.text
    assert all(one in page.text for one in (str(PROVEN), ORIGIN, "kelmu audit check-proof", str(EVENT)))
    assert t("verification.cosigned_all") in page.text


async def test_the_proof_is_downloaded_as_the_verifier_reads_it(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    token = await _token(sari, form_token)
    gateway.bus.answer = verified(EVENT)
    file = await sari.post("/log/verify/file", data={**token, "entry": "0"})
    assert file.headers["content-disposition"] == 'attachment; filename="proof-0.json"'
    assert file.content == PROOF.document() + b"\n"


async def test_a_proof_that_does_not_hold_is_never_said_to_hold_and_given_to_nobody(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    token = await _token(sari, form_token)
    sound = verified(EVENT)
    assert sound.proof is not None
    forged = sound.proof.model_copy(update={"document": sound.proof.document.replace("decided", "dec1ded")})
    for answer in (verified(EVENT, proof=forged), verified(EVENT, proof=None), verified(EVENT, keys=())):
        gateway.bus.answer = answer
        page = await sari.post("/log/verify", data={**token, "entry": "0"})
        assert words("fi")("verification.contradicts_title") in page.text
        assert words("fi")("verification.holds_title") not in page.text
        file = await sari.post("/log/verify/file", data={**token, "entry": "0"})
        assert "content-disposition" not in file.headers


@pytest.mark.parametrize("result", ["unreadable", "not_in_log", "not_covered", "contradicts"])
async def test_what_has_no_proof_is_told_in_words(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken, result: str
) -> None:
    token = await _token(sari, form_token)
    gateway.bus.answer = verified(EVENT, result=result, proof=None)
    page = await sari.post("/log/verify", data={**token, "entry": "77"})
    assert words("fi")(f"verification.{result}_title") in page.text
    assert "verification/file" not in page.text


async def test_a_log_that_nobody_signed_and_no_witness_saw_says_so(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    token = await _token(sari, form_token)
    nothing = {"size": None, "checkpoint": None, "signed_at": None, "cosigned": None, "proof": None}
    gateway.bus.answer = verified(EVENT, result="not_asked", **nothing)
    page = await sari.post("/log/verify", data=token)
    t = words("fi")
    assert t("verification.unsigned") in page.text
    assert t("verification.unwitnessed") in page.text
    gateway.bus.answer = verified(EVENT, size=3, result="not_asked", proof=None)
    page = await sari.post("/log/verify", data=token)
    assert t("verification.cosigned_part", size="2") in page.text
