from pathlib import Path

import pytest

from shared.settings import Settings, SettingsRefused, load_settings


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "database-billing").write_text("s3cret", encoding="ascii")
    monkeypatch.setenv("KELMU_KAFKA", "127.0.0.1:9092")
    monkeypatch.setenv("KELMU_DATABASE", "postgresql://127.0.0.1:5432/kelmu_billing")
    monkeypatch.setenv("KELMU_SECRETS", str(tmp_path))


def test_the_password_comes_from_the_secret_file_and_the_role_is_the_services_own() -> None:
    url = load_settings("billing", Settings).database_url()
    assert (url.username, url.password) == ("kelmu_billing", "s3cret")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KELMU_KAFKA", "nowhere"),
        ("KELMU_DATABASE", "mysql://127.0.0.1/x"),
        ("KELMU_DATABASE", "::::"),
        ("KELMU_SECRETS", "/does/not/exist"),
        ("KELMU_HTTP_PORT", "123456"),
        ("KELMU_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_bad_setting_refuses_the_start_and_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsRefused, match=name):
        load_settings("billing", Settings)


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KELMU_KAFKA")
    with pytest.raises(SettingsRefused, match="KELMU_KAFKA"):
        load_settings("billing", Settings)


def test_a_missing_secret_is_named(tmp_path: Path) -> None:
    (tmp_path / "database-billing").unlink()
    with pytest.raises(SettingsRefused, match="database-billing"):
        load_settings("billing", Settings)
