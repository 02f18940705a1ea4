import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.errors import StackError
from deploy.local.fetch import ensure_distribution, find_java

INSTALL_TOOLS = Path(__file__).resolve().parents[3] / "deploy" / "local" / "install-tools"


def script(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def bare_machine(folder: Path) -> None:
    for name in ("bash", "id"):
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    script(folder, "python3", f'exec {sys.executable} "$@"')


def test_given_no_java_when_looked_for_then_it_says_exactly_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StackError) as refused:
        find_java()
    assert refused.value.code == "java.missing"
    assert "apt-get install openjdk-17-jre-headless maven" in refused.value.advice
    assert "KELMU_KAFKA" in refused.value.advice


def test_given_an_old_java_when_looked_for_then_it_says_which_version_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path, "java", """echo 'openjdk version "11.0.2" 2019-01-15' >&2""")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StackError, match="Java 17 or newer is needed") as refused:
        find_java()
    assert refused.value.code == "java.old"


def test_given_no_maven_when_nothing_was_fetched_yet_then_it_says_exactly_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path, "java", """echo 'openjdk version "17.0.1" 2021-10-19' >&2""")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StackError) as refused:
        ensure_distribution(tmp_path / "dist")
    assert refused.value.code == "maven.missing"
    assert "apt-get install openjdk-17-jre-headless maven" in refused.value.advice


def test_given_a_maven_that_fails_when_fetching_then_it_is_tried_again_and_its_words_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path, "java", """echo 'openjdk version "17.0.1" 2021-10-19' >&2""")
    script(tmp_path, "mvn", f"echo tried >> {tmp_path}/tries; echo 'Could not transfer artifact'; exit 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("deploy.local.fetch.time.sleep", lambda _seconds: None)
    with pytest.raises(StackError, match="Could not transfer artifact") as refused:
        ensure_distribution(tmp_path / "dist")
    assert refused.value.code == "fetch.failed"
    assert (tmp_path / "tries").read_text(encoding="ascii").count("tried") == 3


def test_given_neither_tools_nor_apt_when_make_prepares_then_it_says_exactly_what_to_install(tmp_path: Path) -> None:
    bare_machine(tmp_path)
    ran = subprocess.run(
        [str(tmp_path / "bash"), str(INSTALL_TOOLS)],
        env={"PATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "Missing: openjdk-17-jre-headless maven" in ran.stderr
    assert "sudo apt-get install openjdk-17-jre-headless maven" in ran.stderr


def test_given_servers_that_run_elsewhere_when_make_prepares_then_no_java_is_asked_for(tmp_path: Path) -> None:
    bare_machine(tmp_path)
    elsewhere = {"KELMU_KAFKA": "kafka:9092", "KELMU_POSTGRES": "postgresql://db/kelmu"}
    ran = subprocess.run(
        [str(tmp_path / "bash"), str(INSTALL_TOOLS)],
        env={"PATH": str(tmp_path), **elsewhere},
        cwd=tmp_path,
        check=False,
    )
    assert ran.returncode == 0
