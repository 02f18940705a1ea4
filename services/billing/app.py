"""The billing process: what it reads, which function handles it, and the outbox it publishes."""

import sys

from services.billing.asking import Asking
from services.billing.book_files import PriceData, load_prices
from services.billing.domain.faults import FileError
from services.billing.handlers import on_agreements, on_usage
from services.billing.requests import Requests
from services.billing.store.counts import held_in, held_in_hour
from shared.bus.topics import (
    ACCESS_EVENTS,
    AGREEMENTS_EVENTS,
    BILLING_EVENTS,
    BILLING_REQUESTS,
    CLAIMS_EVENTS,
    COUNTS_ASKED,
)
from shared.clock.system import system_now
from shared.counted import Hourly, on_counts_asked
from shared.directory.replica import Replica
from shared.kit import Kit
from shared.service import serve
from shared.settings import GateSettings

USAGE_CONSUMER = "billing-usage"
AGREEMENTS_CONSUMER = "billing-agreements"
COUNTS_CONSUMER = "billing-counts"
REQUESTS = "billing-requests"


def prices_or_exit() -> PriceData:
    """The price data; a process does not start on a bad price book, and names every fault."""
    try:
        return load_prices()
    except FileError as error:
        sys.stderr.write(f"billing cannot start:\n{error}\n")
        raise SystemExit(2) from error


def compose(kit: Kit) -> None:
    """Wire the service."""
    settings = kit.settings
    if not isinstance(settings, GateSettings):
        raise TypeError("the billing service runs on GateSettings")
    prices = prices_or_exit()
    products = prices.products
    kit.consume(USAGE_CONSUMER, (ACCESS_EVENTS, CLAIMS_EVENTS), on_usage(products, kit.clock.now), pause=0.2)
    kit.consume(AGREEMENTS_CONSUMER, (AGREEMENTS_EVENTS,), on_agreements, pause=0.2)
    answer = on_counts_asked("billing", BILLING_EVENTS, held_in, Hourly(held_in_hour, USAGE_CONSUMER))
    kit.consume(COUNTS_CONSUMER, (COUNTS_ASKED,), answer)
    replica = Replica(kit)
    requests = Requests(
        engine=kit.engine,
        asking=Asking(replica.directory, replica.age, settings.limits),
        prices=prices,
        publish=kit.publisher.publish_many,
        now=system_now,
        log=kit.log,
    )
    kit.answer(REQUESTS, BILLING_REQUESTS, requests.answer)
    kit.relay_outbox()


if __name__ == "__main__":
    serve("billing", compose, GateSettings)
