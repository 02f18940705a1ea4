"""Fixtures of the gateway's unit tests."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest

from services.gateway.sessions import Identity
from shared.contracts.answers import (
    ClaimReceipt,
    ClaimRow,
    DecisionRow,
    PaymentRow,
    Pending,
    PersonView,
    Refused,
    Trimmed,
)
from shared.contracts.base import Refusal, Text
from tests.unit.gateway.canaries import Canaries
from tests.unit.gateway.walking import Services, Walk
from tests.unit.gateway.world import CLIENT, EVENT, GATEWAY, SARI, FormToken, Gateway, make_gateway


@pytest.fixture
def gateway(tmp_path: Path) -> Gateway:
    return make_gateway(tmp_path)


@pytest.fixture
async def sari(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which Sari, viewer and fee clerk of Tampere, has signed in (without going through the provider)."""
    identity = Identity(name="Virtanen Sari", identity_code=SARI, signed_in=gateway.clocks.system)
    async with gateway.fresh() as browser:
        browser.base_url = httpx.URL(GATEWAY)
        token = await gateway.parts.sessions.open(identity)
        browser.cookies.set(gateway.parts.session_cookie, token, domain="gateway.test", path="/")
        yield browser


@pytest.fixture
def person() -> PersonView:
    return PersonView(
        name="Meikäläinen, Maija",
        identity_code=CLIENT,
        municipality="837",
        safety_prohibition=False,
        looked_up=datetime(2016, 12, 31, 10, 31, 5, tzinfo=UTC),
        access_event=EVENT,
        pending=(
            Pending(
                benefit="yleinen_asumistuki",
                received=date(2016, 12, 1),
                stage="in_process",
                estimated_decision=date(2017, 1, 15),
            ),
        ),
        decisions=(
            DecisionRow(
                benefit="kansanelake",
                result="granted",
                first=date(2015, 1, 1),
                last=None,
                amount="634.30",
                decided=date(2014, 12, 3),
            ),
        ),
        payments=(
            PaymentRow(
                benefit="kansanelake",
                payday=date(2016, 12, 7),
                first=date(2016, 12, 1),
                last=date(2016, 12, 31),
                gross="1634.30",
                withheld="400.00",
                net="1234.30",
                paid_to="client",
            ),
        ),
        claims=(
            ClaimRow(
                number="V-2016-000001",
                benefit="kansanelake",
                ground="aml_14",
                state="registered",
                first=date(2017, 1, 1),
                last=None,
                effective_payday=date(2017, 2, 7),
            ),
        ),
        trimmed=(Trimmed(group="decisions", count=3, why="window"),),
    )


@pytest.fixture
def refusal() -> Refused:
    return Refused(
        refusal=Refusal(
            code="gate.purpose_covered",
            rule="purpose_covered",
            law="L 812/2000 21 §",
            reason=Text(
                fi="Sopimus ei kata tätä.", sv="Avtalet omfattar inte detta.", en="The agreement does not cover it."
            ),
            advice=Text(fi="Ota yhteys pääkäyttäjään.", sv="Kontakta huvudanvändaren.", en="Contact the main user."),
        ),
        event=EVENT,
    )


@pytest.fixture
def receipt() -> ClaimReceipt:
    return ClaimReceipt(
        number="V-2016-000002",
        arrived=datetime(2016, 12, 20, 10, 0, tzinfo=UTC),
        state="registered",
        effective_payday=date(2017, 1, 26),
        earliest=None,
        missed_paydays=(date(2016, 12, 23),),
        warnings=("varoitus",),
    )


@pytest.fixture
def form_token() -> FormToken:
    """Reads the form token out of a page, as a browser would send it back."""

    def read(page: str) -> str:
        found = re.search(r'name="form_token" value="([0-9a-f]{64})"', page)
        assert found is not None, "the page holds no form token"
        return found[1]

    return read


@pytest.fixture
def walk(
    gateway: Gateway, refusal: Refused, person: PersonView, form_token: FormToken, monkeypatch: pytest.MonkeyPatch
) -> Walk:
    services = Services(refusal, Canaries(person))
    monkeypatch.setattr(gateway.bus, "ask", services.ask)
    return Walk(gateway, services, form_token)
