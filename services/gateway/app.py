"""Wiring of the gateway: settings, sessions, sign-in, the bus, the pages. `python -m services.gateway.app`."""

from datetime import timedelta

import httpx

from services.gateway.desk import Desk
from services.gateway.handlers import on_alerts
from services.gateway.inquiring import Inquirer
from services.gateway.keeping import REFRESHED_EVERY, NewsBoard
from services.gateway.keys import SessionKeys
from services.gateway.names import Names
from services.gateway.oidc import Oidc
from services.gateway.overrides import Overrides
from services.gateway.parts import Parts
from services.gateway.sessions import REMEMBERED, Sessions
from services.gateway.settings import GatewaySettings
from services.gateway.store.alerts import AlertStore
from services.gateway.store.news import AnnouncementStore, FaultStore
from services.gateway.store.overrides import OverrideStore
from services.gateway.store.pace import PaceStore
from services.gateway.store.sessions import SessionStore
from services.gateway.undelivered import Undelivered
from services.gateway.web import create_app
from shared.bus.client import BusClient
from shared.bus.topic import SEALED_RETENTION
from shared.bus.topics import ACCESS_ALERTS
from shared.clock.system import system_now
from shared.database.repeating import again_and_again
from shared.directory.replica import Replica
from shared.kit import Kit
from shared.service import serve

_PURGE_EVERY = 900.0
_SIGN_IN_SECONDS = 5.0
_PACE_KEPT = timedelta(minutes=10)
SERVICE = "gateway"


def compose(kit: Kit) -> None:
    """Put the gateway together on a kit made with `GatewaySettings`."""
    settings = kit.settings
    if not isinstance(settings, GatewaySettings):
        raise TypeError("the gateway needs its own settings")
    keys = SessionKeys.derive(kit.secrets.key("session"))
    store = SessionStore(kit.engine)
    bus = BusClient(settings.kafka, kit.publisher, kit.ring, kit.secrets.ed25519_private("actor"), kit.log)
    undelivered = Undelivered(bus, kit.engine, system_now, kit.log)
    kit.relay_outbox()
    _listen(kit, bus)
    kit.consume("gateway-alerts", (ACCESS_ALERTS,), on_alerts)
    news = NewsBoard(AnnouncementStore(kit.engine), kit.clock.now)
    _repeat(kit, news)
    pseudonym_key = kit.secrets.key("pseudonym")
    replica = Replica(kit)
    parts = Parts(
        settings=settings,
        sessions=Sessions(store, keys, settings.idle, settings.life, system_now),
        keys=keys,
        oidc=_oidc(settings, kit.secrets.text("oidc-client")),
        desk=Desk(
            Inquirer(bus, kit.clock, system_now, undelivered.tell),
            pseudonym_key,
            settings.look_up_seconds,
            settings.claim_seconds,
        ),
        agreements=replica,
        names=Names(lambda: replica.directory),
        overrides=Overrides(OverrideStore(kit.engine), keys, kit.clock),
        alerts=AlertStore(kit.engine),
        pace=PaceStore(kit.engine),
        news=news,
        faults=FaultStore(kit.engine),
        clock=kit.clock,
        now=system_now,
        pseudonym_key=pseudonym_key,
        log=kit.log,
    )
    kit.mount(create_app(parts, kit.log))


def _oidc(settings: GatewaySettings, secret: str) -> Oidc:
    return Oidc(
        issuer=str(settings.oidc_issuer).rstrip("/"),
        client_id=settings.oidc_client_id,
        client_secret=secret,
        redirect_uri=f"{settings.origin}/sign-in/callback",
        http=httpx.AsyncClient(timeout=_SIGN_IN_SECONDS),
        now=system_now,
        internal_url=str(settings.oidc_internal_url).rstrip("/") if settings.oidc_internal_url else None,
        scopes=settings.oidc_scopes,
        claims=settings.oidc_claims,
        client_auth=settings.oidc_client_auth,
        skew=settings.oidc_skew_seconds,
    )


def _listen(kit: Kit, bus: BusClient) -> None:
    kit.background("replies", bus.read_for_ever)
    kit.ready("replies", lambda: None if bus.listening.is_set() else "replies are not being read yet")


def _repeat(kit: Kit, news: NewsBoard) -> None:
    kit.background(
        "what has ended", lambda: again_and_again(lambda: _purge(kit), _PURGE_EVERY, kit.log, "purging_waits")
    )
    # What was read last goes on standing: a page does without the newest announcement, not without itself.
    kit.background(
        "announcements", lambda: again_and_again(news.refresh, REFRESHED_EVERY, kit.log, "announcements_wait")
    )


async def _purge(kit: Kit) -> None:
    now = system_now()
    await SessionStore(kit.engine).purge(now - REMEMBERED)
    await SessionStore(kit.engine).purge_forms(now)
    await PaceStore(kit.engine).purge(now - _PACE_KEPT)
    await AlertStore(kit.engine).purge(now - SEALED_RETENTION)
    await OverrideStore(kit.engine).purge(kit.clock.now())


if __name__ == "__main__":
    serve(SERVICE, compose, GatewaySettings)
