import pytest

from shared.bus.brake import LEAST, WINDOW, Brake, Braked


def test_a_few_bad_messages_never_stop_a_consumer() -> None:
    brake = Brake()
    for _ in range(LEAST - 1):
        brake.record(0, 1)


def test_fifty_bad_of_fewer_than_five_thousand_stop_it() -> None:
    brake = Brake()
    brake.record(1000, LEAST - 1)
    with pytest.raises(Braked):
        brake.record(0, 1)


def test_fifty_bad_in_five_thousand_are_one_percent_and_pass_but_not_more() -> None:
    brake = Brake()
    brake.record(WINDOW - LEAST, LEAST - 1)
    brake.record(0, 1)
    with pytest.raises(Braked):
        brake.record(0, 1)


def test_what_was_long_ago_is_forgotten() -> None:
    brake = Brake()
    for _ in range(20):
        brake.record(1000, 9)
