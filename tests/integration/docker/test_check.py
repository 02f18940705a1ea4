"""What the trial of the containers says when it cannot run, and how it reads what containers are."""

from pathlib import Path

import pytest

from deploy.docker import check, composed
from deploy.docker.composed import Compose, ComposeFailed

_ROW = '{"Name":"k-billing-%d","Service":"billing","State":"%s","Health":"%s","ExitCode":%d}'


def stands_for_docker(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program = folder / "docker"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_without_docker_the_trial_says_so_and_what_to_use_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert check.main() == 2
    assert "Docker is missing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("script", "words"),
    [("exit 1", "daemon does not answer"), ('[ "$1" = info ]', "`docker compose` is missing")],
)
def test_what_is_missing_of_docker_is_named(
    script: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stands_for_docker(tmp_path, monkeypatch, script)
    assert words in str(composed.needed())


def test_who_is_neither_healthy_nor_ended_well_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        _ROW % (1, "running", "healthy", 0),
        _ROW % (2, "running", "unhealthy", 0),
        _ROW % (3, "exited", "", 0),
        _ROW % (4, "exited", "", 1),
        _ROW % (5, "running", "starting", 0),
    ]
    stands_for_docker(tmp_path, monkeypatch, "\n".join(f"echo '{row}'" for row in rows))
    assert [one.name for one in Compose("k").unhealthy()] == ["k-billing-2", "k-billing-4", "k-billing-5"]


def test_a_command_that_fails_is_told_with_what_it_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stands_for_docker(tmp_path, monkeypatch, "echo no space left >&2; exit 3")
    with pytest.raises(ComposeFailed, match=r"(?s)ended with 3:\nno space left"):
        Compose("k").run("build")
