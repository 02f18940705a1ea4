"""Closing a month of 311 municipalities over ten million uses, beside summing the tallies alone."""

import json
import shutil
import sys
import time
from asyncio import create_subprocess_exec, subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID, uuid5

import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine

from bench.figures import Figure, below
from bench.surroundings import CHECKOUT, ROOT, fresh_database
from deploy.local.stack import LocalStack
from services.billing.store.agreements import add_agreement_events
from shared.bus.messages import Delivered, Record, digest_of
from shared.contracts.agreements import AgreementChanged, Member, OrganisationChanged
from shared.contracts.base import Channel, Contract, Validity
from shared.finnish.municipalities import current_code, municipalities

USES: Final = 10_000_000
MUNICIPALITIES: Final = 311
USERS: Final = 20
"""Active users of each municipality."""
NOW: Final = datetime(2017, 1, 2, 8, tzinfo=UTC)
SECONDS: Final = 60.0
ONE_SECOND: Final = 1.0
MEGABYTES: Final = 300.0
_SINCE: Final = Validity(first=date(2015, 1, 1))
_RAW: Final = """
    insert into usage_2016_12 (event_id, agreement, member, product, time, day, worker)
    select gen_random_uuid(), 'A-' || codes[1 + n % array_length(codes, 1)], codes[1 + n % array_length(codes, 1)],
        case when n % 97 = 0 then 'QUERY_NOHIT' when n % 89 = 0 then 'QUERY_INTERFACE' when n % 3 = 0
            then 'QUERY_REDISPLAY' else 'QUERY_PERSON' end,
        timestamptz '2016-12-01 06:00+00' + (n % 30) * interval '1 day' + (n % 36000) * interval '1 second',
        date '2016-12-01' + (n % 30), 'v1.' || lpad((n / array_length(codes, 1) % $3)::text, 26, 'a')
    from generate_series(0, $2::int - 1) n, (select $1::text[] as codes) given
"""
_SEED: Final = (
    "insert into tally select day, agreement, member, product, count(*) from usage group by 1, 2, 3, 4",
    "insert into active_user select distinct date '2016-12-01', agreement, worker from usage",
    "analyze tally",
)
_FLOOR: Final = """
    select agreement, member, product, sum(quantity) from tally where day between '2016-12-01' and '2016-12-31'
    group by 1, 2, 3 order by 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Closed:
    """What one closing told of itself (`bench.close_once`)."""

    seconds: float
    issued: int
    parked: int
    digest: str
    megabytes: float


async def closing() -> list[Figure]:
    """All but one municipality as a draft and for good, then the one whose agreement came late."""
    shutil.rmtree(ROOT, ignore_errors=True)
    codes = [code for code in sorted(municipalities()) if current_code(code, NOW.date()) == code][:MUNICIPALITIES]
    async with LocalStack(root=ROOT) as stack, fresh_database(stack.postgres, "billing") as database:
        floor = await _seed(database, codes)
        await _know(database, codes[1:])
        draft = await _close(database, "draft")
        closed = await _close(database, "keep")
        await _know(database, codes[:1])
        late = await _close(database, "keep")
    if (draft.digest, draft.issued, closed.issued, late.issued) != (closed.digest, *[len(codes) - 1] * 2, 1):
        raise RuntimeError(f"the closings differ: {draft}, {closed}, {late}")
    return [
        below(f"closing {len(codes) - 1} municipalities over {USES:,} uses", closed.seconds, "s", SECONDS, floor),
        below("closing one municipality beside them", late.seconds, "s", ONE_SECOND, floor),
        below("memory of the closing process", max(draft.megabytes, closed.megabytes), "MB", MEGABYTES),
    ]


async def _seed(database: str, codes: list[str]) -> float:
    """Fill the month, untimed; what summing its tallies takes."""
    connection = await asyncpg.connect(database, command_timeout=600)
    try:
        await connection.execute(
            "create unlogged table usage_2016_12 partition of usage for values from ('2016-12-01') to ('2017-01-01')"
        )
        await connection.execute(_RAW, codes, USES, USERS)
        for statement in _SEED:
            await connection.execute(statement)
        start = time.perf_counter()
        await connection.fetch(_FLOOR)
        return time.perf_counter() - start
    finally:
        await connection.close()


async def _know(database: str, codes: list[str]) -> None:
    engine = create_async_engine(database.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.begin() as conn:
        await add_agreement_events(conn, [_delivered(fact) for code in codes for fact in _facts(code)])
    await engine.dispose()


def _facts(code: str) -> tuple[Contract, Contract]:
    party = f"{int(code):07}-0"
    name = municipalities()[code].name_fi
    return (
        OrganisationChanged(
            business_id=party,
            version=1,
            kind="municipality",
            municipality=code,
            name_fi=name,
            name_sv=name,
            language="fi",
            e_invoice_address=f"0037{int(code):08}",
        ),
        AgreementChanged(
            id=f"A-{code}",
            version=1,
            party=party,
            validity=_SINCE,
            status="open",
            law="L 812/2000 21 §",
            purposes=(),
            data_groups=(),
            channels=(Channel.UI,),
            window_months=24,
            covers_claims=True,
            security_statement=True,
            members=(Member(municipality=code, validity=_SINCE),),
        ),
    )


def _delivered(body: Contract) -> Delivered[Contract]:
    value = body.model_dump_json().encode()
    record = Record("agreements.events", 0, 0, b"k", value, (), 0)
    return Delivered(
        uuid5(UUID(int=1), value.decode()), body.ce_type, NOW, body, record, digest_of(body.ce_type, value)
    )


async def _close(database: str, mode: str) -> Closed:
    """Close in a process of its own, so that its memory is its own."""
    url = database.replace("postgresql://", "postgresql+asyncpg://", 1)
    process = await create_subprocess_exec(
        sys.executable, "-m", "bench.close_once", url, NOW.isoformat(), mode, stdout=subprocess.PIPE, cwd=CHECKOUT
    )
    told, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("the closing process failed")
    return Closed(**json.loads(told))
