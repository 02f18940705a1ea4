"""Generated workers: at least one in every municipality, about a thousand in all with the named ones."""

from collections.abc import Iterator
from typing import Final

from deploy.demo.agreements.bearers import Era, eras
from deploy.demo.agreements.people import invented_name
from deploy.demo.agreements.workers import ASSISTANCE, BOTH, FEES, DemoWorker, Grant
from shared.contracts.base import Role
from shared.finnish.municipalities import Municipality, municipalities

FIRST_ORDINAL: Final = 100
"""Of the first generated worker; the named ones stand below, with room to grow."""
_INHABITANTS_PER_WORKER: Final = 8_500
"""Assumed; gives about the thousand workers that the demonstration wants, not a figure of real offices."""
_POSTS: Final = (
    BOTH,
    (Role.MAIN_USER, Role.BILLING_CLERK),
    (Role.VIEWER,),
    FEES,
    ASSISTANCE,
    (Role.MAINTENANCE_OFFICER,),
    (Role.LOG_SUPERVISOR,),
)
"""What the first, second, … worker of a municipality does; from the beginning again in larger ones."""


def colleagues() -> Iterator[DemoWorker]:
    """Generated workers, by municipality."""
    ordinal = FIRST_ORDINAL
    for municipality in municipalities().values():
        for post in range(_posts(municipality)):
            yield _colleague(municipality, post, ordinal)
            ordinal += 1


def _posts(municipality: Municipality) -> int:
    return 1 + round(municipality.populations[2015] / _INHABITANTS_PER_WORKER)


def _colleague(municipality: Municipality, post: int, ordinal: int) -> DemoWorker:
    code = municipality.code
    roles = _POSTS[post % len(_POSTS)]
    return DemoWorker(
        key=f"{code}-{post + 1}",
        name=invented_name(ordinal),
        ordinal=ordinal,
        home=code,
        grants=tuple(_grant(municipality, era, roles) for era in eras(code)),
        shows=f"{municipality.name_fi}: generated",
    )


def _grant(municipality: Municipality, era: Era, roles: tuple[Role, ...]) -> Grant:
    """People follow their municipality to whoever bears it; after a merger they work for the successor."""
    merged = era.party == municipality.successor
    return Grant(era.party, era.party if merged else era.municipality, roles, era.days)
