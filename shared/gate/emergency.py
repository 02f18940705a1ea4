"""The emergency override of social emergency services (sosiaalipäivystys): when it is a valid one.

It carries a look-up over the rule of the client relation and over no other. The law (L 1301/2014 29 §) orders the
emergency services; the override, its hours and the length of its reason are assumed.
"""

from typing import Final

from shared.contracts.base import Channel, Purpose, Role
from shared.gate.facts import Facts, Function, within
from shared.gate.mandates import roles_in_force

LEAST_CHARACTERS: Final = 20
LEAST_WORDS: Final = 3
"""A reason is a sentence somebody can judge afterwards, not a letter typed to get on (assumed)."""


def explained(facts: Facts) -> bool:
    """Whether the override gives a reason of real length."""
    if facts.emergency is None:
        return False
    words = facts.emergency.reason.split()
    return len(words) >= LEAST_WORDS and len(" ".join(words)) >= LEAST_CHARACTERS


def entitled(facts: Facts) -> bool:
    """Whether an emergency worker uses it in person, in a look-up and to check data.

    A system cannot: the log supervisor is told at once who did, and behind a system stands nobody whom Kela knows.
    """
    return (
        Role.EMERGENCY_WORKER in roles_in_force(facts)
        and facts.channel is Channel.UI
        and facts.function is Function.VIEW_PERSON
        and facts.purpose is Purpose.VERIFY
    )


def in_time(facts: Facts) -> bool:
    """Whether it began within its hours, and not in the future."""
    if facts.emergency is None or facts.time is None:
        return False
    return within(facts.time - facts.emergency.began, facts.limits.emergency)


def valid(facts: Facts) -> bool:
    """Whether an override was stated and holds."""
    return explained(facts) and entitled(facts) and in_time(facts)
