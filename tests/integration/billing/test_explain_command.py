"""A cent on the command line: from the invoice to the event ids, and from these to a proof that anybody checks."""

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import orjson
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner, Result

from services.audit.commands import app as audit
from services.audit.domain.inclusion import InclusionProof
from services.audit.domain.leaf import clear_leaf
from services.audit.domain.merkle import leaf_hashes, root_of
from services.audit.domain.note import Checkpoint, VerifierKey, sign
from services.audit.domain.proofs import inclusion_proof
from services.billing.commands import app
from shared.bus.messages import Outgoing
from shared.clock.business import FileClock
from shared.clock.civil import at_helsinki
from tests.harness.consuming import engine_for
from tests.integration.billing.usages import feed, looked_up, worker
from tests.integration.billing.year import agreement, know, organisation

USES = [looked_up(n, by=worker(n % 3)) for n in range(100)]
"""8.00 of queries and 3.00 of users: an invoice of 11.00."""
SECRET = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = VerifierKey.of("log.kelmu.test", SECRET.public_key())


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def invoiced(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_for(database)
    await know(engine, organisation("091"), agreement("091"))
    await feed(engine, USES)
    await engine.dispose()
    clock = tmp_path / "clock.json"
    FileClock(clock).stand_at(at_helsinki(date(2017, 1, 2)))
    settings = {"KAFKA": "127.0.0.1:9", "DATABASE": database, "SECRETS": str(tmp_path), "CLOCK_FILE": str(clock)}
    for name, value in settings.items():
        monkeypatch.setenv(f"KELMU_{name}", value)


def kelmu(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def proofs(events: list[UUID], logged: list[Outgoing]) -> bytes:
    """What `kelmu audit proof` prints of a log that holds these messages."""
    at = datetime(2016, 12, 31, tzinfo=UTC)
    leaves = [clear_leaf(one.id, one.type, at, one.body).leaf for one in logged]
    hashes = leaf_hashes(leaves)
    note = sign(Checkpoint(KEY.name, len(leaves), root_of(hashes)), SECRET)
    places = {one.id: n for n, one in enumerate(logged)}
    found = (
        InclusionProof(event, places[event], leaves[places[event]], inclusion_proof(hashes, places[event]), note)
        for event in events
    )
    return b"\n".join(proof.document() for proof in found)


def test_a_cent_leads_to_its_events_and_each_event_to_a_proof_that_holds(tmp_path: Path) -> None:
    assert kelmu("close", "2016-12").exit_code == 0
    words = kelmu("explain", "K2017-00001", "1")
    assert words.exit_code == 0, words.output
    assert all(one in words.stdout for one in ("KELMU-2016 QUERY_PERSON", "100 × 0.0800 = 8.00", "counted from uses"))  # noqa: RUF001 - as invoices write it
    assert "The price is an assumption." in words.stdout

    printed = kelmu("explain", "K2017-00001", "1", "--ids")
    events = [UUID(line) for line in printed.stdout.split()]
    assert events == [one.id for one in USES]

    file = tmp_path / "proofs.jsonl"
    file.write_bytes(proofs(events, USES))
    checked = CliRunner().invoke(audit, ["check-proof", str(file), "--vkey", str(KEY)])
    assert (checked.exit_code, "100 proofs hold" in checked.output) == (0, True)
    file.write_bytes(file.read_bytes()[:-30])
    assert CliRunner().invoke(audit, ["check-proof", str(file), "--vkey", str(KEY)]).exit_code == 1


def test_every_line_is_explained_for_programs_and_by_member() -> None:
    assert kelmu("close", "2016-12").exit_code == 0
    printed = kelmu("explain", "K2017-00001", "--json")
    rows = [orjson.loads(line) for line in printed.stdout.splitlines()]
    lines = [row for row in rows if "line" in row]
    assert [(row["line"]["product"], row["sound"], row["counted"]) for row in lines] == [
        ("QUERY_PERSON", True, {"091": 100}),
        ("USER_MONTH", True, {"091": 3}),
    ]
    assert len(rows) == 2 + 100 + 3
    assert "v1." not in printed.stdout
    assert kelmu("explain", "K2017-00001", "--ids", "--member", "837").stdout == ""


def test_what_cannot_be_explained_is_refused_with_its_reason() -> None:
    assert kelmu("close", "2016-12").exit_code == 0
    for arguments in (("K2017-00009",), ("K2017-00001", "7"), ("K2017-00001", "--ids", "--json")):
        refused = kelmu("explain", *arguments)
        assert refused.exit_code == 2
        assert refused.stderr
