"""A hundred thousand random cases and ten thousand random histories, against the slow allocator and bookkeeper."""

from decimal import Decimal
from random import Random

import pytest

from services.claims.data_files import protected_shares
from services.claims.domain.allocation import Taken, allocate
from tests.property.claims.histories import a_claim, a_history, a_payment, a_settled_history
from tests.property.claims.slow import SlowAllocator
from tests.property.claims.test_allocation_properties import won
from tests.property.claims.test_booking_properties import as_the_slow_bookkeeper

PARTS, CASES, HISTORIES = 20, 5_000, 500


@pytest.mark.parametrize("part", range(PARTS))
def test_a_hundred_thousand_random_cases_agree_with_the_slow_allocator(part: int) -> None:
    chance = Random(part)
    taking = 0
    for _ in range(CASES):
        every = [a_claim(chance, number) for number in range(chance.randint(1, 4))]
        one = a_payment(chance, "P", most=60)
        expected, client = SlowAllocator(every).share(one)
        made = allocate(one, every, Taken(), protected_shares())
        assert (won(made), int(made.client * 100)) == (dict(expected), client)
        assert made.client + sum((share.amount for share in made.shares), Decimal(0)) == one.net
        taking += bool(made.shares)
    assert taking > CASES / 10


@pytest.mark.parametrize("part", range(PARTS))
def test_the_books_of_ten_thousand_random_histories_are_those_of_a_slow_bookkeeper(part: int) -> None:
    chance = Random(1000 + part)
    for _ in range(HISTORIES):
        as_the_slow_bookkeeper(chance.choice((a_history, a_settled_history))(chance))
