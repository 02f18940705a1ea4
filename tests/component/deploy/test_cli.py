from pathlib import Path

from typer.testing import CliRunner

from deploy.local.cli import app
from deploy.local.lock import Lock


def stack(folder: Path) -> Path:
    (folder / "run").mkdir(parents=True)
    (folder / "lock").touch()
    (folder / "secrets").mkdir()
    return folder


def test_given_stacks_that_do_not_run_when_cleaned_then_they_are_gone_and_the_fetched_programs_stay(
    tmp_path: Path,
) -> None:
    ended = stack(tmp_path / "demo")
    (tmp_path / "dist" / "kafka").mkdir(parents=True)
    (tmp_path / "dist" / "lock").touch()
    result = CliRunner().invoke(app, ["clean", "--folder", str(tmp_path)])
    assert result.exit_code == 0
    assert not ended.exists()
    assert (tmp_path / "dist" / "kafka").exists()


def test_given_a_stack_that_runs_when_cleaned_then_it_is_kept_and_said_and_the_others_are_gone(tmp_path: Path) -> None:
    running, ended = stack(tmp_path / "a-running"), stack(tmp_path / "b-ended")
    hold = Lock(running / "lock")
    hold.take()
    result = CliRunner().invoke(app, ["clean", "--folder", str(tmp_path)])
    hold.release()
    assert result.exit_code == 1
    assert f"already runs in {running}" in result.output
    assert running.exists()
    assert not ended.exists()


def test_given_nothing_that_runs_when_asked_then_status_env_and_down_say_so(tmp_path: Path) -> None:
    for command, status in (("status", 3), ("env", 3), ("down", 0)):
        result = CliRunner().invoke(app, [command, "--root", str(tmp_path / "up")])
        assert result.exit_code == status
        assert "Nothing runs in" in result.output
