"""The one screen that the demonstration ends with, for somebody who has never heard of Kelmu."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from statistics import median

from deploy.demo.agreements.parties import agreement_id
from deploy.demo.tale import Tale
from shared.money import format_money

RULE = "─" * 100
SHOWN_PARTIES = {"091": "Helsinki", "837": "Tampere", "297": "Kuopio", "174": "Juankoski (Kuopio from 1.1.2017)"}


def lines(tale: Tale, out: Path) -> Iterator[str]:
    """The screen, line by line."""
    yield RULE
    yield "KELMU: the turn of the year 2016-2017, on real Kafka and PostgreSQL. Every person is invented."
    yield RULE
    yield from _happened(tale)
    yield from _cost(tale, out)
    yield from _price_change(out)
    yield from _refused(tale)
    yield ""
    yield from (line if number == 0 else f"  {line}" for number, line in enumerate(tale.own_log))
    yield ""
    yield from (line if number == 0 else f"  {line}" for number, line in enumerate(tale.log_report))
    yield ""
    yield "Checked at the end:"
    for what, holds, figures in tale.checks:
        yield f"  {'ok  ' if holds else 'FAIL'} {what}: {figures}"
    yield ""
    yield f"Files: {out.name}/ under out/: summary.json, citizen-log.json, audit-reports/ (the generic report as JSON,"
    yield "  CSV, XLSX and PDF), audit-export/, finance/: each document as JSON, CSV, XLSX, Finvoice, UBL and PDF;"
    yield "  reports/ with the journal, monthly packs and the price change"
    yield f"Check the log yourself: .venv/bin/kelmu verify out/{out.name}/audit-export"
    yield f"{'Everything held.' if tale.holds else 'SOMETHING DID NOT HOLD.'} {tale.seconds:.0f} s in all."


def _happened(tale: Tale) -> Iterator[str]:
    looked = [meeting for meeting in tale.meetings if meeting.what == "look-up"]
    granted = sorted(m.milliseconds for m in looked if m.rule is None)
    yield "What happened"
    before = 0.0
    for chapter, at in tale.marks:
        yield f"  {at - before:5.1f} s  {chapter}"
        before = at
    yield (
        f"  {len(looked)} live look-ups, {len(looked) - len(granted)} of them refused; a granted one took "
        f"{median(granted):.0f} ms (median), written to the log before it was shown"
    )
    claims = ", ".join(f"{count} {state}" for state, count in tale.claims.items())
    yield from (f"  {line}" for line in tale.told)
    yield f"  payment claims: {claims}; {tale.access_events:,} access events, each in the log and in billing once"


def _cost(tale: Tale, out: Path) -> Iterator[str]:
    yield ""
    yield "What it cost (ALL PRICES ARE ASSUMED, Kela's are not public)"
    for period, amount in tale.invoiced.items():
        book = "KELMU-2017, by inhabitants, due 31.3." if "/" in period else "KELMU-2016, by use"
        yield f"  {period:8} {tale.invoices[period]:4} invoices {format_money(amount, 'fi'):>14}   {book}"
    rows = _by_agreement(out / "finance")
    yield f"  {'for example':34} {'December 2016':>14} {'1st half of 2017':>18}"
    for party, name in SHOWN_PARTIES.items():
        usage, fee = (rows.get((agreement_id(party), period)) for period in ("2016-12", "2017/1"))
        yield f"    {name:32} {_euros(usage):>14} {_euros(fee):>18}"


def _price_change(out: Path) -> Iterator[str]:
    yield ""
    yield "What 2017 costs municipalities beside 2016 (use of October to December 2016 only; ALL PRICES ARE ASSUMED)"
    yield f"  {'price book':18} {'2016':>14} {'2017':>14} {'change':>14} {'share':>8}   municipalities: dearer, cheaper"
    with (out / "finance" / "reports" / "price-change" / "price-change-totals.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            before, after, change = (
                format_money(Decimal(row[what]), "fi") for what in ("before", "after", "difference")
            )
            share = f"{Decimal(row['share']) * 100:+.1f} %" if row["share"] else "-"
            yield (
                f"  {row['price_book']:18} {before:>14} {after:>14} {change:>14} {share:>8}   "
                f"{row['dearer']}, {row['cheaper']}"
            )
    yield "  books that charge use rate that of 2016; by municipality and joint body: finance/reports/price-change/"


def _euros(amount: Decimal | None) -> str:
    return "-" if amount is None else format_money(amount, "fi")


def _by_agreement(finance: Path) -> dict[tuple[str, str], Decimal]:
    """Invoice totals by agreement and period, from the summaries that finance gets."""
    found: dict[tuple[str, str], Decimal] = {}
    for summary in finance.rglob("summary.csv"):
        with summary.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                key = (row["agreement"], row["period"])
                found[key] = found.get(key, Decimal(0)) + Decimal(row["total"])
    return found


def _refused(tale: Tale) -> Iterator[str]:
    yield ""
    yield "Why each live refusal (all are in the log, and an intruder's forged request, refused by actor_verified)"
    seen: set[str] = set()
    for meeting in tale.meetings:
        if meeting.rule is not None and meeting.rule not in seen:
            seen.add(meeting.rule)
            yield f"  {meeting.rule:26} {meeting.reason}"
