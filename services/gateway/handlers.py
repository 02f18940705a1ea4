"""What the gateway does with the messages it reads: it keeps alerts for the log supervisors."""

from collections.abc import Sequence

from services.gateway.store.alerts import Alert, add_alerts
from shared.bus.messages import Delivered
from shared.bus.transaction import Tx
from shared.contracts.access import OverrideUsed
from shared.contracts.base import Contract


async def on_alerts(tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
    """Every use of the emergency override is kept, by its access event; other types pass by."""
    alerts = [
        Alert(
            access_event=body.access_event,
            time=body.time,
            organisation=body.organisation,
            member=body.member,
            worker=body.worker,
        )
        for message in batch
        if isinstance(body := message.body, OverrideUsed)
    ]
    if alerts:
        await add_alerts(tx.conn, alerts)
