"""The pages of the log: a citizen's own in three languages, without a mandate; and the auditor's form."""

from datetime import UTC, date, datetime

import pytest

from shared.bus.topics import AUDIT_REQUESTS
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import LogContact, LogProof, LogReversal, OwnLogClaim, OwnLogPage, OwnLogRow, Redaction
from shared.contracts.asking import LogSearchQuery, OwnLogQuery
from shared.contracts.base import Channel, DataGroup, Purpose
from shared.contracts.claims import ClaimState
from shared.gate.mandates import KELA
from tests.component.gateway.world import EVENT, TAMPERE, FormToken, Gateway

ROW = OwnLogRow(
    event=EVENT,
    time=datetime(2016, 12, 30, 10, tzinfo=UTC),
    oneself=False,
    organisation=TAMPERE,
    member="837",
    action=Action.LOOK_UP,
    channel=Channel.UI,
    purpose=Purpose.VERIFY,
    law="L 812/2000 21 §",
    groups=(DataGroup.PAYMENTS,),
    outcome=Outcome.GRANTED,
    emergency=True,
    informed=True,
    redacted=(Redaction.REASON,),
    proof=LogProof(entry=41, leaf=None, leaf_hash="ab" * 32, path=()),
)
PAGE = OwnLogPage(
    since=date(2014, 12, 31),
    rows=(ROW,),
    contacts=(LogContact(organisation=TAMPERE, name_fi="T", name_sv="T", email="loki@tampere.example"),),
    erased_months=("2016-03",),
    checkpoint="log.kelmu.test\n42\nroot\n",
    next="later",
    event=EVENT,
)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", ("Tampereen kaupunki", "hätäohitus", "perustelua ei näytetä", "2016-03")),
        ("sv", ("nödåtkomst", "motiveringen visas inte", "2016-03")),
        ("en", ("emergency override", "the reason is not shown", "2016-03")),
    ],
)
async def test_given_a_person_who_signed_in_then_their_log_is_shown_in_their_language(
    gateway: Gateway, form_token: FormToken, language: str, words: tuple[str, ...]
) -> None:
    gateway.bus.answer = PAGE
    async with gateway.signed_in() as browser:
        await browser.get(f"/language/{language}")
        begun = await browser.get("/log/own")
        assert gateway.bus.asked == []
        page = await browser.post("/log/own", data={"form_token": form_token(begun.text)})
    assert page.status_code == 200
    for word in (*words, "L 812/2000 21 §", "loki@tampere.example", str(EVENT), "log.kelmu.test"):
        assert word in page.text
    (question,) = gateway.bus.asked
    assert question.topic == AUDIT_REQUESTS
    assert question.body == OwnLogQuery()
    # Asked of Kela in nobody's name: no role, no municipality, whatever the person does at work.
    asked = (question.actor.channel, question.actor.organisation, question.actor.member, question.actor.roles)
    assert asked == (Channel.CITIZEN, KELA, None, ())


async def test_given_a_claim_and_a_look_that_reached_nobody_then_both_are_told_in_words(
    gateway: Gateway, form_token: FormToken
) -> None:
    step = OwnLogClaim(act="hear", by="handler", number="MV-2016-000017", state=ClaimState.IN_HEARING)
    claim = ROW.model_copy(update={"action": None, "outcome": None, "claim": step})
    lost = ROW.model_copy(
        update={"undelivered": LogReversal(event=EVENT, time=ROW.time, reason="not_delivered", proof=ROW.proof)}
    )
    gateway.bus.answer = PAGE.model_copy(update={"rows": (claim, lost)})
    async with gateway.signed_in() as browser:
        await browser.get("/language/en")
        page = await browser.post("/log/own", data={"form_token": form_token((await browser.get("/log/own")).text)})
    for words in ("Payment claim MV-2016-000017", "In hearing", "taken back: the answer did not arrive"):
        assert words.lower() in page.text.lower()


async def test_given_another_person_in_the_body_then_nothing_is_asked(gateway: Gateway) -> None:
    async with gateway.signed_in() as browser:
        refused = await browser.post("/api/v1/log/own", json={"identity_code": "290200A950Y"})
    assert refused.status_code == 422
    assert gateway.bus.asked == []


async def test_given_a_form_of_the_auditor_then_it_is_asked_as_typed(gateway: Gateway, form_token: FormToken) -> None:
    gateway.bus.answer = PAGE
    async with gateway.signed_in() as browser:
        token = form_token((await browser.get("/log/search")).text)
        wrong = await browser.post("/log/search", data={"form_token": token, "reason": "x", "first": "then"})
        assert wrong.status_code == 422
        assert gateway.bus.asked == []
        days = {"first": "2016-12-01", "last": "2016-12-31", "emergency": "true", "outcome": "", "reason": "syy"}
        await browser.post("/log/search", data={"form_token": token, **days})
    (question,) = gateway.bus.asked
    assert isinstance(question.body, LogSearchQuery)
    assert (question.body.emergency, question.body.outcome, question.body.reason) == (True, None, "syy")
    assert question.actor.channel is Channel.UI
