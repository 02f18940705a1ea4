"""The other work of a municipality in the story: its own system, a remark, notices from Kela, what alerts tell."""

import time
from collections.abc import Awaitable, Callable
from datetime import date
from http import HTTPStatus
from typing import Final

from deploy.demo.agreements.interface import INTERFACE_TOKEN
from deploy.demo.client import Reply
from deploy.demo.live import TAMPERE, Desk
from deploy.demo.loading import publish_all
from deploy.demo.operating import DemonstrationFailed
from deploy.demo.register import Dossier
from deploy.demo.stage import Stage, helsinki_instant, until
from shared.bus.messages import Outgoing
from shared.bus.sealing import KeyRing
from shared.bus.topics import REGISTER_NOTICES
from shared.contracts.register import Attachment, Notice, RegisterRecord
from shared.ids import event_id

NOTICES_DAY: Final = helsinki_instant(date(2017, 1, 20), 9)
"""A working day of the new year, near enough that nobody's account has been idle for too long."""
NOTICE: Final = "I-demo-1"


async def own_system(desk: Desk) -> None:
    """Tampere's own system looks a client up over the interface, twice with the same key: shown and billed once."""
    client = await desk.sign_in("tampere")
    code, relation = desk.clients.next(TAMPERE)
    fields = {"token": INTERFACE_TOKEN, "user": "tre-4711", "idempotency_key": "demo-interface-0001", "member": TAMPERE}

    async def ask() -> Reply:
        return await client.interface_look_up(code, purpose="VERIFY", informed=True, relation=relation, **fields)

    began = time.perf_counter()
    first, again = await ask(), await ask()
    desk.note("look-up", "own system", "before", first, began)
    _expect(first, HTTPStatus.OK, "a look-up by Tampere's own system")
    _expect(again, HTTPStatus.CONFLICT, "the same call again")
    desk.tell(f"Tampere's own system asked over the interface; the same key again: {again.body.get('title')}")


async def wrong_person(desk: Desk) -> None:
    """A worker notes that a look-up was of the wrong person; the look-up stays in the log."""
    client = await desk.sign_in("tampere")
    code, relation = desk.clients.next(TAMPERE)
    shown = await client.look_up(code, purpose="VERIFY", relation=relation)
    _expect(shown, HTTPStatus.OK, "a look-up")
    remark = await client.annotate(str(shown.body["access_event"]), "demo-wrong-person", "Kaimojen sekaannus.")
    _expect(remark, HTTPStatus.CREATED, "a remark")
    desk.tell(_summary(shown))
    desk.tell("one look-up was marked 'väärä henkilö' by its worker: both stand in the log")


def _summary(shown: Reply) -> str:
    """What one screen of a client holds."""

    def count(part: str) -> int:
        rows = shown.body.get(part)
        return len(rows) if isinstance(rows, list) else 0

    parts = ("pending", "decisions", "payments", "income", "coming", "interruptions")
    held = ", ".join(f"{count(part)} {part}" for part in parts)
    return f"one client's screen held {held}; {count('trimmed')} kinds of rows left out, counted with the reason"


async def notice_arrives(stage: Stage, dossier: Dossier) -> None:
    """Kela passes an urgent application on to Tampere."""
    now = stage.clock.now()
    body = Notice(
        type="urgent_application",
        municipality=TAMPERE,
        created=now,
        application=True,
        urgent=True,
        text="Asiakkaalla ei ole varaa lääkkeisiin.",
        attachments=(Attachment(name="tiliote.pdf", media_type="application/pdf", size=48_213, sha256="0" * 64),),
    )
    id_ = event_id("register", "notice", NOTICE, "1")
    ring = KeyRing(stage.secrets.seal_keys())
    sealed = ring.seal("register", body.model_dump_json().encode(), id=id_, type=RegisterRecord.ce_type)
    record = RegisterRecord(kind="notice", id=NOTICE, version=1, client=dossier.client, sealed=sealed)
    message = Outgoing.of(REGISTER_NOTICES, dossier.client, id_, record, source="upstream", time=now)
    await publish_all(stage.stack.kafka, [message])


async def notices(desk: Desk, stage: Stage, dossier: Dossier) -> None:
    """A notice handler takes an urgent application and finishes it; the statistics tell how quickly."""
    await notice_arrives(stage, dossier)
    client = await desk.newly_signed_in("notices")
    try:
        version = await _seen(client.notices, NOTICE)
        opened = await client.notice(NOTICE)
        _expect(opened, HTTPStatus.OK, "an opened notice")
        for step, action in enumerate(("take", "done")):
            done = await client.act_on_notice(NOTICE, version + step, action, idempotency_key=f"demo-notice-{action}")
            _expect(done, HTTPStatus.OK, f"'{action}' of a notice")
        told = await client.notice_statistics("2017-01-01", "2017-01-31")
        _expect(told, HTTPStatus.OK, "statistics of notices")
    finally:
        await client.close()
    row = opened.body["row"]
    due = row.get("due") if isinstance(row, dict) else None
    desk.tell(f"an urgent application came to Tampere as a notice, due {due}: opened, taken and done")


async def _seen(ask: Callable[[], Awaitable[Reply]], notice: str) -> int:
    """Wait until the notice is in the list; its version."""
    found: list[int] = []

    async def in_list() -> bool:
        rows = (await ask()).body.get("rows")
        listed = rows if isinstance(rows, list) else []
        found.extend(int(row["version"]) for row in listed if row["notice"] == notice)
        return bool(found)

    await until("a notice in its municipality's list", in_list)
    return found[0]


async def lists_wait(desk: Desk) -> None:
    """The lists of labour market support open by their days, and none is open at this time."""
    client = await desk.newly_signed_in("labour_market")
    try:
        began = time.perf_counter()
        reply = await client.list_page("tmt_300", purpose="TMT_LIST")
        desk.note("list", "labour_market", "after", reply, began)
        if reply.body.get("rule") != "list_date":
            raise DemonstrationFailed(f"a list before its day ended with {reply.status} {reply.kind}")
    finally:
        await client.close()


async def alerts(desk: Desk) -> None:
    """The log supervisor sees the emergency override at once."""
    client = await desk.newly_signed_in("log_supervisor_tampere")
    try:

        async def told() -> bool:
            reply = await client.alerts()
            rows = reply.body.get("alerts")
            return isinstance(rows, list) and len(rows) > 0

        await until("the emergency override before the log supervisor", told)
        anomalies = await client.call("POST", "/api/v1/anomalies", {"state": "unclosed"})
    finally:
        await client.close()
    desk.tell("an emergency override showed a client without a relation; the log supervisor was told at once")
    _expect(anomalies, HTTPStatus.OK, "the log supervisor's look at anomalies")
    rows = anomalies.body["rows"]
    if isinstance(rows, list) and rows:
        newest = rows[0]["anomaly"]["explanation"]["en"]
        desk.tell(f"{len(rows)} alerts of anomalies wait for her; the newest: {newest}")


def _expect(reply: Reply, status: HTTPStatus, what: str) -> None:
    if reply.status != status:
        raise DemonstrationFailed(f"{what} ended with {reply.status} {reply.kind}: {reply.body.get('detail') or ''}")
