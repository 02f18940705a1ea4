import base64
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from deploy.local.errors import StackError
from deploy.local.secret_files import ensure_secrets, grant_secrets, read_secret
from shared.secrets import TABLE, SecretKind, SecretRow

ROWS: list[tuple[str, SecretKind]] = [("seal", "aes256"), ("pseudonym", "hmac"), ("log", "ed25519"), ("db", "password")]


def test_given_no_secrets_when_ensured_then_each_is_made_by_its_kind(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    ensure_secrets(folder, ROWS)
    assert len(base64.b64decode(read_secret(folder, "seal"), validate=True)) == 32
    assert len(base64.b64decode(read_secret(folder, "pseudonym"), validate=True)) == 32
    assert len(read_secret(folder, "db")) == 32
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(read_secret(folder, "log"), validate=True))
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(read_secret(folder, "log.pub"), validate=True))
    public.verify(private.sign(b"checkpoint"), b"checkpoint")


def test_given_secrets_when_ensured_again_then_none_changes(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    ensure_secrets(folder, ROWS[:3])
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    ensure_secrets(folder, ROWS)
    assert {name: (folder / name).read_bytes() for name in before} == before
    assert read_secret(folder, "db")


def test_secrets_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    ensure_secrets(folder, ROWS)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_given_a_crash_in_the_middle_when_ensured_again_then_no_half_secret_is_taken_for_one(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / ".db.partial").write_text("half", encoding="ascii")
    ensure_secrets(folder, [("db", "password")])
    assert len(read_secret(folder, "db")) == 32
    assert [path.name for path in folder.iterdir()] == ["db"]


@pytest.mark.parametrize("name", ["../outside", "a/b", "", ".hidden", "Ä"])
def test_given_a_name_that_could_leave_the_folder_when_ensured_then_it_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StackError, match="cannot name a secret file"):
        ensure_secrets(tmp_path / "secrets", [(name, "password")])


def test_given_a_table_when_granted_then_each_process_finds_its_own_secrets_only(tmp_path: Path) -> None:
    table = [SecretRow("log", "ed25519", ("audit",), ("lookup",)), SecretRow("db", "password", ("billing",))]
    ensure_secrets(tmp_path / "all", [(row.name, row.kind) for row in table])
    for holder in ("audit", "lookup", "billing", "claims"):
        grant_secrets(tmp_path / "all", tmp_path / holder, holder, table)
    found = {holder: [path.name for path in (tmp_path / holder).iterdir()] for holder in ("audit", "lookup", "billing")}
    assert found == {"audit": ["log"], "lookup": ["log.pub"], "billing": ["db"]}
    assert not list((tmp_path / "claims").iterdir())


def test_given_a_right_taken_back_when_granted_again_then_the_secret_is_gone(tmp_path: Path) -> None:
    ensure_secrets(tmp_path / "all", [("seal", "aes256")])
    grant_secrets(tmp_path / "all", tmp_path / "billing", "billing", [SecretRow("seal", "aes256", ("billing",))])
    grant_secrets(tmp_path / "all", tmp_path / "billing", "billing", [SecretRow("seal", "aes256", ("audit",))])
    assert not list((tmp_path / "billing").iterdir())


def test_given_the_systems_own_table_when_granted_then_billing_holds_nothing_that_opens_personal_data(
    tmp_path: Path,
) -> None:
    ensure_secrets(tmp_path / "all", [(row.name, row.kind) for row in TABLE])
    grant_secrets(tmp_path / "all", tmp_path / "billing", "billing", TABLE)
    personal = {"pseudonym", "seal-audit-personal-1", "seal-claim-rows-1"}
    assert not personal & {path.name for path in (tmp_path / "billing").iterdir()}
