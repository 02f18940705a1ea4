"""The gate's decision over all rules, on a directory of the whole country, beside rules that ask nothing."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from statistics import quantiles
from typing import Final
from uuid import uuid4

from bench.figures import Figure, below
from deploy.demo.agreements import demo_worker, seed
from shared.clock.civil import at_helsinki
from shared.clock.system import system_now
from shared.contracts.asking import StatedRelation
from shared.contracts.base import Channel, Purpose, Refusal, Role
from shared.contracts.requests import Actor
from shared.directory.facts import Moment, gather
from shared.directory.model import Directory
from shared.gate.facts import Client, CodeForm, Facts, Function, Limits
from shared.gate.order import ORDER, decide
from shared.ids import pseudonym

DECISIONS: Final = 20_000
KEY: Final = b"k" * 32
DAY: Final = date(2016, 12, 15)
TAMPERE: Final = "837"


def _worker(code: str) -> str:
    return pseudonym(KEY, "worker", code)


class Case:
    """One worker's look-up that every rule lets pass: the longest way through the gate."""

    def __init__(self) -> None:
        worker = demo_worker("tampere")
        code, now = worker.identity_code(), system_now()
        if code is None:
            raise RuntimeError("the worker is nobody")
        self._worker = _worker(code)
        self._directory = Directory(record for _, record in seed(_worker))
        self._actor = Actor(
            request=uuid4(),
            expires=now + timedelta(minutes=1),
            identity_code=code,
            name=worker.name,
            signed_in=now - timedelta(minutes=5),
            organisation=worker.organisation,
            member=TAMPERE,
            roles=tuple(Role),
            channel=Channel.UI,
        )
        instant = at_helsinki(DAY, datetime.min.time().replace(hour=12))
        age = timedelta(seconds=1)
        self._moment = Moment(day=DAY, time=instant, now=now, audit_age=age, agreements_age=age)

    def gathered(self) -> Facts:
        """The facts as lookup gathers them."""
        facts = gather(
            self._directory,
            self._actor,
            self._worker,
            function=Function.VIEW_PERSON,
            moment=self._moment,
            limits=Limits(artificial_codes=True),
            purpose=Purpose.VERIFY,
        )
        return replace(
            facts,
            informed=True,
            identity_code=CodeForm.ARTIFICIAL,
            relation=StatedRelation(case_reference="2016/1"),
            client=Client(known=True, born=date(1980, 1, 1), municipality="091"),
        )


def _p99(ask: Callable[[], Refusal | None]) -> float:
    """Milliseconds.

    Raises:
        RuntimeError: something was refused: not every rule was asked then.
    """
    times = []
    for _ in range(DECISIONS):
        start = time.perf_counter()
        refused = ask()
        times.append((time.perf_counter() - start) * 1000)
        if refused is not None:
            raise RuntimeError(f"refused by {refused.rule}: not every rule was asked")
    return quantiles(times, n=100)[98]


def _pass(_: Facts) -> None:
    return None


async def deciding() -> list[Figure]:
    """No stack: the gate does no I/O."""
    case = Case()
    facts = case.gathered()
    bare = [_pass] * len(ORDER)
    floor = _p99(lambda: decide(facts, bare))
    ruling = _p99(lambda: decide(facts, ORDER))
    whole = _p99(lambda: decide(case.gathered(), ORDER))
    rules = len(ORDER)
    return [
        below(f"gate decision, all {rules} rules, p99", ruling, "ms", 1, floor),
        below("gate decision with its facts gathered, p99", whole, "ms", 1, floor),
    ]
