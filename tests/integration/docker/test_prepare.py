"""The job that makes the secrets, on a folder of this test's own."""

from pathlib import Path

import pytest

from deploy.docker.places import POSTGRES, SUPERUSER, all_secrets, holders, secrets_of
from deploy.docker.prepare import main, make_secrets
from deploy.local.databases import database_name, owner_name, owner_url
from deploy.local.services import SERVICES
from shared.secrets import TABLE


def test_each_holder_gets_its_own_secrets_and_nothing_else(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    for holder in holders():
        expected = {row.name for row in TABLE if holder in row.holders}
        expected |= {f"{row.name}.pub" for row in TABLE if holder in row.public_holders}
        assert {path.name for path in secrets_of(holder, tmp_path).iterdir()} == expected
    assert {path.name for path in secrets_of(POSTGRES, tmp_path).iterdir()} == {SUPERUSER}


@pytest.mark.parametrize("service", [spec.name for spec in SERVICES if spec.database])
def test_the_job_that_migrates_finds_every_password_that_it_needs(service: str, tmp_path: Path) -> None:
    make_secrets(tmp_path)
    found = owner_url("postgresql://postgres@postgres:5432/postgres", service, all_secrets(tmp_path))
    assert f"//{owner_name(service)}:" in found
    assert found.endswith(f"@postgres:5432/{database_name(service)}")
    assert (all_secrets(tmp_path) / f"database-{service}").exists()


def test_no_process_holds_the_password_of_a_role_that_owns_the_log(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    held = {path.name for holder in (*holders(), POSTGRES) for path in secrets_of(holder, tmp_path).iterdir()}
    assert "database-audit" in held
    assert "database-audit-owner" not in held


def test_a_second_start_changes_no_secret(tmp_path: Path) -> None:
    def content() -> dict[Path, str]:
        return {path: path.read_text() for path in tmp_path.rglob("*") if path.is_file()}

    make_secrets(tmp_path)
    before = content()
    make_secrets(tmp_path)
    assert content() == before


def test_only_the_file_that_another_user_must_read_is_open_to_others(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    open_to_others = {path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_mode & 0o077}
    assert open_to_others == {secrets_of(POSTGRES, tmp_path) / SUPERUSER}
    assert all_secrets(tmp_path).stat().st_mode & 0o077 == 0


def test_a_missing_setting_is_named_and_stops_the_job(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["servers"], {}) == 2
    assert "KELMU_KAFKA is not set" in capsys.readouterr().err


def test_an_unknown_job_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["everything"], {}) == 2
    assert "secrets, servers" in capsys.readouterr().err
