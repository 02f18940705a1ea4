"""The command line as a person meets it: help at once, plain words when something is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest
import typer

from services.console.app import main
from services.console.discovery import CommandMissing, Found, attach, find
from services.console.errors import told
from shared.bus.provision import TopicDiffers
from shared.finnish.errors import FormatError


def run(*argv: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(argv)
    return ended.value.code if isinstance(ended.value.code, int) else 0


def test_help_names_every_command_and_what_it_is_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    told_help = " ".join(capsys.readouterr().out.split())
    for name in ("up", "demo", "migrate", "topics", "clock", "contracts", "verify", "agreements", "billing"):
        assert f" {name} " in told_help
    assert "The topics on Kafka: list the table" in told_help


def test_every_command_has_help_and_can_be_attached() -> None:
    for found in find():
        root = typer.Typer()
        attach(root, found, called=False)
        assert root.registered_commands[0].help, found.name
        attach(typer.Typer(), found, called=True)


def test_help_imports_no_service() -> None:
    seen = "import sys, services.console.app as a\ntry: a.main(['--help'])\nexcept SystemExit: pass\n"
    heavy = "print([m for m in ('sqlalchemy', 'aiokafka', 'faststream', 'fastapi') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", seen + heavy], capture_output=True, text=True, check=True, timeout=20)
    assert done.stdout.splitlines()[-1] == "[]"


def test_an_unknown_command_is_refused_with_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("topix") == 2
    assert "topics" in capsys.readouterr().err


def test_missing_settings_are_named_in_plain_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("KELMU_KAFKA", "KELMU_DATABASE", "KELMU_SECRETS", "KELMU_CLOCK_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KELMU_STACK", str(tmp_path))
    assert run("migrate", "agreements") == 2
    said = capsys.readouterr().err
    assert "KELMU_DATABASE" in said
    assert "Traceback" not in said


def test_an_unknown_service_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("migrate", "treasury") == 2
    assert "agreements" in capsys.readouterr().err


def test_topics_are_listed_as_the_table_has_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("topics", "list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert next(line for line in lines if line.startswith("agreements.events")).split()[1:4] == [
        "1",
        "for",
        "ever",
    ]


def test_the_clock_stands_runs_and_jumps(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KELMU_CLOCK_FILE", str(tmp_path / "clock.json"))
    assert run("clock", "stand", "2016-12-31T23:59:30") == 0
    assert run("clock", "show") == 0
    assert capsys.readouterr().out.splitlines() == ["2016-12-31 23:59:30 Helsinki, stands"] * 2
    assert run("clock", "jump", "2017-03-01T10:00:00Z") == 0
    assert capsys.readouterr().out == "2017-03-01 12:00:00 Helsinki, stands\n"
    assert run("clock", "run") == 0
    assert capsys.readouterr().out.endswith("runs\n")


def test_a_wrong_instant_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("clock", "stand", "tomorrow", "--file", str(tmp_path / "clock.json")) == 2
    assert "2016-12-31T23:59:30" in capsys.readouterr().err


def test_contracts_are_checked_and_a_breaking_change_is_not_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run("contracts", "check", str(tmp_path)) == 1
    assert run("contracts", "write", str(tmp_path)) == 0
    assert run("contracts", "check", str(tmp_path)) == 0
    (tmp_path / "kelmu.gone.v1.json").write_text("{}", encoding="utf-8")
    capsys.readouterr()
    assert run("contracts", "write", str(tmp_path)) == 1
    assert "upcaster" in capsys.readouterr().err
    assert (tmp_path / "kelmu.gone.v1.json").exists()
    assert run("contracts", "write", str(tmp_path), "--accept-breaking") == 0
    assert not (tmp_path / "kelmu.gone.v1.json").exists()


def test_a_module_without_commands_is_named() -> None:
    with pytest.raises(CommandMissing, match="offers no commands"):
        attach(typer.Typer(), Found("x", "shared.money"), called=True)
    with pytest.raises(CommandMissing, match="no command 'nothing'"):
        attach(typer.Typer(), Found("x", "services.console.topics", only="nothing"), called=True)


def test_known_errors_are_told_in_words_and_unknown_ones_are_not() -> None:
    assert told(FormatError("a.b", "It is wrong.", "Do this.")) == "It is wrong.\nDo this."
    assert told(TopicDiffers("x has 3 partitions")) == "x has 3 partitions"
    assert "does not answer" in (told(ExceptionGroup("both", [ConnectionRefusedError()])) or "")
    assert told(FileNotFoundError(2, "No such file", "records.jsonl")) == "records.jsonl: No such file."
    assert told(KeyError("column")) is None
