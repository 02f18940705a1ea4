"""The data files of the service, read once at start."""

from functools import lru_cache
from importlib import resources

import yaml

from services.claims.domain.matrix import Policy, read_policy


@lru_cache(maxsize=1)
def policy() -> Policy:
    """The tables of `domain/matrix.yaml`.

    Raises:
        ValidationError: the file is not what it should be; the service does not start on it.
    """
    text = resources.files("services.claims.domain").joinpath("matrix.yaml").read_text(encoding="utf-8")
    data: object = yaml.safe_load(text)
    return read_policy(data)
