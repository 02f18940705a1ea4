"""What billing does with each message it reads. Deduplicated by the loop: each event arrives here once."""

from collections.abc import Sequence
from uuid import UUID

from services.billing.domain.products import NoProductError, ProductTable
from services.billing.domain.usage import Usage, of_access, of_claim
from services.billing.store.agreements import add_agreement_events
from services.billing.store.usage import record_usage
from shared.bus.messages import Delivered
from shared.bus.transaction import Handle, Refuse, Tx
from shared.contracts.access import AccessDecided
from shared.contracts.agreements import AgreementChanged, OrganisationChanged, PopulationStated
from shared.contracts.base import Contract
from shared.contracts.claims import ClaimRegistered

KEPT = (OrganisationChanged, AgreementChanged, PopulationStated)
"""Agreements events that decide who pays and how much; mandates and heartbeats do not."""


def on_usage(products: ProductTable) -> Handle:
    """Access events, the uncharged ones too, and registered claims become usage rows; other types pass by."""

    async def handle(tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
        rows = [row for message in batch if (row := _usage(message.id, message.body, products))]
        if rows:
            await record_usage(tx.conn, rows)

    return handle


def _usage(event: UUID, body: Contract, products: ProductTable) -> Usage | None:
    try:
        match body:
            case AccessDecided():
                return of_access(event, body, products)
            case ClaimRegistered():
                return of_claim(event, body, products)
            case _:
                return None
    except NoProductError as error:
        raise Refuse(error.code, error.reason) from error


async def on_agreements(tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
    """Organisations, agreements and population are kept as published, and folded when rating; the rest passes by."""
    kept = [message for message in batch if isinstance(message.body, KEPT)]
    if kept:
        await add_agreement_events(tx.conn, kept)
