"""docker-compose.yml says again what tables in the code say; here it may not say it otherwise."""

import re
from functools import lru_cache
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field

from deploy.docker.places import POSTGRES, SUPERUSER, holders
from deploy.local import kafka, postgres
from deploy.local.services import SERVICES, ServiceSpec
from deploy.local.wiring import CHECKOUT

SERVERS = {"kafka", "postgres"}
JOBS = {"secrets", "prepare", "demo-data"}
ROOT = "/var/lib/kelmu"


class Container(BaseModel):
    """One service of the compose file, as far as these tests look."""

    model_config = ConfigDict(extra="ignore")

    image: str
    command: list[str] = Field(default_factory=list)
    environment: dict[str, str] = Field(default_factory=dict)
    volumes: list[str] = Field(default_factory=list)
    ports: list[str] = Field(default_factory=list)
    networks: list[str] = Field(default_factory=list)
    network_mode: str | None = None
    cap_drop: list[str] = Field(default_factory=list)
    cap_add: list[str] = Field(default_factory=list)
    security_opt: list[str] = Field(default_factory=list)
    privileged: bool = False
    read_only: bool = False
    restart: str | None = None
    mem_limit: str | None = None
    healthcheck: dict[str, object] | None = None


class Compose(BaseModel):
    model_config = ConfigDict(extra="ignore")

    services: dict[str, Container]
    volumes: dict[str, dict[str, object]]
    networks: dict[str, dict[str, object]]


@lru_cache(maxsize=1)
def compose() -> Compose:
    text = Path(CHECKOUT, "docker-compose.yml").read_text(encoding="utf-8")
    return Compose.model_validate(yaml.safe_load(text))


def secret_mounts(name: str) -> set[tuple[str, str, str]]:
    """(volume, place, mode) of each mounted volume with secrets."""
    mounts = (volume.split(":") for volume in compose().services[name].volumes)
    return {(source, place, "".join(mode)) for source, place, *mode in mounts if source.startswith("secrets")}


def test_compose_runs_the_processes_of_the_table_and_nothing_else() -> None:
    assert set(compose().services) == {spec.name for spec in SERVICES} | SERVERS | JOBS


@pytest.mark.parametrize("spec", SERVICES, ids=lambda spec: spec.name)
def test_a_process_starts_with_the_command_and_the_settings_of_the_table(spec: ServiceSpec) -> None:
    container = compose().services[spec.name]
    assert tuple(container.command) == tuple(part.replace("{python}", "python") for part in spec.argv)
    # Containers are scaled by number: two with one lasting name would push each other out of their group.
    settings = {key: value for key, value in spec.environment.items() if key != "KELMU_INSTANCE"}
    assert set(settings) <= set(container.environment)
    assert "KELMU_INSTANCE" not in container.environment
    fixed = {key: value for key, value in settings.items() if "{" not in value}
    assert container.environment.items() >= fixed.items()
    if spec.database:
        assert container.environment["KELMU_DATABASE"] == f"postgresql://postgres:5432/kelmu_{spec.name}"


@pytest.mark.parametrize("spec", SERVICES, ids=lambda spec: spec.name)
def test_a_process_asks_itself_what_the_table_asks_it_before_it_counts_as_ready(spec: ServiceSpec) -> None:
    assert spec.ready_url is not None
    healthcheck = compose().services[spec.name].healthcheck
    assert healthcheck is not None
    assert f"'{spec.ready_url.replace('{port}', '8080')}'" in str(healthcheck["test"])


@pytest.mark.parametrize("spec", SERVICES, ids=lambda spec: spec.name)
def test_a_process_mounts_its_own_secrets_only_and_cannot_change_them(spec: ServiceSpec) -> None:
    assert secret_mounts(spec.name) == {(f"secrets-{spec.name}", f"{ROOT}/secrets-of/{spec.name}", "ro")}


def test_the_database_server_gets_the_superuser_password_and_no_other_secret() -> None:
    assert secret_mounts("postgres") == {("secrets-postgres", "/run/kelmu", "ro")}
    assert compose().services["postgres"].environment["POSTGRES_PASSWORD_FILE"] == f"/run/kelmu/{SUPERUSER}"
    assert not secret_mounts("kafka")


