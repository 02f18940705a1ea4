"""The demonstration: the turn of 2016 to 2017, from look-ups to invoices and the verified log, on real parts."""

import asyncio
import gc
import json
import sys
from collections.abc import Sequence
from typing import Final

import uvloop

from deploy.demo import checks, claim_story, dark, finance, log_reports, log_views, rounds
from deploy.demo.furnishing import SEED, agreements_load, publish_register, register_rows
from deploy.demo.history import Surroundings, history
from deploy.demo.live import Desk, steady, visits
from deploy.demo.loading import publish_all
from deploy.demo.operating import DemonstrationFailed
from deploy.demo.register import Dossier
from deploy.demo.screen import lines
from deploy.demo.stage import BEGINNING, ROOT, Stage, impatient_services, until
from deploy.demo.tale import Tale
from deploy.local.errors import StackError
from deploy.local.stack import LOCAL
from shared.bus.sealing import KeyRing
from shared.ids import pseudonym

HISTORY: Final = 100_000
OUT: Final = LOCAL.parent / "out" / "demo"
BEFORE_MIDNIGHT: Final = ("2016-10", "2016-11")
AFTER_MIDNIGHT: Final = ("2016-12",)
REFUSALS: Final = """
    select rule, count(*) from (
        select convert_from(leaf, 'UTF8')::json #>> '{body,rule}' as rule from entry
        where type in ('kelmu.access.decided.v1', 'kelmu.claims.refused.v1')
    ) logged where rule is not null group by rule order by rule
"""
CLAIMS: Final = "select state, count(*) from claim group by state order by state"


async def tell(persons: int, tale: Tale) -> None:
    """The whole story, chapter by chapter."""
    tale.persons = persons
    async with Stage(ROOT, OUT, impatient_services(), BEGINNING) as stage:
        tale.mark("Kafka, PostgreSQL and seven services are up")
        desk = Desk(stage, tale)
        try:
            desk.forgotten = await desk.newly_signed_in("viewer")
            dossiers = await load(stage, tale, persons)
            desk.meet(dossiers)
            await live(stage, tale, desk)
        finally:
            await desk.close()
        await settle(stage)
        tale.mark("live look-ups and claims across midnight; October and November closed meanwhile")
        await finance.close(stage, tale, AFTER_MIDNIGHT)
        await finance.late_usage(stage, surroundings(stage, dossiers))
        await finance.issue_instalment(stage, tale)
        tale.mark("December 2016 closed, late look-ups charged, first instalment of 2017 issued")
        await verify(stage, tale)
        tale.mark("everything checked")
        (OUT / "summary.json").write_text(json.dumps(tale.summary(), indent=2, ensure_ascii=False) + "\n", "utf-8")


async def load(stage: Stage, tale: Tale, persons: int) -> list[Dossier]:
    """Agreements, the register and three months of history; returns the register."""
    await stage.kelmu(*agreements_load(stage.root, stage.secrets))
    dossiers, tale.register_records = await publish_register(
        stage.stack.kafka, stage.secrets, persons, stage.clock.now()
    )
    tale.mark(f"agreements and a register of {persons} persons published")
    await publish_all(stage.stack.kafka, history(HISTORY, SEED, surroundings(stage, dossiers)))
    await until("all history in audit and billing, all register in lookup", lambda: _loaded(stage, tale))
    tale.mark(f"{HISTORY} look-ups of October to December replayed at their event time")
    return dossiers


def surroundings(stage: Stage, dossiers: Sequence[Dossier]) -> Surroundings:
    """What invented look-ups need: keys, pseudonyms, and whom they were about."""
    key = stage.secrets.key("pseudonym")
    codes = [dossier.identity.reveal() for dossier in dossiers]
    return Surroundings(KeyRing(stage.secrets.seal_keys()), lambda code: pseudonym(key, "worker", code), codes)


async def _loaded(stage: Stage, tale: Tale) -> bool:
    return (
        await stage.number("billing", "select count(*) from usage where quantity = 1") >= HISTORY
        and await stage.number("audit", "select size from head") >= HISTORY
        and await register_rows(stage) >= tale.register_records
    )


