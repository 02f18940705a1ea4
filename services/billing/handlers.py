"""What billing does with each message it reads. Deduplicated by the loop: each event arrives here once."""

from collections.abc import Callable, Sequence
from datetime import datetime

from services.billing.domain.products import NoProductError, ProductTable, PublisherError
from services.billing.domain.usage import (
    CLAIMS,
    MistimedError,
    Reversal,
    Usage,
    Window,
    of_access,
    of_claim,
    of_reversal,
)
from services.billing.store.agreements import add_agreement_events
from services.billing.store.reversals import add_reversals, apply_reversals, hold, waiting_for
from services.billing.store.usage import record_usage
from shared.bus.messages import Delivered
from shared.bus.transaction import Handle, Refuse, Tx
from shared.contracts.access import AccessDecided, AccessReversed
from shared.contracts.agreements import AgreementChanged, OrganisationChanged, PopulationStated
from shared.contracts.base import Contract
from shared.contracts.claims import ClaimRegistered

KEPT = (OrganisationChanged, AgreementChanged, PopulationStated)
"""Agreements events that decide who pays and how much; mandates and heartbeats do not."""


def on_usage(products: ProductTable, now: Callable[[], datetime]) -> Handle:
    """Access events, the uncharged ones too, and registered claims become usage rows; other types pass by.

    Args:
        products: Which event is which product.
        now: The business clock: no use lies in the future or further back than can be charged.
    """

    async def handle(tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
        window = Window.at(now(), products.limits)
        uses: list[Usage] = []
        reversals: list[Reversal] = []
        for message in batch:
            if (use := _usage(message, products, window)) is not None:
                uses.append(use)
            elif isinstance(message.body, AccessReversed):
                reversals.append(of_reversal(message.id, message.body, _publisher(message)))
        if uses or reversals:
            await _take(tx, uses, reversals)

    return handle


async def _take(tx: Tx, uses: Sequence[Usage], reversals: Sequence[Reversal]) -> None:
    await hold(tx.conn, reversing=bool(reversals))
    if reversals:
        await add_reversals(tx.conn, reversals)
    waited = await waiting_for(tx.conn, uses) if uses else {}
    if uses:
        await record_usage(tx.conn, uses, {event for event, own in waited.items() if own})
    due = waited.keys() | {reversal.of for reversal in reversals}
    if due:
        days = {use.day for use in uses if use.event in waited} | {reversal.day for reversal in reversals}
        await apply_reversals(tx.conn, due, days, recount=bool(reversals))


def _usage(message: Delivered[Contract], products: ProductTable, window: Window) -> Usage | None:
    body = message.body
    try:
        match body:
            case AccessDecided():
                products.check_publisher(body.service, _publisher(message))
                use = of_access(message.id, body, products)
            case ClaimRegistered():
                products.check_publisher(CLAIMS, _publisher(message))
                use = of_claim(message.id, body, products)
            case _:
                return None
        if not window.inner[0] < use.day < window.inner[1]:
            window.check(use.time)
    except (PublisherError, NoProductError, MistimedError) as error:
        raise Refuse(error.code, error.reason) from error
    return use


def _publisher(message: Delivered[Contract]) -> str:
    """Who published a message, by its own word: Kafka's access rights say only who may write to the topic at all."""
    for name, value in message.record.headers:
        if name == "ce_source" and value is not None:
            return value.decode(errors="replace")
    return ""


async def on_agreements(tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
    """Organisations, agreements and population are kept as published, and folded when rating; the rest passes by."""
    kept = [message for message in batch if isinstance(message.body, KEPT)]
    if kept:
        await add_agreement_events(tx.conn, kept)
