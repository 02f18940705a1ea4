"""When a population (väkiluku) may be stated. It decides money: the fee of 2017 is inhabitants by price."""

from collections.abc import Callable
from datetime import date
from typing import Final

from services.agreements.domain.refusals import ChangeRefused, refuse
from services.agreements.domain.rules.territory import existence
from services.agreements.domain.state import State
from shared.contracts.agreements import PopulationStated


def is_not_negative(state: State, record: PopulationStated) -> ChangeRefused | None:
    """Nobody counts less than nobody. The contract holds it too; a fee must not rest on one check alone."""
    del state
    if record.inhabitants >= 0:
        return None
    return refuse(record, "population.negative")


def municipality_existed(state: State, record: PopulationStated) -> ChangeRefused | None:
    """The municipality is known and still existed on the last day of the year."""
    del state
    days = existence(record.municipality)
    year_end = date(record.year_end, 12, 31)
    if days is not None and days.covers(year_end):
        return None
    say = "/unknown" if days is None else "/ended"
    return refuse(record, "population.municipality", say=say, code=record.municipality, year=record.year_end)


POPULATION_RULES: Final[tuple[Callable[[State, PopulationStated], ChangeRefused | None], ...]] = (
    is_not_negative,
    municipality_existed,
)