def test_every_holder_of_the_table_gets_a_volume_from_the_job_that_makes_secrets() -> None:
    everybody = {*holders(), POSTGRES}
    assert secret_mounts("secrets") == {
        ("secrets", f"{ROOT}/secrets", ""),
        *((f"secrets-{holder}", f"{ROOT}/secrets-of/{holder}", "") for holder in everybody),
    }
    assert {name for name in compose().volumes if name.startswith("secrets-")} == {f"secrets-{h}" for h in everybody}


def test_the_image_has_a_folder_of_the_right_owner_for_every_holder() -> None:
    lines = Path(CHECKOUT, "deploy/docker/Dockerfile").read_text(encoding="utf-8").splitlines()
    listed = next(line for line in lines if "for holder in" in line).partition(" in ")[2].partition(";")[0]
    assert set(listed.split()) == {*holders(), POSTGRES}


def test_kafka_has_the_settings_of_the_local_stack() -> None:
    given = compose().services["kafka"].environment
    told = {f"KAFKA_{key.upper().replace('.', '_')}": value for key, value in kafka.SETTINGS}
    placed = {"LISTENERS", "ADVERTISED_LISTENERS", "CONTROLLER_QUORUM_VOTERS", "LOG_DIRS", "HEAP_OPTS"}
    assert given.items() >= told.items()
    assert set(given) - set(told) == {f"KAFKA_{name}" for name in placed}


def test_postgres_has_the_settings_of_the_local_stack() -> None:
    program, *options = compose().services["postgres"].command
    of_the_image = {"listen_addresses", "unix_socket_directories"}
    assert program == "postgres"
    assert options == [f"-c{key}={value}" for key, value in postgres.SETTINGS if key not in of_the_image]


def test_only_the_gateway_and_the_development_sign_in_are_published_and_to_this_machine_only() -> None:
    published = {name: container.ports for name, container in compose().services.items() if container.ports}
    assert set(published) == {"gateway", "devidp"}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_servers_and_services_stand_in_a_network_without_a_way_out() -> None:
    assert compose().networks["inside"] == {"internal": True}
    outside = {name for name, container in compose().services.items() if container.networks != ["inside"]}
    assert outside == {"gateway", "devidp", "secrets"}
    assert compose().services["secrets"].network_mode == "none"
    assert compose().services["devidp"].networks == ["outside"]  # it needs neither Kafka nor a database


@pytest.mark.parametrize("name", sorted({spec.name for spec in SERVICES} | SERVERS | JOBS))
def test_a_container_has_no_right_that_it_does_not_need(name: str) -> None:
    container = compose().services[name]
    assert container.cap_drop == ["ALL"]
    assert not container.cap_add
    assert not container.privileged
    assert container.security_opt == ["no-new-privileges:true"]
    assert container.mem_limit is not None
    assert container.read_only or name == "kafka"  # its start writes its configuration beside its programs


@pytest.mark.parametrize("name", sorted({spec.name for spec in SERVICES} | SERVERS))
def test_what_should_stay_up_is_started_again_and_tells_its_health(name: str) -> None:
    container = compose().services[name]
    assert container.restart == "unless-stopped"
    assert container.healthcheck is not None
    assert container.mem_limit == ("1g" if name in SERVERS else "300m")


def test_the_example_of_settings_holds_every_setting_of_the_file_with_its_default() -> None:
    text = Path(CHECKOUT, "docker-compose.yml").read_text(encoding="utf-8")
    example = Path(CHECKOUT, ".env.example").read_text(encoding="utf-8")
    told = dict(line.split("=", 1) for line in example.splitlines() if line and not line.startswith("#"))
    assert told == dict(re.findall(r"\$\{(\w+):-([^}]*)\}", text))


def test_no_stage_of_the_image_stands_on_another_base_than_the_setting_says() -> None:
    lines = Path(CHECKOUT, "deploy/docker/Dockerfile").read_text(encoding="utf-8").splitlines()
    assert {line.split()[1] for line in lines if line.startswith("FROM ")} == {"${BASE}"}
    assert "ARG BASE=python:3.11-slim" in lines
