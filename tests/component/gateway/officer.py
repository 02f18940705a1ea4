"""Browsers of Kela's agreement officer and of Tampere's main user."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import httpx

from shared.contracts.base import Role
from shared.gate.mandates import KELA
from tests.component.gateway.world import TAMPERE, Gateway, mandate
from tests.harness.agreed import organisation

OUTI, MATTI = "010175-901V", "020280-902M"
HOSTILE: Final = "<script>alert(1)</script>\"'{{ 7*7 }}"


@asynccontextmanager
async def officer_of(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    gateway.agreements.directory.apply(organisation(KELA, "Kela", None))
    gateway.agreements.directory.apply(mandate(OUTI, KELA, "091", Role.AGREEMENT_OFFICER))
    async with gateway.browser_of(OUTI, "Ojala Outi") as browser:
        yield browser


@asynccontextmanager
async def main_user_of(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    gateway.agreements.directory.apply(mandate(MATTI, TAMPERE, "837", Role.MAIN_USER))
    async with gateway.browser_of(MATTI, "Mattila Matti") as browser:
        yield browser
