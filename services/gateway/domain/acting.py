"""On whose behalf a person acts: from their mandates, what they chose, and what a request names.

The gateway only states the claim; whether it holds is the gate's to judge. So a municipality for which the person has
no mandate is passed on with no roles, and the refusal is logged like any other.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.contracts.agreements import MandateChanged
from shared.contracts.base import Role


@dataclass(frozen=True, slots=True, order=True)
class Option:
    """One organisation and member municipality that the person may choose, with their roles there."""

    organisation: str
    member: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Acting:
    """In whose name a request is made."""

    organisation: str
    member: str | None
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for: in the request itself, or chosen earlier in the session. None: nothing said."""

    organisation: str | None = None
    member: str | None = None


def options(mandates: Iterable[MandateChanged]) -> tuple[Option, ...]:
    """What a person may choose from: one entry per organisation and member, roles of all mandates joined."""
    roles: dict[tuple[str, str], set[Role]] = {}
    for mandate in mandates:
        roles.setdefault((mandate.organisation, mandate.member), set()).update(mandate.roles)
    return tuple(Option(*key, tuple(sorted(found))) for key, found in sorted(roles.items()))


def decide(available: tuple[Option, ...], asked: Wish, chosen: Wish, issued_by: str | None = None) -> Acting | None:
    """In whose name a request is made.

    Args:
        available: What the person's mandates of the day allow.
        asked: What the request itself names.
        chosen: What the session has chosen before.
        issued_by: The organisation that issued the person's ID, for people without any mandate.

    Returns:
        None when the person must choose first. A wish outside the mandates is granted with no roles.
    """
    if asked.member is not None or asked.organisation is not None:
        return _wished(available, asked, chosen, issued_by)
    if chosen.organisation is not None:
        return _acting(available, chosen.organisation, chosen.member)
    if len(available) == 1:
        return _acting(available, available[0].organisation, available[0].member)
    if not available and issued_by is not None:
        return Acting(issued_by, None, ())
    return None


def _wished(available: tuple[Option, ...], asked: Wish, chosen: Wish, issued_by: str | None) -> Acting | None:
    """A wish that names only the municipality is completed by the one organisation that fits."""
    if asked.organisation is not None:
        return _acting(available, asked.organisation, asked.member)
    bearing = {option.organisation for option in available if option.member == asked.member}
    organisations = bearing or {option.organisation for option in available}
    organisation = chosen.organisation if chosen.organisation in organisations else None
    if organisation is None and len(organisations) == 1:
        organisation = organisations.pop()
    if organisation is None and not organisations:
        organisation = chosen.organisation or issued_by
    return None if organisation is None else _acting(available, organisation, asked.member)


def _acting(available: tuple[Option, ...], organisation: str, member: str | None) -> Acting:
    roles = next(
        (o.roles for o in available if o.organisation == organisation and o.member == member), tuple[Role, ...]()
    )
    return Acting(organisation, member, roles)
