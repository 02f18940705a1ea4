"""What the billing process is made of."""

from pathlib import Path

from services.billing.app import AGREEMENTS_CONSUMER, COUNTS_CONSUMER, USAGE_CONSUMER, compose
from shared.bus.topics import KEY_SETS
from shared.kit import Kit
from shared.settings import Settings


def test_billing_holds_no_key_that_opens_personal_data() -> None:
    """Invariant 5."""
    assert KEY_SETS
    assert all("billing" not in key_set.holders for key_set in KEY_SETS)


async def test_it_reads_what_it_needs_and_relays_its_outbox(tmp_path: Path) -> None:
    settings = Settings(
        service="billing", kafka="127.0.0.1:9", database="postgresql://u:p@127.0.0.1:9/kelmu_billing", secrets=tmp_path
    )
    kit = Kit(settings)
    compose(kit)
    assert set(kit.consumers) == {USAGE_CONSUMER, AGREEMENTS_CONSUMER, COUNTS_CONSUMER}
    assert "outbox" in kit.backgrounds
    await kit.engine.dispose()
