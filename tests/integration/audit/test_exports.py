"""Exports: they verify offline, hold nothing personal, and one changed byte is found."""

import hashlib
from pathlib import Path

import pytest

from services.audit.exporting import ExportError
from shared.finnish.identity_code import contains_identity_code
from tests.integration.audit.world import KEY, Log, access
from verifier.export import verify
from verifier.notes import Key


async def test_an_export_verifies_offline_and_holds_nothing_personal(log: Log, tmp_path: Path) -> None:
    await log.feed([access(n) for n in range(8)])
    await log.sign()
    folder = await log.export(tmp_path / "export")
    verdict = verify(folder, [Key.parse(str(KEY))])
    assert verdict.whole
    assert verdict.entries == 8
    lines = (folder / "entries.jsonl").read_bytes().split(b"\n")
    assert lines.pop() == b""
    stored = await log.scalar("select array_agg(leaf_hash order by seq) from entry")
    assert [hashlib.sha256(b"\x00" + line).digest() for line in lines] == stored
    for path in folder.rglob("*"):
        if path.is_file():
            assert not contains_identity_code(path.read_bytes())
            assert b"Testi" not in path.read_bytes()


@pytest.mark.parametrize("place", [0, 100, -2])
async def test_one_flipped_byte_of_an_export_is_found(log: Log, tmp_path: Path, place: int) -> None:
    await log.feed([access(n) for n in range(3)])
    await log.sign()
    folder = await log.export(tmp_path / "export")
    content = bytearray((folder / "entries.jsonl").read_bytes())
    content[place] ^= 1
    (folder / "entries.jsonl").write_bytes(content)
    assert not verify(folder).whole


async def test_an_export_replaces_an_earlier_one_and_nothing_else(log: Log, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no checkpoint yet"):
        await log.export(tmp_path / "export")
    for n in range(3):
        await log.feed([access(n)])
        await log.sign()
        folder = await log.export(tmp_path / "export")
    assert verify(folder).checkpoints == 3
    (folder / "mine.txt").write_text("keep me")
    with pytest.raises(ExportError, match="choose another folder"):
        await log.export(folder)
    assert (folder / "mine.txt").exists()
