"""Fixtures of the tests that drive the whole gateway on fakes."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest

from services.gateway.sessions import Identity
from shared.contracts.answers import (
    ClaimReceipt,
    PersonView,
    Refused,
)
from shared.contracts.base import Refusal, Text
from tests.component.gateway.canaries import Canaries
from tests.component.gateway.walking import Services, Walk
from tests.component.gateway.world import CLIENT, EVENT, GATEWAY, SARI, FormToken, Gateway, make_gateway
from tests.harness.shown import shown


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
    return shown(CLIENT, EVENT)


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
