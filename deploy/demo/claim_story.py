"""One payment claim from its registration in December 2016 to the settlement of the payment in February 2017."""

from datetime import date
from decimal import Decimal
from http import HTTPStatus
from typing import Final

from deploy.demo.client import GatewayClient, Reply
from deploy.demo.live import TAMPERE, Desk
from deploy.demo.loading import publish_all
from deploy.demo.operating import DemonstrationFailed
from deploy.demo.register import Dossier
from deploy.demo.stage import Stage, helsinki_instant, until
from shared.bus.messages import Outgoing
from shared.bus.sealing import KeyRing
from shared.bus.topic import Topic
from shared.bus.topics import REGISTER_DECISIONS, REGISTER_PAYMENTS
from shared.contracts.base import Contract
from shared.contracts.register import Decision, Kind, Payment, RegisterRecord
from shared.ids import event_id

PAYDAY: Final = date(2017, 2, 7)
"""Kansaneläke: the 7th of February, a Tuesday."""
ON_PAYDAY: Final = helsinki_instant(PAYDAY, 9)
NET: Final = Decimal("600.00")
REASONS: Final = "The assistance was given as an advance against the pension that the client awaited."


async def decided(desk: Desk, stage: Stage, number: str) -> None:
    """Kela's claim handler hears the client, records the answer and accepts the claim."""
    handler = await desk.newly_signed_in("claim_handler")
    try:
        version = _version(await handler.claim(number))
        deadline = stage.clock.now().date().replace(day=31).isoformat()
        for act, fields in (
            ("hear", {"deadline": deadline}),
            ("answer", {"reason": "The client has nothing against it."}),
            ("accept", {"reason": REASONS}),
            ("activate", {}),
        ):
            done = await _act(handler, number, version, act, fields)
            version = int(str(done.body["version"]))
    finally:
        await handler.close()
    desk.tell(f"claim {number}: heard, accepted with reasons and appeal instructions, and set going by Kela's handler")


async def paid(desk: Desk, stage: Stage, number: str, dossier: Dossier) -> None:
    """The pension is granted and paid; the payment is shared out, and the municipality gets its settlement row."""
    await _publish_pension(stage, dossier)
    worker = await desk.newly_signed_in("tampere")
    seen: list[Reply] = []

    async def shared_out() -> bool:
        seen.append(await worker.claim(number))
        shares = seen[-1].body.get("shares")
        return isinstance(shares, list) and len(shares) > 0

    try:
        await until(f"the payment shared out by claim {number}", shared_out)
        settled = await worker.settlements("2017-02", member=TAMPERE)
    finally:
        await worker.close()
    row = seen[-1].body["row"]
    taken = row["paid"] if isinstance(row, dict) else "?"
    if settled.status != HTTPStatus.OK or Decimal(str(taken)) != Decimal("250.00"):
        raise DemonstrationFailed(f"of {NET} € the claim took {taken} €; settlements: {settled.status} {settled.kind}")
    rest = NET - Decimal(str(taken))
    desk.tell(
        f"claim {number}: of February's pension of {NET} € the municipality got {taken} €, its advance for the month,"
        f" and the client {rest} €; settlement rows of the month: {settled.body['total']} € in all"
    )


async def _publish_pension(stage: Stage, dossier: Dossier) -> None:
    """Tell, as the register does, that the pension is granted and that its first payment is made."""
    decision = Decision(
        application="H-demo-1",
        benefit="kansanelake",
        decided=date(2017, 1, 16),
        result="granted",
        first=date(2017, 2, 1),
        amount=NET,
        payee=dossier.client,
    )
    payment = Payment(
        decision="R-demo-1",
        benefit="kansanelake",
        payday=PAYDAY,
        first=date(2017, 2, 1),
        last=date(2017, 2, 28),
        gross=NET,
        withheld=Decimal(0),
        net=NET,
        paid_to="client",
    )
    await publish_all(
        stage.stack.kafka,
        [
            _record(stage, dossier, REGISTER_DECISIONS, "decision", "R-demo-1", decision),
            _record(stage, dossier, REGISTER_PAYMENTS, "payment", "M-demo-1", payment),
        ],
    )


async def _act(handler: GatewayClient, number: str, version: int, act: str, fields: dict[str, str]) -> Reply:
    done = await handler.act_on_claim(number, version, act, idempotency_key=f"demo-{act}-{number}", **fields)
    if done.status != HTTPStatus.OK:
        raise DemonstrationFailed(
            f"'{act}' on {number} ended with {done.status} {done.kind}: {done.body.get('detail')}"
        )
    return done


def _version(opened: Reply) -> int:
    row = opened.body.get("row")
    if opened.status != HTTPStatus.OK or not isinstance(row, dict):
        raise DemonstrationFailed(f"opening a claim ended with {opened.status} {opened.kind}")
    return int(row["version"])


def _record(stage: Stage, dossier: Dossier, topic: Topic, kind: Kind, id_: str, body: Contract) -> Outgoing:
    event = event_id("register", kind, id_, "1")
    ring = KeyRing(stage.secrets.seal_keys())
    sealed = ring.seal("register", body.model_dump_json().encode(), id=event, type=RegisterRecord.ce_type)
    record = RegisterRecord(kind=kind, id=id_, version=1, client=dossier.client, sealed=sealed)
    return Outgoing.of(topic, dossier.client, event, record, source="upstream", time=stage.clock.now())
