"""A receipt says what happens next, wherever its claim stands."""

from services.claims.domain.next_steps import NEXT
from shared.contracts.claims import ClaimState


def test_every_state_says_in_three_languages_what_happens_next() -> None:
    assert set(NEXT) == set(ClaimState)
    assert all(text.in_language(language) for text in NEXT.values() for language in ("fi", "sv", "en"))
