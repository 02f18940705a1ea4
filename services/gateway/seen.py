"""At each sign-in the agreements service is told that the worker was here: accounts left idle are locked.

Whatever becomes of it, the sign-in goes on: rights are judged by the gate, from its own copy of agreements.
"""

import asyncio
from collections.abc import Iterable
from typing import Final

from services.gateway.domain.acting import Acting, Option
from services.gateway.inquiring import Asker
from services.gateway.parts import Parts
from services.gateway.problems import Problem
from services.gateway.sessions import Identity
from shared.contracts.answers import Refused
from shared.contracts.base import Channel

SECONDS: Final = 1.0
"""Nobody waits longer than this at the door."""


async def tell_seen(parts: Parts, identity: Identity) -> None:
    """Tell of a sign-in, once for each organisation that the worker has a mandate of; failures are only logged."""
    try:
        askers = [_asker(identity, option) for option in _one_each(parts.options_of(identity))]
        async with asyncio.timeout(SECONDS):
            answers = await asyncio.gather(*(parts.desk.seen(asker, SECONDS) for asker in askers))
    except Problem as problem:
        parts.log.warning("sign_in_not_told", code=problem.code)
    except TimeoutError:
        parts.log.warning("sign_in_not_told", code="too_late")
    else:
        for answer in answers:
            if isinstance(answer, Refused):
                parts.log.info("sign_in_not_counted", code=answer.refusal.code)


def _one_each(available: Iterable[Option]) -> Iterable[Option]:
    return {option.organisation: option for option in available}.values()


def _asker(identity: Identity, option: Option) -> Asker:
    return Asker(identity, Acting(option.organisation, option.member, option.roles), Channel.UI, "fi")
