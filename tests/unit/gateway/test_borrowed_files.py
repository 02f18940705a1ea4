"""What set-up makes of npm's packages: one small sheet and one script, wholly or not at all."""

import json
import sys
from pathlib import Path

import pytest

from services.gateway.assets.build import COMPONENTS, HERE, SHEET_AT_MOST, BuildError, build, main


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """npm's folder, with a small sheet in each place."""
    folder = tmp_path / "node_modules"
    styles = folder / "hds-core" / "lib"
    for path in (styles / "base.min.css", *(styles / "components" / one / f"{one}.min.css" for one in COMPONENTS)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f".{path.stem.split('.')[0]}{{}}\n")
    (folder / "htmx.org" / "dist").mkdir(parents=True)
    (folder / "htmx.org" / "dist" / "htmx.min.js").write_text("script")
    for package in ("hds-core", "htmx.org"):
        (folder / package / "LICENSE").write_text("free")
    return folder


def test_the_sheet_is_the_base_and_the_components_that_are_used(modules: Path, tmp_path: Path) -> None:
    into = tmp_path / "static" / "built"
    build(into, modules)
    sheet = (into / "hds.css").read_text()
    assert [line for line in sheet.splitlines() if line.startswith(".")] == [
        ".base{}",
        *(f".{one}{{}}" for one in COMPONENTS),
    ]
    assert (into / "htmx.js").read_text() == "script"
    assert [path.name for path in into.parent.iterdir()] == ["built"]


def test_a_sheet_that_has_grown_too_large_replaces_nothing(modules: Path, tmp_path: Path) -> None:
    into = tmp_path / "built"
    build(into, modules)
    before = (into / "hds.css").read_text()
    (modules / "hds-core" / "lib" / "base.min.css").write_text("x" * (SHEET_AT_MOST + 1))
    with pytest.raises(BuildError, match="larger than"):
        build(into, modules)
    assert (into / "hds.css").read_text() == before


def test_without_npm_and_without_uv_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(sys, "argv", ["build", "--into", str(tmp_path / "built")])
    assert main() == 1
    assert "Install Node.js" in capsys.readouterr().err
    assert not (tmp_path / "built").exists()


def test_the_lock_pins_what_is_used_by_hash_and_names_no_place_to_fetch_it_from() -> None:
    package = json.loads((HERE / "package.json").read_text())
    lock = (HERE / "package-lock.json").read_text()
    packages = json.loads(lock)["packages"]
    for name, version in package["dependencies"].items():
        assert packages[f"node_modules/{name}"]["version"] == version
    assert all(one["integrity"].startswith("sha512-") for name, one in packages.items() if name)
    assert "://" not in lock
