"""SQL of remarks: the look-up that a remark is on."""

from typing import Final
from uuid import UUID

from shared.bus.transaction import Tx
from shared.contracts.access import AccessDecided

DECIDED: Final = "select body from decided where event_id = $1 and client is not null"


async def decided_event(tx: Tx, event: UUID) -> AccessDecided | None:
    """The clear part of an access event that this service decided; None when there is none such any more."""
    connection = await tx.raw()
    body = await connection.fetchval(DECIDED, event)
    return None if body is None else AccessDecided.model_validate_json(body)
