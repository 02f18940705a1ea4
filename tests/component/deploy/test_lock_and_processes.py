import os
from pathlib import Path

import pytest

from deploy.local import processes
from deploy.local.errors import StackError
from deploy.local.lock import Lock
from deploy.local.postgres import clear, data_of, reachable
from deploy.local.processes import Identity


def test_given_a_running_stack_when_another_takes_the_folder_then_it_is_told_who_holds_it(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "up" / "lock"), Lock(tmp_path / "up" / "lock")
    first.take()
    with pytest.raises(StackError) as refused:
        second.take()
    assert refused.value.code == "stack.running"
    assert f"launcher process {os.getpid()}" in refused.value.reason
    first.release()
    second.take()
    second.release()


def test_given_a_folder_given_free_then_nobody_holds_it(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "lock")
    assert lock.holder() is None
    lock.take()
    assert lock.holder() == Identity.of(os.getpid())
    lock.release()
    assert lock.holder() is None


def test_given_a_process_id_that_was_used_again_when_signalled_then_the_newcomer_is_left_alone() -> None:
    newcomer = Identity.of(os.getpid())
    assert newcomer is not None
    gone = Identity(newcomer.pid, newcomer.started - 1)
    assert not gone.alive()
    gone.signal(9)
    gone.signal_group(9)
    assert newcomer.alive()


@pytest.mark.parametrize("content", ["", "12", "12 x", "a b c"])
def test_given_a_pid_file_cut_short_by_a_crash_when_read_then_it_names_no_process(tmp_path: Path, content: str) -> None:
    path = tmp_path / "kafka.pid"
    path.write_text(content, encoding="ascii")
    assert processes.load(path) is None
    assert processes.sweep(tmp_path) == []
    assert not path.exists()


def test_given_a_lock_file_whose_process_id_is_now_another_program_when_cleared_then_postgres_can_start(
    tmp_path: Path,
) -> None:
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}\n", encoding="ascii")
    clear(tmp_path)
    assert not (tmp_path / "postmaster.pid").exists()


def test_given_a_checkout_that_postgres_user_cannot_enter_then_its_data_lies_outside_and_is_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.local.postgres.os.geteuid", lambda: 0)
    tmp_path.chmod(0o700)
    folder = tmp_path / "up" / "postgres"
    assert not reachable(folder)
    assert not data_of(folder).is_relative_to(tmp_path)
    before = data_of(folder)
    folder.mkdir(parents=True)
    assert data_of(folder) == before


def test_given_an_ordinary_user_then_postgres_data_lies_in_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.local.postgres.os.geteuid", lambda: 1000)
    tmp_path.chmod(0o700)
    assert data_of(tmp_path / "postgres") == tmp_path / "postgres" / "data"
