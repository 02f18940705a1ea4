"""Fixtures of the tests that drive the whole gateway on fakes."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest

from shared.contracts.answers import (
    ClaimReceipt,
    PersonView,
    Refused,
)
from shared.contracts.base import Refusal, Role, Text
from shared.gate.mandates import KELA
from tests.component.gateway.canaries import Canaries
from tests.component.gateway.walking import Services, Walk
from tests.component.gateway.world import CLIENT, EVENT, JORMA, SARI, FormToken, Gateway, make_gateway, mandate
from tests.harness.agreed import organisation
from tests.harness.shown import shown


@pytest.fixture
def gateway(tmp_path: Path) -> Gateway:
    return make_gateway(tmp_path)


@pytest.fixture
async def sari(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which Sari, viewer and fee clerk of Tampere, has signed in (without going through the provider)."""
    async with gateway.browser_of(SARI, "Virtanen Sari") as browser:
        yield browser


@pytest.fixture
async def jorma(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of Kela's claim handler."""
    known = mandate(JORMA, KELA, "091", Role.CLAIM_HANDLER)
    for event in (organisation(KELA, "Kela", None), known.model_copy(update={"version": 2, "id": "M-KELA"})):
        gateway.agreements.directory.apply(event)
    gateway.agreements.directory.forget("M-9050-0211675-2-837")
    async with gateway.browser_of(JORMA, "Sillanpää Jorma") as browser:
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
