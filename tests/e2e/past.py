"""What had happened in the world before the tests look at it."""

from datetime import timedelta
from functools import partial
from typing import Final

from deploy.demo.clients import Clients
from deploy.demo.history import Surroundings, history
from deploy.demo.loading import publish_all
from deploy.demo.register import Dossier
from deploy.demo.stage import Stage, until
from shared.bus.messages import Outgoing
from shared.bus.sealing import KeyRing
from shared.bus.topics import REGISTER_NOTICES
from shared.contracts.register import Notice, RegisterRecord
from shared.ids import event_id, pseudonym

PAST: Final = 600
CLOSED: Final = "2016-11"
NOTICES: Final = 4
MARK: Final = "N-e2e-"


async def lived(stage: Stage, dossiers: list[Dossier]) -> None:
    """Look-ups of three months, a month of them invoiced, and notices that wait in Tampere."""
    worker = partial(pseudonym, stage.secrets.key("pseudonym"), "worker")
    ring = KeyRing(stage.secrets.seal_keys())
    around = Surroundings(ring, worker, Clients(dossiers).codes)
    before = await stage.number("billing", "select count(*) from usage")
    await publish_all(stage.stack.kafka, history(PAST, 7, around))

    async def counted() -> bool:
        return await stage.number("billing", "select count(*) from usage") - before >= PAST * 0.8

    async def told() -> bool:
        return await stage.number("lookup", f"select count(*) from notice where id like '{MARK}%'") == NOTICES

    await until("the past in billing", counted)
    await stage.kelmu("billing", "close", CLOSED, "--json", accept=(0, 3))
    await publish_all(
        stage.stack.kafka, [_notice(stage, ring, dossier, number) for number, dossier in enumerate(dossiers[:NOTICES])]
    )
    await until("the notices in lookup", told)


def _notice(stage: Stage, ring: KeyRing, dossier: Dossier, number: int) -> Outgoing:
    """A notice to Tampere, as the register tells of it."""
    now, id_ = stage.clock.now(), f"{MARK}{number}"
    body = Notice(
        type="contact",
        municipality="837",
        created=now - timedelta(days=1, hours=number),
        phone="040 123 4567",
        text="Asiakas pyytää kunnan sosiaalityöntekijää ottamaan yhteyttä.",
    )
    event = event_id("register", "notice", id_, "1")
    sealed = ring.seal("register", body.model_dump_json().encode(), id=event, type=RegisterRecord.ce_type)
    record = RegisterRecord(kind="notice", id=id_, version=1, client=dossier.client, sealed=sealed)
    return Outgoing.of(REGISTER_NOTICES, dossier.client, event, record, source="upstream", time=now)
