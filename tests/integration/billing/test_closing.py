"""Closing periods on a real database: to the cent, once, for ever, and checked from zero."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid5

import pytest
import pytest_asyncio
from openpyxl import load_workbook
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.book_files import load_prices
from services.billing.closing import close_month, closing_transaction, issue_instalment
from services.billing.domain.invoice import Invoice, digest_of
from services.billing.domain.periods import BillingRefusedError, instalment_period, month_period
from services.billing.domain.usage import Usage, day_of
from services.billing.outputs.columns import Rolled
from services.billing.outputs.folder import Document, write_folder
from services.billing.rerating import Rerated, recompute_from_zero
from services.billing.runs import Run
from services.billing.store import invoices
from services.billing.store.agreements import add_agreement_events
from services.billing.store.usage import record_usage
from shared.bus.messages import Delivered, Record
from shared.bus.messages import digest_of as message_digest
from shared.clock.civil import Month, at_helsinki
from shared.contracts.agreements import AgreementChanged, Member, OrganisationChanged, PopulationStated
from shared.contracts.base import Channel, Contract, Validity
from shared.database.migrate import upgrade
from tests.harness.consuming import engine_for

PRICES = load_prices()
BOOKS = PRICES.books
ACTIVE = PRICES.products.active_products
ROOT = UUID(int=1)
NEW_YEAR = at_helsinki(date(2017, 1, 2))
MARCH = at_helsinki(date(2017, 3, 1))
DECEMBER = Month(2016, 12)
FIRST, SECOND = Decimal("15000.00"), Decimal("20863.01")
NAMES = {"297": "Kuopio", "174": "Juankoski", "091": "Helsinki", "837": "Tampere", "020": "Akaa"}
IDS = {"297": "0171450-7", "174": "0172471-1", "091": "0201256-6", "837": "0211675-2", "020": "2050864-5"}


@pytest_asyncio.fixture(loop_scope="session")
async def engine(database: str) -> AsyncIterator[AsyncEngine]:
    made = engine_for(database)
    await upgrade("billing", made.url)
    yield made
    await made.dispose()


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
    return AgreementChanged(
        id=f"A-{code}",
        version=version,
        party=IDS[code],
        validity=validity,
        status="open",
        law="L 812/2000 21 §",
        purposes=(),
        data_groups=(),
        channels=(Channel.UI,),
        window_months=24,
        covers_claims=True,
        security_statement=True,
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
            day_of(start + timedelta(minutes=n)),
            f"v1.{n % users:026d}" if users else None,
        )
        for n in range(queries)
    ]
    async with engine.begin() as conn:
        await record_usage(conn, rows)


async def close(engine: AsyncEngine, now: datetime = NEW_YEAR) -> Run:
    async with closing_transaction(engine) as conn:
        return await close_month(conn, month_period(BOOKS, DECEMBER, now), ACTIVE, now)


async def issue(engine: AsyncEngine, period: str = "2017/1", now: datetime = MARCH) -> Run:
    async with closing_transaction(engine) as conn:
        return await issue_instalment(conn, instalment_period(BOOKS, period, now), now)


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


async def outbox(engine: AsyncEngine) -> Sequence[str]:
    async with engine.connect() as conn:
        return (await conn.scalars(text("select type from outbox order by id"))).all()


def totals(run: Run) -> dict[str, Decimal]:
    return {invoice.agreement: invoice.total for invoice in run.issued}


async def merger(engine: AsyncEngine) -> None:
    await know(
        engine,
        organisation("297"),
        organisation("174"),
        agreement("297"),
        agreement("174", last=date(2016, 12, 31)),
        population("297", 112_153),
        population("174", 4_770),
    )


async def test_december_of_a_merged_municipality_goes_to_its_successor_rated_apart(engine: AsyncEngine) -> None:
    """Golden G8."""
    await merger(engine)
    await use(engine, "174", 30, 1)
    await use(engine, "297", 1000, 10)
    run = await close(engine)
    assert totals(run) == {"A-174": Decimal("7.00"), "A-297": Decimal("90.00")}
    assert {invoice.payer.business_id for invoice in run.issued} == {IDS["297"]}
    assert [invoice.number for invoice in run.issued] == ["K2017-00001", "K2017-00002"]
    assert run.issued[0].members[0].name == "Juankoski"
    assert run.issued[0].due == date(2017, 2, 1)
    instalment = await issue(engine)
    assert totals(instalment) == {"A-297": Decimal("2923.08")}
    assert instalment.issued[0].due == date(2017, 3, 31)
    rerated = await check(engine)
    assert rerated.differences == {}
    assert rerated.rated == Decimal("3020.08")


async def test_closing_twice_issues_nothing_and_says_so(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "297", 1000, 10)
    first = await close(engine)
    before = [document.content for document in await stored(engine)]
    second = await close(engine, NEW_YEAR + timedelta(days=9))
    assert (second.issued, second.already) == ([], [first.issued[0].number])
    assert [document.content for document in await stored(engine)] == before
    assert await outbox(engine) == ["kelmu.billing.issued.v1"]


async def test_a_run_that_breaks_off_leaves_no_invoice_and_no_gap_in_the_numbers(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "297", 10, 1)

    async def broken_off() -> None:
        async with closing_transaction(engine) as conn:
            assert (await close_month(conn, month_period(BOOKS, DECEMBER, NEW_YEAR), ACTIVE, NEW_YEAR)).issued
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await broken_off()
    assert await stored(engine) == []
    assert [invoice.number for invoice in (await close(engine)).issued] == ["K2017-00001"]


async def test_two_closings_at_once_are_refused(engine: AsyncEngine) -> None:
    await merger(engine)
    async with closing_transaction(engine):
        with pytest.raises(BillingRefusedError) as caught:
            await close(engine)
    assert caught.value.code == "close.busy"


async def test_an_issued_invoice_cannot_be_changed_or_removed(engine: AsyncEngine) -> None:
    """Invariant 4."""
    await merger(engine)
    await use(engine, "297", 10, 1)
    await close(engine)
    for statement in ("update invoice set total = 0", "delete from invoice", "truncate invoice"):
        with pytest.raises(DBAPIError, match="never change"):
            async with engine.begin() as conn:
                await conn.execute(text(statement))
    assert len(await stored(engine)) == 1


async def test_a_stored_document_must_match_its_digest(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "297", 10, 1)
    invoice = (await close(engine)).issued[0]
    other = invoice.model_copy(update={"number": "K2017-00099", "sequence": 99, "period": "2016-11"})
    with pytest.raises(IntegrityError):
        async with engine.begin() as conn:
            await invoices.add_invoice(conn, other, other.canonical(), "0" * 64)


async def test_a_free_month_makes_no_invoice(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "297", 5, 0, product="NOT_CHARGED")
    run = await close(engine)
    assert (run.issued, run.free) == ([], 1)


async def test_usage_of_an_unknown_agreement_is_parked_and_billed_when_it_arrives(engine: AsyncEngine) -> None:
    await use(engine, "297", 100, 1)
    run = await close(engine)
    assert [(parked.agreement, parked.code) for parked in run.parked] == [("A-297", "close.unknown_agreement")]
    await merger(engine)
    assert totals(await close(engine)) == {"A-297": Decimal("9.00")}


async def test_late_usage_is_told_as_a_correction_and_changes_no_invoice(engine: AsyncEngine) -> None:
    """Golden G9: 7.00 was billed, the month now rates 9.80."""
    await merger(engine)
    await use(engine, "174", 30, 1)
    await close(engine)
    await use(engine, "174", 80, 1, tag="late")
    run = await close(engine)
    assert run.issued == []
    assert [(c.invoiced, c.rated) for c in run.corrections] == [(Decimal("7.00"), Decimal("9.80"))]
    rerated = await check(engine)
    assert rerated.differences == {("KELMU-2016", "2016-12", "A-174"): (Decimal("7.00"), Decimal("9.80"))}


async def test_the_check_from_zero_does_not_trust_the_tallies(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "297", 1000, 10)
    async with engine.begin() as conn:
        await conn.execute(text("update tally set quantity = quantity + 100 where agreement = 'A-297'"))
    await close(engine)
    assert (await check(engine)).differences


async def test_a_joint_body_rolls_over_waives_and_invoices_by_agreement(engine: AsyncEngine) -> None:
    """Golden G10, first instalment; and the rollover and waiver of small ones."""
    await know(
        engine,
        organisation("837"),
        organisation("091", "sv", None),
        organisation("020"),
        agreement("837", "837", "211", "418"),
        agreement("091"),
        agreement("020"),
        population("837", 6667),
        population("211", 1500),
        population("418", 100),
        population("091", 1500),
        population("020", 100),
    )
    run = await issue(engine)
    assert totals(run) == {"A-837": Decimal("206.68")}
    shares = {share.municipality: share.amount for share in run.issued[0].members}
    assert shares == {"837": Decimal("166.68"), "211": Decimal("37.50"), "418": Decimal("2.50")}
    assert run.rolled_over == {"A-020": Decimal("2.50"), "A-091": Decimal("37.50")}
    again = await issue(engine)
    assert (again.issued, again.rolled_over, len(again.already)) == ([], {}, 1)
    last = await issue(engine, "2017/2", at_helsinki(date(2017, 12, 1)))
    assert totals(last) == {"A-837": Decimal("206.67"), "A-091": Decimal("75.00")}
    assert last.waived == {"A-020": Decimal("5.00")}
    assert {invoice.due for invoice in last.issued} == {date(2018, 1, 2)}
    assert (await check(engine)).differences == {}
    swedish = next(invoice for invoice in last.issued if invoice.agreement == "A-091")
    assert (swedish.payer.language, swedish.delivery) == ("sv", "paper")


async def helsinki_and_then_espoo(engine: AsyncEngine, *, between: Sequence[Contract] = ()) -> tuple[Run, Run]:
    """091 bears itself all year; 049 joins it on 1 June, which is known only after the first instalment."""
    await know(engine, organisation("091"), agreement("091"), population("091", 600_000), population("049", 200_000))
    first = await issue(engine)
    joined = agreement("091", version=2)
    members = (*joined.members, Member(municipality="049", validity=Validity(first=date(2017, 6, 1))))
    await know(engine, joined.model_copy(update={"members": members}), *between)
    return first, await issue(engine, "2017/2", at_helsinki(date(2017, 12, 1)))


async def test_a_member_that_joins_between_instalments_is_settled_and_the_check_from_zero_agrees(
    engine: AsyncEngine,
) -> None:
    first, second = await helsinki_and_then_espoo(engine)
    assert totals(first) == {"A-091": FIRST}
    assert totals(second) == {"A-091": SECOND}
    rerated = await check(engine)
    assert (rerated.rated, rerated.differences) == (FIRST + SECOND, {})


async def test_a_run_made_again_for_a_parked_agreement_leaves_what_was_issued_to_its_own_facts(
    engine: AsyncEngine,
) -> None:
    await know(engine, organisation("091"), agreement("091"), population("091", 600_000))
    await know(engine, organisation("837"), agreement("837"))
    run = await issue(engine)
    assert (totals(run), [parked.agreement for parked in run.parked]) == ({"A-091": FIRST}, ["A-837"])
    changed = agreement("091", "091", "020", version=2)
    await know(engine, changed, population("020", 100_000), population("837", 6_667))
    assert totals(await issue(engine)) == {"A-837": Decimal("166.68")}
    assert (await check(engine)).differences == {}


async def test_the_check_from_zero_tells_an_instalment_that_is_missing_and_a_waiver_that_is_wrong(
    engine: AsyncEngine,
) -> None:
    await helsinki_and_then_espoo(engine, between=(organisation("020"), agreement("020"), population("020", 100)))
    async with engine.begin() as conn:
        for table in ("invoice", "rolled_over"):
            await conn.execute(text(f"alter table {table} disable trigger all"))
        await conn.execute(text("delete from invoice where period = '2017/2'"))
        await conn.execute(text("update rolled_over set amount = 4"))
    assert (await check(engine)).differences == {
        ("KELMU-2017", "2017", "A-091"): (FIRST, FIRST + SECOND),
        ("KELMU-2017", "2017 rolled over or waived", "A-020"): (Decimal("4.00"), Decimal("5.00")),
    }


async def test_the_second_instalment_waits_for_the_first(engine: AsyncEngine) -> None:
    with pytest.raises(BillingRefusedError) as caught:
        await issue(engine, "2017/2", at_helsinki(date(2017, 12, 1)))
    assert caught.value.code == "instalment.previous_missing"


async def test_a_population_borne_twice_or_not_stated_is_parked_by_name(engine: AsyncEngine) -> None:
    await know(
        engine,
        organisation("837"),
        organisation("091"),
        organisation("020"),
        agreement("837", "837", "020"),
        agreement("020"),
        agreement("091"),
        population("837", 6667),
        population("020", 6667),
    )
    run = await issue(engine)
    assert run.issued == []
    assert {parked.agreement: parked.code for parked in run.parked} == {
        "A-837": "instalment.borne_twice",
        "A-020": "instalment.borne_twice",
        "A-091": "instalment.population_missing",
    }


async def test_the_files_hold_the_right_numbers_and_are_the_same_when_made_again(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    await merger(engine)
    await use(engine, "174", 30, 1)
    await use(engine, "297", 1000, 10)
    await close(engine)
    await issue(engine)
    documents = await stored(engine)
    paths = write_folder(
        tmp_path / "one", documents, [Rolled("A-1", "KELMU-2017", "2017/1", Decimal("2.50"), waived=False)]
    )
    write_folder(tmp_path / "two", documents, [Rolled("A-1", "KELMU-2017", "2017/1", Decimal("2.50"), waived=False)])
    for path in paths:
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()

    folder = tmp_path / "one" / "KELMU-2016" / "2016-12"
    assert Invoice.model_validate_json((folder / "K2017-00001.json").read_bytes()).total == Decimal("7.00")

    rows = list(csv.DictReader(io.StringIO((folder / "K2017-00001.csv").read_text(encoding="utf-8"))))
    assert sum(Decimal(row["amount"]) for row in rows) == Decimal("7.00")
    assert {row["price_notice"] for row in rows} == {"Hinta on oletus."}

    book = load_workbook(folder / "K2017-00002.xlsx")
    sheet = book["Rivit"]
    assert sheet.freeze_panes == "A3"
    assert sheet["A1"].value == "Hinta on oletus."
    headings = [cell.value for cell in sheet[2]]
    column = headings.index("Summa €")
    values = [row[column] for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert all(isinstance(value, int | float) for value in values)
    assert [Decimal(str(value)) for value in values] == [Decimal(80), Decimal(10)]
    summary = load_workbook(tmp_path / "one" / "KELMU-2017" / "2017-1" / "summary.xlsx")
    assert summary.sheetnames == ["Laskut", "Siirretyt"]
    assert next(summary["Siirretyt"].iter_rows(min_row=3, values_only=True))[3] == 2.5


@pytest.mark.parametrize("code", ["297", "174"])
async def test_no_invoice_names_a_worker_or_a_client(engine: AsyncEngine, code: str) -> None:
    """Invariant 5."""
    await merger(engine)
    await use(engine, code, 100, 2)
    await close(engine)
    assert all(b"v1." not in document.content for document in await stored(engine))
