"""A signing key is replaced: its holders get the new one and the one before, everybody may know all public halves."""

from pathlib import Path

import pytest

from deploy.local.secret_files import ensure_secrets, grant_secrets, read_secret, rotate_secret
from shared.secrets import SecretRow, Secrets

TABLE = (SecretRow("log", "ed25519", ("audit",), ("lookup",)), SecretRow("pseudonym", "hmac", ("audit", "lookup")))


def made(folder: Path) -> Path:
    ensure_secrets(folder, [(row.name, row.kind) for row in TABLE])
    return folder


def granted(folder: Path, holder: str) -> dict[str, str]:
    into = folder.parent / holder
    grant_secrets(folder, into, holder, TABLE)
    return {path.name: read_secret(into, path.name) for path in into.iterdir()}


def test_given_two_rotations_then_the_signer_holds_two_keys_and_the_oldest_is_known_by_its_public_half(
    tmp_path: Path,
) -> None:
    folder = made(tmp_path / "all")
    first = read_secret(folder, "log.pub")
    rotate_secret(folder, "log")
    second = read_secret(folder, "log")
    rotate_secret(folder, "log")
    signer, reader = granted(folder, "audit"), granted(folder, "lookup")
    assert signer.keys() == {"pseudonym", "log", "log-previous", "log-retired-001.pub"}
    assert (signer["log-previous"], signer["log-retired-001.pub"]) == (second, first)
    assert reader.keys() == {"pseudonym", "log.pub", "log-previous.pub", "log-retired-001.pub"}
    held = Secrets(tmp_path / "lookup")
    wanted = Secrets(tmp_path / "audit")
    assert [key.public_bytes_raw() for key in held.ed25519_publics("log")] == [
        wanted.ed25519_private(name).public_key().public_bytes_raw() for name in ("log", "log-previous")
    ]
    assert [key.public_bytes_raw() for key in held.retired("log")] == [
        key.public_bytes_raw() for key in wanted.retired("log")
    ]


@pytest.mark.parametrize("left", [("log-previous",), ("log-previous", "log-previous.pub"), ("log-previous", "log.pub")])
def test_given_a_rotation_that_was_interrupted_when_it_is_run_again_then_it_is_completed(
    tmp_path: Path, left: tuple[str, ...]
) -> None:
    folder = made(tmp_path / "all")
    old = read_secret(folder, "log")
    (folder / "log").rename(folder / "log-previous")
    for path in folder.iterdir():
        if path.name not in {*left, "pseudonym"}:
            path.unlink()
    rotate_secret(folder, "log")
    assert read_secret(folder, "log-previous") == old != read_secret(folder, "log")
    assert granted(folder, "audit").keys() == {"pseudonym", "log", "log-previous"}
    assert granted(folder, "lookup").keys() == {"pseudonym", "log.pub", "log-previous.pub"}


def test_given_no_such_key_then_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        rotate_secret(tmp_path, "log")
    assert list(tmp_path.iterdir()) == []
