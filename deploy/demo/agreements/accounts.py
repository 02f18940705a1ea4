"""Accounts of workers that are known before anybody signs in: one that nobody used, locked by the service."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from deploy.demo.agreements.named import demo_worker
from shared.contracts.agreements import UserChanged

LOCKED_WORKER: Final = "locked"
_OPENED: Final = date(2015, 1, 1)
_LOCKED: Final = _OPENED + timedelta(days=46)
"""The first day that lies more than 45 days after the last on which the account was used."""


def users(worker: str) -> Iterator[UserChanged]:
    """The locked worker's account, opened and then locked.

    Args:
        worker: The worker's pseudonym.
    """
    organisation = demo_worker(LOCKED_WORKER).organisation
    opened = UserChanged(
        id=f"{organisation}/{worker}",
        version=1,
        worker=worker,
        organisation=organisation,
        status="active",
        why="opened",
        since=_OPENED,
    )
    yield opened
    yield opened.model_copy(update={"version": 2, "status": "locked", "why": "idle", "since": _LOCKED})
