"""What audit needs to know beyond what every service does."""

from pathlib import Path
from typing import Annotated, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import Field

from services.audit.domain.note import KeyHistory, VerifierKey
from shared.secrets import Secrets
from shared.settings import GateSettings
from verifier.notes import WITNESS, Key

LOG_KEY: Final = "log"
"""Secret that signs checkpoints and freshness."""
WITNESS_KEY: Final = "witness"
"""Secret of the witness, of which audit has the public half."""


class AuditSettings(GateSettings):
    """Settings of the audit service."""

    log_origin: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9./-]{2,99}$")] = "log.kelmu.example"
    """The log's name on every checkpoint and of its key (C2SP). Chosen once: another name is another log."""
    witness_name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9./-]{2,99}$")] = "witness.kelmu.example"
    """The witness whose co-signatures are kept and exported."""
    checkpoint_seconds: Annotated[float, Field(ge=0.05, le=1.0)] = 0.25
    """How often a head that has grown is signed, and freshness stated. Bounds the time from event to checkpoint."""
    completeness_seconds: Annotated[float, Field(ge=1, le=3600)] = 60.0
    """How often closed hours that are due are compared with Kafka and billing."""
    retention_years: Annotated[int, Field(ge=1, le=100)] = 12
    """How long personal parts can be opened (säilytysaika), from the end of the month of the event."""
    anomaly_limits: Path | None = None
    """A file that sets limits of the anomaly rules for single organisations (`domain/anomalies/limits.yaml`)."""


def signing_keys(secrets: Secrets) -> tuple[Ed25519PrivateKey, ...]:
    """The keys that sign checkpoints: the log's own first, then the one before it while the key changes."""
    previous = f"{LOG_KEY}-previous"
    names = [LOG_KEY, *([previous] if secrets.holds(previous) else [])]
    return tuple(secrets.ed25519_private(name) for name in names)


def key_history(secrets: Secrets, origin: str) -> KeyHistory:
    """The verifier keys of the log, oldest first."""
    current, *previous = (key.public_key() for key in signing_keys(secrets))
    keys = [*secrets.retired(LOG_KEY), *previous, current]
    return KeyHistory(tuple(VerifierKey.of(origin, key) for key in keys))


def log_keys(secrets: Secrets, origin: str) -> list[Key]:
    """The verifier keys of the log as the verifier reads them, oldest first."""
    return [Key.parse(str(key)) for key in key_history(secrets, origin).keys]


def witnesses(secrets: Secrets, settings: AuditSettings) -> list[Key]:
    """The keys of the witness, oldest first."""
    publics = (*secrets.retired(WITNESS_KEY), *reversed(secrets.ed25519_publics(WITNESS_KEY)))
    return [Key(settings.witness_name, WITNESS, public.public_bytes_raw()) for public in publics]
