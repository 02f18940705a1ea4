"""The billing process: what it reads, which function handles it, and the outbox it publishes."""

import sys

from services.billing.book_files import PriceData, load_prices
from services.billing.domain.faults import FileError
from services.billing.handlers import on_agreements, on_usage
from services.billing.store.counts import held_in
from shared.bus.topics import ACCESS_EVENTS, AGREEMENTS_EVENTS, BILLING_EVENTS, CLAIMS_EVENTS, COUNTS_ASKED
from shared.counted import on_counts_asked
from shared.kit import Kit
from shared.service import serve

USAGE_CONSUMER = "billing-usage"
AGREEMENTS_CONSUMER = "billing-agreements"
COUNTS_CONSUMER = "billing-counts"


def prices_or_exit() -> PriceData:
    """The price data; a process does not start on a bad price book, and names every fault."""
    try:
        return load_prices()
    except FileError as error:
        sys.stderr.write(f"billing cannot start:\n{error}\n")
        raise SystemExit(2) from error


def compose(kit: Kit) -> None:
    """Wire the service."""
    products = prices_or_exit().products
    kit.consume(USAGE_CONSUMER, (ACCESS_EVENTS, CLAIMS_EVENTS), on_usage(products, kit.clock.now), pause=0.2)
    kit.consume(AGREEMENTS_CONSUMER, (AGREEMENTS_EVENTS,), on_agreements, pause=0.2)
    kit.consume(COUNTS_CONSUMER, (COUNTS_ASKED,), on_counts_asked("billing", BILLING_EVENTS, held_in))
    kit.relay_outbox()


if __name__ == "__main__":
    serve("billing", compose)
