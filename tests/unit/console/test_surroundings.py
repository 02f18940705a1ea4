"""Settings that are missing come from a running local stack; settings that are there always stand."""

import json
from pathlib import Path

from services.console.surroundings import borrow


def stack(root: Path) -> dict[str, str]:
    endpoints = {
        "kafka": "127.0.0.1:9092",
        "postgres": "postgresql://super:secret@127.0.0.1:5432/postgres",
        "urls": {},
    }
    (root / "endpoints.json").write_text(json.dumps(endpoints), encoding="utf-8")
    return {"KELMU_STACK": str(root)}


def test_a_service_gets_its_own_database_without_the_superusers_password(tmp_path: Path) -> None:
    environment = stack(tmp_path)
    borrow("billing", environment)
    assert environment == {
        "KELMU_STACK": str(tmp_path),
        "KELMU_KAFKA": "127.0.0.1:9092",
        "KELMU_DATABASE": "postgresql://127.0.0.1:5432/kelmu_billing",
        "KELMU_SECRETS": str(tmp_path / "secrets-of" / "billing"),
        "KELMU_CLOCK_FILE": str(tmp_path / "clock.json"),
    }


def test_what_is_set_stands(tmp_path: Path) -> None:
    environment = stack(tmp_path) | {"KELMU_DATABASE": "postgresql://elsewhere/db", "KELMU_KAFKA": "other:1"}
    borrow("billing", environment)
    assert environment["KELMU_DATABASE"] == "postgresql://elsewhere/db"
    assert environment["KELMU_KAFKA"] == "other:1"
    assert "KELMU_SECRETS" not in environment


def test_a_command_of_no_service_gets_no_database(tmp_path: Path) -> None:
    environment = stack(tmp_path)
    borrow(None, environment)
    assert "KELMU_DATABASE" not in environment
    assert environment["KELMU_KAFKA"] == "127.0.0.1:9092"


def test_without_a_running_stack_nothing_is_set(tmp_path: Path) -> None:
    environment = {"KELMU_STACK": str(tmp_path)}
    borrow("billing", environment)
    (tmp_path / "endpoints.json").write_text("{half", encoding="utf-8")
    borrow("billing", environment)
    (tmp_path / "endpoints.json").write_text("[]", encoding="utf-8")
    borrow("billing", environment)
    assert environment == {"KELMU_STACK": str(tmp_path)}
