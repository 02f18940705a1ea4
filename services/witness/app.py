"""The witness process: one consumer of the log's checkpoints. Wiring only.

| topic | function |
|---|---|
| audit.checkpoints | `Witness.on_checkpoints`, in the one elected process |
"""

from typing import Final

from services.witness.domain.cosigning import witness_key
from services.witness.handlers import SERVICE, Witness, on_conflict
from services.witness.remembering import CosignatureTopic, Remembering
from services.witness.settings import WitnessSettings
from services.witness.watching import Alarm
from shared.bus.topics import AUDIT_CHECKPOINTS
from shared.clock.system import system_now
from shared.kit import Kit
from shared.secrets import Secrets
from shared.service import serve
from verifier.notes import LOG, Key

WITNESS_KEY: Final = "witness"
"""Secret that signs; its public half goes into exports of the log."""


def log_keys(secrets: Secrets, origin: str) -> list[Key]:
    """The keys that the log signs or has signed with, oldest first."""
    publics = (*secrets.retired("log"), *reversed(secrets.ed25519_publics("log")))
    return [Key(origin, LOG, public.public_bytes_raw()) for public in publics]


def own_key(secrets: Secrets, name: str) -> Key:
    """The verifier key of the witness."""
    return witness_key(name, secrets.ed25519_private(WITNESS_KEY).public_key())


def own_keys(secrets: Secrets, name: str) -> list[Key]:
    """Every key that the witness has signed with, as far as it still knows them."""
    return [*(witness_key(name, public) for public in secrets.retired(WITNESS_KEY)), own_key(secrets, name)]


def compose(kit: Kit) -> None:
    """Put the process together."""
    settings = kit.settings
    if not isinstance(settings, WitnessSettings):
        raise TypeError("the witness runs on WitnessSettings")
    witness = Witness(
        log_keys(kit.secrets, settings.log_origin),
        settings.witness_name,
        kit.secrets.ed25519_private(WITNESS_KEY),
        system_now,
        kit.log,
    )
    memory = Remembering(
        kit.engine,
        CosignatureTopic(settings.kafka.split(","), settings.log_origin),
        own_keys(kit.secrets, settings.witness_name),
        settings.log_origin,
        system_now,
        kit.log,
    )
    alarm = Alarm(kit.engine)
    kit.consume(
        SERVICE,
        (AUDIT_CHECKPOINTS,),
        witness.on_checkpoints,
        on_conflict=on_conflict,
        leader="witness",
        before=lambda: _remember(memory),
    )
    kit.relay_outbox()
    kit.background("alarm", alarm.for_ever)
    kit.ready("log", alarm.trouble)


async def _remember(memory: Remembering) -> None:
    await memory.until_level()


if __name__ == "__main__":
    serve(SERVICE, compose, WitnessSettings)