async def live(stage: Stage, tale: Tale, desk: Desk) -> None:
    """The clock runs: half a minute of 2016, then 2017."""
    # The first answers of a fresh process are not what a worker meets; the clock still stands.
    await dark.granted_again(desk)
    stage.clock.run()
    await visits(desk, "before")
    await rounds.own_system(desk)
    await rounds.wrong_person(desk)
    await dark.intruder(stage, desk.clients.next()[0])
    with dark.frozen(stage, "agreements"):
        with dark.frozen(stage, "audit"):
            await dark.refused_by(desk, "audit_fresh")
        await dark.refused_by(desk, "agreements_fresh")
    await dark.granted_again(desk)
    async with asyncio.TaskGroup() as group:
        group.create_task(_close_before_midnight(stage, tale))
        group.create_task(steady(desk, stage))
    await visits(desk, "after")
    await dark.too_old(desk)
    await rounds.alerts(desk)
    await rounds.lists_wait(desk)
    await log_views.search(desk)
    await log_views.own_log(desk, tale, stage.secrets, OUT)
    stage.clock.jump_to(rounds.NOTICES_DAY)
    await rounds.notices(desk, stage, desk.known)
    await claim_story.decided(desk, stage, desk.first_claim)
    stage.clock.jump_to(claim_story.ON_PAYDAY)
    await claim_story.paid(desk, stage, desk.first_claim, desk.known)


async def _close_before_midnight(stage: Stage, tale: Tale) -> None:
    """Months that ended long ago are closed and their documents written while the clock goes on to midnight."""
    await finance.close(stage, tale, BEFORE_MIDNIGHT)
    await finance.write(stage, OUT / "finance", BEFORE_MIDNIGHT)


async def settle(stage: Stage) -> None:
    """Wait until every event has arrived where it belongs, and the head of the log is signed."""

    async def settled() -> bool:
        unsent = [
            await stage.number(service, "select count(*) from outbox where sent_at is null")
            for service in ("agreements", "claims", "billing", "audit")
        ]
        decided = await stage.number("lookup", "select count(*) from decided")
        decided += await stage.number("audit", "select count(*) from told")
        refused = await stage.number("claims", "select count(*) from outbox where type = 'kelmu.access.decided.v1'")
        logged = await stage.number("audit", "select count(*) from entry where type = 'kelmu.access.decided.v1'")
        used = await stage.number(
            "billing", "select count(*) from usage where quantity = 1 and product <> 'CLAIM_REGISTER'"
        )
        return not any(unsent) and logged == used == HISTORY + decided + refused

    await until("every live event in audit and billing", settled)


async def verify(stage: Stage, tale: Tale) -> None:
    """The files, and the checks; what they count goes into the summary. Independent steps run side by side."""
    writing = asyncio.create_task(finance.write(stage, OUT / "finance", (*AFTER_MIDNIGHT, finance.INSTALMENT)))
    issued = sum(tale.invoices.values())
    invoices = "select count(*) from entry where type = 'kelmu.billing.issued.v1'"

    async def logged() -> bool:
        return await stage.number("audit", invoices) == issued and await _signed(stage)

    await until("every invoice in the log, and signed", logged)
    export = OUT / "audit-export"
    async with asyncio.TaskGroup() as group:
        scanning = group.create_task(checks.scan_topics(stage))
        group.create_task(finance.recompute(stage, tale))
        group.create_task(stage.kelmu("audit", "export", str(export)))
        group.create_task(log_reports.generic(stage, tale))
        group.create_task(finance.report(stage, OUT / "finance"))
    await writing
    finance.check_files(tale, OUT / "finance")
    access, leaking, scanned = scanning.result()
    await checks.check_counts(stage, tale, access)
    tale.refusals = await stage.tally("audit", REFUSALS)
    tale.claims = await stage.tally("claims", CLAIMS)
    async with asyncio.TaskGroup() as group:
        group.create_task(checks.check_log(stage, tale, export))
        group.create_task(checks.check_tampering(stage, tale, export))
        group.create_task(checks.check_codes(stage, tale, leaking, scanned))


async def _signed(stage: Stage) -> bool:
    size = await stage.number("audit", "select size from head")
    return await stage.number("audit", "select coalesce(max(size), 0) from checkpoint") == size


def run(persons: int = 5_000) -> int:
    """`make demo`: tell the story, print the screen; 0 when everything held."""
    tale = Tale()
    gc.set_threshold(50_000, 20, 50)
    try:
        uvloop.run(tell(persons, tale))
    except (DemonstrationFailed, StackError) as error:
        sys.stderr.write(f"The demonstration stopped: {error}\n")
        return 1
    sys.stdout.write("\n".join(lines(tale, OUT)) + "\n")
    return 0 if tale.holds else 1
