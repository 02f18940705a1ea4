"""Settings of a process, from the environment (`KELMU_…`) and secret files; a bad value stops it with its name."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from shared.gate.facts import Limits
from shared.secrets import SecretMissing, Secrets

S = TypeVar("S", bound="Settings")

Seconds = Annotated[int, Field(ge=1, le=3600)]
HostPort = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.\-\[\]:]+:[0-9]+(,[A-Za-z0-9_.\-\[\]:]+:[0-9]+)*$")]


class SettingsRefused(Exception):
    """A setting is missing or wrong; the text names each one, and no value."""


class Settings(BaseSettings):
    """What every service needs to know of its surroundings."""

    model_config = SettingsConfigDict(env_prefix="KELMU_", extra="ignore", frozen=True)

    service: str
    kafka: HostPort
    """Bootstrap servers, `host:port,…`."""
    database: str
    """postgresql://host:port/database; user and password come from `database_user` and a secret file."""
    secrets: Path
    """Directory with this process's secret files."""
    clock_file: Path | None = None
    """Shared file of the business clock; absent in production, where business time is system time."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    instance: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")] | None = None
    """A name that this process keeps across restarts and shares with no other: it then takes its partitions back at
    once, instead of waiting for its former self's session to end. None where processes have no lasting names."""
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 0
    request_timeout_ms: Annotated[int, Field(ge=500, le=60_000)] = 8_000
    """How long a publish may wait for its acknowledgement before the caller is told that Kafka is down."""
    replication: Annotated[int, Field(ge=1, le=5)] = 1
    """Replicas of each topic: 3 in production, 1 on the local one-node stack."""
    database_pool: Annotated[int, Field(ge=2, le=50)] = 12
    """Connections to PostgreSQL at most; a peak waits for one rather than opening and discarding more."""

    @field_validator("database")
    @classmethod
    def _is_postgres(cls, value: str) -> str:
        try:
            url = make_url(value)
        except ArgumentError as error:
            raise ValueError("is not a database address") from error
        if not url.drivername.startswith("postgresql") or not url.database:
            raise ValueError("must be postgresql://host:port/database")
        return value

    @field_validator("secrets")
    @classmethod
    def _is_directory(cls, value: Path) -> Path:
        if not value.is_dir():
            raise ValueError("is not a directory")
        return value

    def database_url(self) -> URL:
        """The address with driver, role and password; the role is the service's own unless the address names one."""
        url = make_url(self.database).set(drivername="postgresql+asyncpg")
        if url.username is None:
            url = url.set(username=f"kelmu_{self.service}")
        if url.password is None:
            url = url.set(password=Secrets(self.secrets).text(f"database-{self.service}"))
        return url

    def owner_url(self) -> URL:
        """The address for migrations: as the role that owns the tables, where that is not the service's own."""
        held, secret = Secrets(self.secrets), f"database-{self.service}-owner"
        if make_url(self.database).username is not None or not held.holds(secret):
            return self.database_url()
        return self.database_url().set(username=f"kelmu_{self.service}_owner", password=held.text(secret))


class GateSettings(Settings):
    """Settings of services whose requests pass the gate; one name each, whichever service it is set for."""

    artificial_codes: bool = False
    """Whether identity codes with individual numbers 900-999 are taken: demonstration and test installations only."""
    session_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 8 * 60
    """How long an identification carries."""
    audit_stale_seconds: Seconds = 60
    """How far the audit log may be behind before nothing is decided (invariant 1)."""
    agreements_stale_seconds: Seconds = 60
    """How long agreements may be silent before nothing is decided."""

    @property
    def limits(self) -> Limits:
        """The settings that the gate's rules measure by."""
        return Limits(
            session=timedelta(minutes=self.session_minutes),
            audit=timedelta(seconds=self.audit_stale_seconds),
            agreements=timedelta(seconds=self.agreements_stale_seconds),
            artificial_codes=self.artificial_codes,
        )


def load_settings(service: str, cls: type[S]) -> S:
    """Read the settings of a service.

    Raises:
        SettingsRefused: naming each bad setting as the environment variable that sets it, and why.
    """
    try:
        settings = cls(service=service)
        settings.database_url()
    except ValidationError as error:
        faults = "; ".join(
            f"KELMU_{'_'.join(str(part) for part in fault['loc']).upper()}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        )
        raise SettingsRefused(f"{service} cannot start: {faults}") from error
    except SecretMissing as error:
        raise SettingsRefused(f"{service} cannot start: {error}") from error
    return settings


def settings_or_exit(service: str, cls: type[S]) -> S:
    """As `load_settings`, for a process's start: says what is wrong on one line and exits with 2."""
    try:
        return load_settings(service, cls)
    except SettingsRefused as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from error
