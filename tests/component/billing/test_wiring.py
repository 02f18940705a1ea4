"""What the billing process is made of."""

from pathlib import Path

from deploy.local.secret_files import ensure_secrets
from services.billing.app import AGREEMENTS_CONSUMER, COUNTS_CONSUMER, REQUESTS, USAGE_CONSUMER, compose
from shared.bus.key_sets import KEY_SETS
from shared.bus.topics import BILLING_REQUESTS, TOPICS
from shared.kit import Kit
from shared.secrets import TABLE
from shared.settings import GateSettings


def test_billing_holds_no_key_that_opens_personal_data() -> None:
    """Invariant 5."""
    assert {key_set.name for key_set in KEY_SETS if "billing" in key_set.holders} == {"requests-billing"}
    assert not any(row.name == "pseudonym" and "billing" in row.holders for row in TABLE)


def test_billing_is_told_of_whoever_asks_nothing_but_a_pseudonym() -> None:
    """Invariant 5: the key that billing holds opens questions, and these name nobody."""
    asked = [topic for topic in TOPICS if topic.key_set == "requests-billing"]
    assert asked == [BILLING_REQUESTS]
    assert BILLING_REQUESTS.owner == ("gateway",)


async def test_it_reads_what_it_needs_and_relays_its_outbox(tmp_path: Path) -> None:
    ensure_secrets(tmp_path, [("actor", "ed25519")])
    settings = GateSettings(
        service="billing", kafka="127.0.0.1:9", database="postgresql://u:p@127.0.0.1:9/kelmu_billing", secrets=tmp_path
    )
    kit = Kit(settings)
    compose(kit)
    assert set(kit.consumers) == {USAGE_CONSUMER, AGREEMENTS_CONSUMER, COUNTS_CONSUMER}
    assert [loop.name for loop in kit.loops] == [REQUESTS]
    assert "outbox" in kit.backgrounds
    await kit.engine.dispose()
