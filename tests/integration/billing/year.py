"""A year of agreements, populations and usage in billing's database, and the runs that close it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.book_files import load_prices
from services.billing.closing import close_month
from services.billing.domain.invoice import digest_of
from services.billing.domain.periods import instalment_period, month_period
from services.billing.domain.usage import Usage
from services.billing.instalment_runs import issue_instalment
from services.billing.issuing import closing_transaction
from services.billing.outputs.folder import Document
from services.billing.rerating import Rerated, recompute_from_zero
from services.billing.runs import Run
from services.billing.store import invoices
from services.billing.store.agreements import add_agreement_events
from services.billing.store.usage import record_usage
from shared.bus.messages import Delivered, Record
from shared.bus.messages import digest_of as message_digest
from shared.clock.civil import Month, at_helsinki, helsinki_date
from shared.contracts.agreements import AgreementChanged, Member, OrganisationChanged, PopulationStated
from shared.contracts.base import Contract, Validity
from tests.harness.agreed import agreed

PRICES = load_prices()
BOOKS = PRICES.books
ACTIVE = PRICES.products.active_products
ROOT = UUID(int=1)
NEW_YEAR = at_helsinki(date(2017, 1, 2))
MARCH = at_helsinki(date(2017, 3, 1))
DECEMBER = Month(2016, 12)
NAMES = {
    "297": "Kuopio",
    "174": "Juankoski",
    "091": "Helsinki",
    "837": "Tampere",
    "020": "Akaa",
    "051": "Eurajoki",
    "442": "Luvia",
}
IDS = {
    "297": "0171450-7",
    "174": "0172471-1",
    "091": "0201256-6",
    "837": "0211675-2",
    "020": "2050864-5",
    "051": "0132290-9",
    "442": "0133145-0",
}


def organisation(code: str, language: str = "fi", address: str | None = "003712345678") -> OrganisationChanged:
    return OrganisationChanged.model_validate(
        {
            "business_id": IDS[code],
            "version": 1,
            "kind": "municipality",
            "municipality": code,
            "name_fi": NAMES[code],
            "name_sv": f"{NAMES[code]} stad",
            "language": language,
            "e_invoice_address": address,
        }
    )


def agreement(
    code: str, *members: str, last: date | None = None, first: date = date(2015, 1, 1), version: int = 1
) -> AgreementChanged:
    validity = Validity(first=first, last=last)
    return agreed(
        id=f"A-{code}",
        version=version,
        party=IDS[code],
        validity=validity,
        members=tuple(Member(municipality=one, validity=validity) for one in members or (code,)),
    )


def population(code: str, inhabitants: int) -> PopulationStated:
    return PopulationStated(municipality=code, year_end=2015, version=1, inhabitants=inhabitants)


async def know(engine: AsyncEngine, *facts: Contract) -> None:
    async with engine.begin() as conn:
        await add_agreement_events(conn, [delivered(fact) for fact in facts])


def delivered(body: Contract) -> Delivered[Contract]:
    value = body.model_dump_json().encode()
    record = Record("agreements.events", 0, 0, b"k", value, (), 0)
    identity = uuid5(ROOT, f"{body.ce_type}{value!r}")
    return Delivered(identity, body.ce_type, MARCH, body, record, message_digest(body.ce_type, value))


async def use(
    engine: AsyncEngine, code: str, queries: int, users: int, *, product: str = "QUERY_PERSON", tag: str = ""
) -> None:
    start = datetime(2016, 12, 1, 8, tzinfo=UTC)
    rows = [
        Usage(
            uuid5(ROOT, f"{tag}{code}{product}{n}"),
            f"A-{code}",
            code,
            product,
            start + timedelta(minutes=n),
            helsinki_date(start + timedelta(minutes=n)),
            f"v1.{n % users:026d}" if users else None,
        )
        for n in range(queries)
    ]
    async with engine.begin() as conn:
        await record_usage(conn, rows)


async def close(engine: AsyncEngine, now: datetime = NEW_YEAR) -> Run:
    async with closing_transaction(engine) as conn:
        return await close_month(conn, month_period(BOOKS, DECEMBER, now), PRICES, now)


async def issue(engine: AsyncEngine, period: str = "2017/1", now: datetime = MARCH) -> Run:
    async with closing_transaction(engine) as conn:
        return await issue_instalment(conn, instalment_period(BOOKS, period, now), PRICES, now)


async def check(engine: AsyncEngine) -> Rerated:
    async with engine.connect() as conn:
        return await recompute_from_zero(conn, BOOKS)


async def stored(engine: AsyncEngine) -> list[Document]:
    async with engine.connect() as conn:
        found = []
        async for row in invoices.documents(conn):
            assert digest_of(row.document) == row.digest
            found.append(Document.read(row.document))
        return found


def totals(run: Run) -> dict[str, Decimal]:
    return {invoice.agreement: invoice.total for invoice in run.issued}


async def merger(
    engine: AsyncEngine, successor: tuple[str, int] = ("297", 112_153), merged: tuple[str, int] = ("174", 4_770)
) -> None:
    """A municipality and what merged into it on 1.1.2017, with their inhabitants: Kuopio and Juankoski."""
    await know(
        engine,
        organisation(successor[0]),
        organisation(merged[0]),
        agreement(successor[0]),
        agreement(merged[0], last=date(2016, 12, 31)),
        population(*successor),
        population(*merged),
    )
