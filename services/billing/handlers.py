"""What billing does with each message it reads. Deduplicated by the loop: each event arrives here once."""

from collections.abc import Awaitable, Callable, Sequence

from services.billing import store
from services.billing.domain.products import NoProductError, ProductTable
from services.billing.domain.usage import of_access, of_claim
from shared.bus.messages import Delivered
from shared.bus.transaction import Refuse, Tx
from shared.contracts.access import AccessDecided
from shared.contracts.base import Contract
from shared.contracts.claims import ClaimRegistered


def on_access(products: ProductTable) -> Callable[[Tx, Sequence[Delivered[AccessDecided]]], Awaitable[None]]:
    """Access events become usage rows, the uncharged ones too."""

    async def handle(tx: Tx, batch: Sequence[Delivered[AccessDecided]]) -> None:
        try:
            rows = [of_access(message.id, message.body, products) for message in batch]
        except NoProductError as error:
            raise Refuse(error.code, error.reason) from error
        await store.record_usage(tx.conn, rows)

    return handle


def on_claim(products: ProductTable) -> Callable[[Tx, Sequence[Delivered[ClaimRegistered]]], Awaitable[None]]:
    """Registered claims become usage rows."""

    async def handle(tx: Tx, batch: Sequence[Delivered[ClaimRegistered]]) -> None:
        try:
            rows = [of_claim(message.id, message.body, products) for message in batch]
        except NoProductError as error:
            raise Refuse(error.code, error.reason) from error
        await store.record_usage(tx.conn, rows)

    return handle


async def on_agreements(tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
    """Organisations, agreements and population are kept as published, and folded when rating."""
    await store.add_agreement_events(tx.conn, batch)
