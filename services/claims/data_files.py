"""The data files of the service, read once at start."""

from functools import lru_cache
from importlib import resources

import yaml

from services.claims.domain.dry_runs import Thresholds, read_thresholds
from services.claims.domain.protected_share import ProtectedShares, read_shares
from shared.finnish.claim_matrix import Policy, claim_policy


def policy() -> Policy:
    """The tables that the pages offer by, too.

    Raises:
        ValidationError: the file is not what it should be; the service does not start on it.
    """
    return claim_policy()


@lru_cache(maxsize=1)
def protected_shares() -> ProtectedShares:
    """The table of `domain/protected_share.yaml`.

    Raises:
        ValueError: the file is not what it should be; the service does not start on it.
    """
    return read_shares(_load("protected_share.yaml"))


@lru_cache(maxsize=1)
def dry_run_thresholds() -> Thresholds:
    """The table of `domain/dry_runs.yaml`.

    Raises:
        ValueError: the file is not what it should be; the service does not start on it.
    """
    return read_thresholds(_load("dry_runs.yaml"))


def _load(name: str) -> object:
    text = resources.files("services.claims.domain").joinpath(name).read_text(encoding="utf-8")
    data: object = yaml.safe_load(text)
    return data
