"""The log supervisor's page of anomalies: what it shows, asks and sends."""

from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest

from shared.bus.topics import AUDIT_REQUESTS
from shared.contracts.anomalies import AlertState, AlertStep, AnomalyFound, CloseReason
from shared.contracts.answers import AlertDone, AlertRow, AlertsPage
from shared.contracts.asking import AlertCommand, AlertsQuery
from shared.contracts.base import Text
from tests.component.gateway.world import EVENT, FormToken, Gateway

ALERT = UUID("0a0a0a0a-0000-4000-8000-000000000001")
FOUND = datetime(2017, 1, 2, 9, tzinfo=UTC)
ROW = AlertRow(
    anomaly=AnomalyFound(
        alert=ALERT,
        rule="night_work",
        organisation="0211675-2",
        worker="v1.aaaaaaaaaaaaaaaaaaaaaaaaaa",
        time=FOUND,
        figures={"look_ups": 3, "hour": 2},
        limits={"least": 3, "opens": 7, "closes": 18},
        explanation=Text(fi="Kolme hakua yöllä.", sv="Tre sökningar på natten.", en="Three look-ups at night."),
        entries=(4, 7, 9),
    ),
    found=FOUND,
    state=AlertState.OPEN,
    version=1,
    reason=None,
    by=None,
    at=None,
)


@pytest.mark.parametrize(
    ("language", "words"),
    [("fi", "Kolme hakua yöllä."), ("sv", "Tre sökningar på natten."), ("en", "Three look-ups at night.")],
)
async def test_an_alert_is_explained_in_the_readers_language_with_its_entries(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken, language: str, words: str
) -> None:
    sari.cookies.set("kelmu_language", language, domain="gateway.test", path="/")
    form = await sari.get("/anomalies")
    assert gateway.bus.asked == []
    gateway.bus.answer = AlertsPage(rows=(ROW,), event=EVENT)
    page = await sari.post("/anomalies", data={"form_token": form_token(form.text), "state": "unclosed"})

    assert words in page.text
    assert "4, 7, 9" in page.text
    (question,) = gateway.bus.asked
    assert (question.topic, question.body) == (AUDIT_REQUESTS, AlertsQuery())


async def test_closing_sends_the_version_that_was_seen_and_the_chosen_reason(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    token = form_token((await sari.get("/anomalies")).text)
    gateway.bus.answer = AlertDone(alert=ALERT, state=AlertState.CLOSED, version=2, event=EVENT)
    fields = {"alert": str(ALERT), "version": "1", "step": "close", "idempotency_key": "close-0001"}
    page = await sari.post("/anomalies/handle", data={"form_token": token, "reason": "justified", **fields})

    assert page.status_code == 200
    assert gateway.bus.asked[-1].body == AlertCommand(
        idempotency_key="close-0001", alert=ALERT, version=1, step=AlertStep.CLOSE, reason=CloseReason.JUSTIFIED
    )
    assert (
        await sari.post("/anomalies/handle", data={"form_token": token, "reason": "x", **fields})
    ).status_code == 422


async def test_all_and_closed_alerts_can_be_asked_for(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    gateway.bus.answer = AlertsPage(rows=(ROW,), event=EVENT)
    for state, asked in (("all", None), ("closed", AlertState.CLOSED)):
        reply = await sari.post("/api/v1/anomalies", json={"state": state})
        assert reply.json()["rows"][0]["anomaly"]["rule"] == "night_work"
        assert gateway.bus.asked[-1].body == AlertsQuery(state=asked)
