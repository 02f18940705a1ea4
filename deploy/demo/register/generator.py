"""Putting the synthetic register together, household by household, so that any size streams in little memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from deploy.demo.register.payments import instalments
from deploy.demo.register.people import IdentityCodes, Resident, household, relation
from deploy.demo.register.spells import Spell, Window, recent, spells
from deploy.demo.register.tables import Profile, Terms, profiles, terms
from shared.clock.civil import Month
from shared.contracts.register import Application, Decision, Kind, Link, Payment, Person
from shared.finnish.identity_code import IdentityCode

Body = Person | Application | Decision | Payment
_ID_LETTERS: dict[Kind, str] = {"person": "P", "application": "H", "decision": "R", "payment": "M"}
_APPLIED_RECENTLY = 0.15
_STAGES = ("received", "in_process", "waiting_attachments")


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the register, in its first version; ``kind`` names the topic, ``body`` is what gets sealed."""

    kind: Kind
    id: str
    body: Body
    version: int = 1


@dataclass(frozen=True, slots=True)
class Dossier:
    """All records of one client: the person first, then each application with its decision and payments."""

    client: str
    identity: IdentityCode
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class _Matter:
    """A spell, the terms it runs by, and the child it is for, if the child is the one entitled."""

    spell: Spell
    terms: Terms
    child: int | None


def generate(count: int, seed: int, pseudonym: Callable[[str], str], window: Window | None = None) -> Iterator[Dossier]:
    """Invent a register and yield it client by client; the same arguments give the same register.

    The first households are one of each profile, so that a register of about 60 persons already holds every
    benefit; the later ones follow the profiles' weights.

    Args:
        count: How many persons.
        seed: Decides everything that is drawn.
        pseudonym: Gives the client pseudonym of an identity code.
        window: The time the register tells of; 2015-2016 when left out.

    Raises:
        ValueError: The count is negative, or so large that artificial identity codes run out.
    """
    if count < 0:
        raise ValueError("A register holds no negative number of persons.")
    told = window or Window()
    codes, made, index = IdentityCodes(), 0, 0
    while made < count:
        rng = Random(f"{seed}/{index}")  # noqa: S311  # must repeat, need not be secret
        residents = household(rng, _profile(rng, index, count - made), told.last, codes)
        yield from _dossiers(rng, residents, made, told, pseudonym, certain=index < len(profiles()))
        made += len(residents)
        index += 1


def _profile(rng: Random, index: int, room: int) -> Profile:
    every = profiles()
    chosen = every[index] if index < len(every) else rng.choices(every, [kind.weight for kind in every])[0]
    largest = sum(member.count[1] for member in chosen.members)
    return chosen if largest <= room else every[0]


def _dossiers(
    rng: Random, residents: list[Resident], made: int, window: Window, pseudonym: Callable[[str], str], *, certain: bool
) -> Iterator[Dossier]:
    clients = [pseudonym(resident.identity.reveal()) for resident in residents]
    matters: list[list[_Matter]] = [[] for _ in residents]
    for index, resident in enumerate(residents):
        payee = 0 if resident.role == "child" else index
        matters[payee].extend(_matters(rng, resident, index, residents[payee].died, window, certain=certain))
    for index, resident in enumerate(residents):
        file = _File(rng, made + index, clients[index], window)
        file.add("person", _person(resident, residents, clients))
        for matter in matters[index]:
            file.add_matter(matter, resident, clients[index])
        for matter in matters[0]:
            if matter.child == index:
                file.add_entitlement(matter, clients[0])
        yield Dossier(clients[index], resident.identity, tuple(file.records))


def _matters(
    rng: Random, resident: Resident, index: int, payee_died: date | None, window: Window, *, certain: bool
) -> Iterator[_Matter]:
    for code, chance in resident.member.benefits.items():
        how = terms()[code]
        if certain or rng.random() < chance:
            child = (
                index if how.beneficiary == "child" or (resident.role == "child" and code == "perhe_elake") else None
            )
            for spell in spells(rng, how, window, resident.born, payee_died):
                yield _Matter(spell, how, child)
    if resident.role != "child" and resident.died is None and rng.random() < _APPLIED_RECENTLY:
        for code in rng.sample(sorted(resident.member.benefits), min(1, len(resident.member.benefits))):
            if terms()[code].course != "transfer":
                for spell in recent(rng, terms()[code], window):
                    yield _Matter(spell, terms()[code], None)


def _person(resident: Resident, residents: list[Resident], clients: list[str]) -> Person:
    links = (
        Link(kind=kind, client=client)
        for other, client in zip(residents, clients, strict=True)
        if other is not resident and (kind := relation(other.role, resident.role)) is not None
    )
    return Person(
        identity_code=resident.identity.reveal(),
        last_name=resident.last_name,
        first_names=resident.first_names,
        municipality=resident.municipality,
        language=resident.language,
        safety_prohibition=resident.safety_prohibition,
        died=resident.died,
        links=tuple(links),
    )


class _File:
    """Collects one client's records and numbers them."""

    def __init__(self, rng: Random, number: int, client: str, window: Window) -> None:
        self._rng = rng
        self._number = number
        self._client = client
        self._window = window
        self.records: list[Record] = []

    def add(self, kind: Kind, body: Body) -> str:
        record = Record(kind, f"{_ID_LETTERS[kind]}{self._number:07d}-{len(self.records):04d}", body)
        self.records.append(record)
        return record.id

    def add_matter(self, matter: _Matter, payee: Resident, client: str) -> None:
        spell = matter.spell
        decision = self._add_decision(spell, payee.died, client)
        if decision is None or not spell.granted:
            return
        for paid in instalments(spell, matter.terms, payee.last_name, self._window, payee.died):
            self.add(
                "payment",
                Payment(
                    decision=decision,
                    benefit=spell.benefit,
                    payday=paid.payday,
                    first=paid.first,
                    last=paid.last,
                    gross=paid.gross,
                    withheld=paid.withheld,
                    net=paid.net,
                    paid_to=spell.paid_to,
                ),
            )

    def add_entitlement(self, matter: _Matter, payee: str) -> None:
        """File the decision also under the child entitled, so that the child's file shows who is paid."""
        self._add_decision(matter.spell, None, payee)

    def _add_decision(self, spell: Spell, died: date | None, payee: str) -> str | None:
        pending = spell.granted is None
        application = self.add(
            "application",
            Application(
                benefit=spell.benefit,
                received=spell.received,
                stage=self._rng.choice(_STAGES) if pending else "decided",
                estimated_decision=spell.decided if pending else None,
            ),
        )
        if pending:
            return None
        ends = spell.last
        if died is not None:  # a benefit is paid to the end of the month of death
            ends = min(spell.last or date.max, Month.of(died).last)
        granted = bool(spell.granted)
        decision = Decision(
            application=application,
            benefit=spell.benefit,
            decided=spell.decided,
            result="granted" if granted else "refused",
            first=spell.first if granted else None,
            last=ends if granted else None,
            amount=spell.amount if granted else None,
            payee=payee,
        )
        return self.add("decision", decision)
