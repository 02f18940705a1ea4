import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.errors import StackError
from deploy.local.ports import HOST, choose_port, free_port, is_free


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as server:
        server.bind((HOST, 0))
        server.listen()
        yield server.getsockname()[1]


def test_given_a_configured_port_that_is_taken_when_chosen_then_the_message_names_port_and_setting(taken: int) -> None:
    with pytest.raises(StackError) as refused:
        choose_port("KELMU_KAFKA_PORT", {"KELMU_KAFKA_PORT": str(taken)})
    assert refused.value.code == "port.taken"
    assert f"Port {taken} (KELMU_KAFKA_PORT)" in refused.value.reason
    assert "KELMU_KAFKA_PORT" in refused.value.advice


@pytest.mark.parametrize("text", ["0", "65536", "-1", "kafka", "9092.5", "٩٠٩٢"])
def test_given_a_configured_port_that_is_none_when_chosen_then_the_message_names_the_setting(text: str) -> None:
    with pytest.raises(StackError) as refused:
        choose_port("KELMU_POSTGRES_PORT", {"KELMU_POSTGRES_PORT": text})
    assert refused.value.code == "port.invalid"
    assert f"KELMU_POSTGRES_PORT={text}" in refused.value.reason


def test_given_a_configured_free_port_when_chosen_then_it_is_that_one() -> None:
    port = free_port()
    assert choose_port("KELMU_KAFKA_PORT", {"KELMU_KAFKA_PORT": f" {port} "}) == port


def test_given_no_setting_when_the_last_port_is_free_then_clients_find_the_stack_where_it_was() -> None:
    port = free_port()
    assert choose_port("KELMU_KAFKA_PORT", {}, last=port) == port


def test_given_no_setting_when_the_last_port_is_taken_then_another_is_chosen(taken: int) -> None:
    chosen = choose_port("KELMU_KAFKA_PORT", {}, last=taken)
    assert chosen != taken
    assert is_free(chosen)


def test_given_no_setting_when_the_last_port_was_given_to_another_process_then_another_is_chosen() -> None:
    port = free_port()
    assert choose_port("KELMU_KAFKA_PORT", {}, last=port, avoid={port}) != port


def test_a_free_port_lies_below_the_ephemeral_range_where_no_client_socket_can_take_it() -> None:
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    assert all(free_port() < lowest for _ in range(20))
