"""The data files of the reports, read once at start."""

from functools import lru_cache
from importlib import resources

import yaml

from services.audit.domain.indicators import Indicators, WorkingHours


@lru_cache(maxsize=1)
def indicators() -> Indicators:
    """The table of `domain/indicators.yaml`.

    Raises:
        ValidationError: the file is not what it should be; the service does not start on it.
    """
    return Indicators.model_validate(_load("indicators.yaml"))


@lru_cache(maxsize=1)
def working_hours() -> WorkingHours:
    """The table of `domain/hours.yaml`.

    Raises:
        ValidationError: the file is not what it should be; the service does not start on it.
    """
    return WorkingHours.model_validate(_load("hours.yaml"))


def _load(name: str) -> object:
    text = resources.files("services.audit.domain").joinpath(name).read_text(encoding="utf-8")
    data: object = yaml.safe_load(text)
    return data
