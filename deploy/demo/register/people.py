"""Who lives in the synthetic register: households with names, artificial identity codes and a home municipality."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Literal

from deploy.demo.register.tables import Member, Profile, Role, Sex, names, streets
from shared.contracts.register import LinkKind
from shared.finnish.identity_code import IdentityCode
from shared.finnish.municipalities import Municipality, existing_on, municipality, population

_RELATIONS: dict[tuple[Role, Role], LinkKind] = {
    ("head", "partner"): "partner",
    ("partner", "head"): "partner",
    ("head", "child"): "child",
    ("partner", "child"): "child",
    ("child", "head"): "parent",
    ("child", "partner"): "parent",
    ("child", "child"): "sibling",
    ("head", "elder"): "parent",
    ("elder", "head"): "child",
}
_YEAR = timedelta(days=365.25)
_YOUNGEST_PARENT, _OLDEST_PARENT = 19, 34
_SIBLING_GAP = timedelta(days=300)
_SAFETY_PROHIBITION = 0.006
_DIED = 0.06
_MORTAL_AGE = 72
_EVEN = 0.5
_OWN_SURNAME = 0.35
_SWEDISH_SHARE = {("fi",): 0.02, ("sv",): 0.93, ("fi", "sv"): 0.12, ("sv", "fi"): 0.65}
_SIGNS = {19: "-YXWVU", 20: "ABCDEF"}
_NUMBERS_PER_SEX = 40
"""900-979: the demonstration's workers have 980-999, so that no client is one of them by chance."""
_MINOR_FORBIDS = 0.05
_FORBIDDING_AGES = (12 * _YEAR, 18 * _YEAR)
"""Ages at which a minor may forbid (assumed: the law asks for maturity)."""
_HAS_PHONE = 0.9


@dataclass(frozen=True, slots=True)
class Resident:
    """One invented person, before anything was applied for."""

    role: Role
    member: Member
    sex: Sex
    born: date
    last_name: str
    first_names: str
    municipality: str
    language: Literal["fi", "sv"]
    safety_prohibition: bool
    died: date | None
    identity: IdentityCode
    address: str
    phone: str | None
    minor_forbids: bool = False


class IdentityCodes:
    """Hands out artificial identity codes, each once.

    A birth date has 40 artificial numbers for each sex and sign; when one sign is used up the next follows.
    """

    def __init__(self) -> None:
        self._given: Counter[tuple[date, Sex]] = Counter()

    def take(self, born: date, sex: Sex) -> IdentityCode:
        """Return a code nobody has.

        Raises:
            ValueError: The birth date has no code left; make the register smaller.
        """
        round_, step = divmod(self._given[born, sex], _NUMBERS_PER_SEX)
        signs = _SIGNS[born.year // 100]
        if round_ == len(signs):
            raise ValueError(f"All artificial identity codes of one birth date of {born.year} are used.")
        self._given[born, sex] += 1
        # 7 and 40 share no factor, so the numbers of a date come in a scattered order without repeating.
        place = (born.toordinal() + 7 * step) % _NUMBERS_PER_SEX
        number = 900 + 2 * place + (1 if sex == "male" else 0)
        return IdentityCode.artificial(born, number, sign=signs[round_])


def relation(other: Role, to: Role) -> LinkKind | None:
    """Return what the one with the role ``other`` is to the one with the role ``to`` in one household."""
    return _RELATIONS.get((to, other))


def household(rng: Random, profile: Profile, ends: date, codes: IdentityCodes) -> list[Resident]:
    """Invent one household of a profile, as it is at the end of the register's time."""
    home = _home(rng)
    language: Literal["fi", "sv"] = "sv" if rng.random() < _SWEDISH_SHARE[home.languages] else "fi"
    surname = rng.choice(names()[language].last)
    hidden = rng.random() < _SAFETY_PROHIBITION
    address = address_in(rng, home.code, language)
    members = [member for member in profile.members for _ in range(rng.randint(*member.count))]
    births = _plausible(rng, members, [_born(rng, member, ends) for member in members])
    residents: list[Resident] = []
    for member, born in zip(members, births, strict=True):
        sex: Sex = "female" if rng.random() < _EVEN else "male"
        own = member.role in {"partner", "elder"} and rng.random() < _OWN_SURNAME
        residents.append(
            Resident(
                role=member.role,
                member=member,
                sex=sex,
                born=born,
                last_name=rng.choice(names()[language].last) if own else surname,
                first_names=" ".join(rng.sample(names()[language].first(sex), 2)),
                municipality=home.code,
                language=language,
                safety_prohibition=hidden,
                died=_death(rng, born, ends),
                identity=codes.take(born, sex),
                address=address,
                phone=phone(rng) if _grown(born, ends) else None,
                minor_forbids=_FORBIDDING_AGES[0] <= ends - born < _FORBIDDING_AGES[1]
                and rng.random() < _MINOR_FORBIDS,
            )
        )
    return residents


def address_in(rng: Random, municipality_code: str, language: Literal["fi", "sv"]) -> str:
    """Invent an address in a municipality."""
    place = municipality(municipality_code)
    name = place.name_sv if language == "sv" else place.name_fi
    return f"{rng.choice(streets()[language])} {rng.randint(1, 80)}, {name}"


def phone(rng: Random) -> str | None:
    """Invent a phone number, which some have not: 000 begins no number that anybody has."""
    return f"000 {rng.randint(100, 999)} {rng.randint(1000, 9999)}" if rng.random() < _HAS_PHONE else None


def _grown(born: date, ends: date) -> bool:
    return ends - born >= _FORBIDDING_AGES[0]


def _born(rng: Random, member: Member, ends: date) -> date:
    youngest, oldest = member.age
    return ends - timedelta(days=rng.randint(int(youngest * _YEAR.days), int(oldest * _YEAR.days)))


def _plausible(rng: Random, members: list[Member], births: list[date]) -> list[date]:
    """Space siblings apart, and make parents old enough for their children."""
    dated = dict(enumerate(births))
    children = sorted((index for index, member in enumerate(members) if member.role == "child"), key=dated.__getitem__)
    for younger, older in zip(reversed(children), list(reversed(children))[1:], strict=False):
        dated[older] = min(dated[older], dated[younger] - _SIBLING_GAP)
    eldest = min((dated[index] for index in children), default=None)
    for index, member in enumerate(members):
        child = {"head": eldest, "partner": eldest, "elder": dated[0]}.get(member.role)
        if child is not None and dated[index] > child - _YOUNGEST_PARENT * _YEAR:
            dated[index] = child - rng.randint(_YOUNGEST_PARENT, _OLDEST_PARENT) * _YEAR
    return [dated[index] for index in range(len(members))]


def _death(rng: Random, born: date, ends: date) -> date | None:
    if (ends - born) < _MORTAL_AGE * _YEAR or rng.random() >= _DIED:
        return None
    return ends - timedelta(days=rng.randint(5, 600))


def _home(rng: Random) -> Municipality:
    places, weights = _weighted_municipalities()
    return rng.choices(places, cum_weights=weights)[0]


@lru_cache(maxsize=1)
def _weighted_municipalities() -> tuple[tuple[Municipality, ...], list[int]]:
    places = existing_on(date(2016, 12, 31))
    return places, list(accumulate(population(place.code, 2015) for place in places))
