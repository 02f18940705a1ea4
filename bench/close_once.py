"""`python -m bench.close_once DATABASE NOW keep|draft`: one closing of December 2016 in a process of its own.

Prints what it took, how much memory the process ever held, and the digest of all documents.
"""

import asyncio
import hashlib
import json
import resource
import sys
import time
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import create_async_engine

from services.billing.book_files import load_prices
from services.billing.closing import close_month
from services.billing.domain.periods import month_period
from services.billing.issuing import closing_transaction
from shared.clock.civil import Month

DECEMBER: Final = Month(2016, 12)
_KILOBYTES: Final = 1024


async def close_once(database: str, now: datetime, *, keep: bool) -> dict[str, object]:
    """Close the month, or draft it and undo everything."""
    prices = load_prices()
    engine = create_async_engine(database)
    start = time.perf_counter()
    async with closing_transaction(engine, keep=keep) as conn:
        run = await close_month(conn, month_period(prices.books, DECEMBER, now), prices, now)
    took = time.perf_counter() - start
    await engine.dispose()
    digest = hashlib.sha256(b"".join(document.canonical() for document in run.issued)).hexdigest()
    return {"seconds": took, "issued": len(run.issued), "parked": len(run.parked), "digest": digest}


def main() -> None:
    """Run as a command."""
    database, now, mode = sys.argv[1:]
    found = asyncio.run(close_once(database, datetime.fromisoformat(now), keep=mode == "keep"))
    found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILOBYTES
    print(json.dumps(found))


if __name__ == "__main__":
    main()
