"""Whether a proposed version of a record becomes the current one.

A proposal is judged against everything accepted so far. The order is fixed and the first refusal wins: first
the version, then the range of days, then the rules of the record's kind, one ordered tuple each. A new rule is added
to its tuple.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

from services.agreements.domain.authors import PAPER, Author
from services.agreements.domain.records import Record, key_of
from services.agreements.domain.refusals import ChangeRefused, refuse
from services.agreements.domain.rules.accounts import second_person_confirms
from services.agreements.domain.rules.agreements import AGREEMENT_RULES
from services.agreements.domain.rules.days import days_in_range
from services.agreements.domain.rules.delegations import DELEGATION_RULES
from services.agreements.domain.rules.mandates import MANDATE_RULES
from services.agreements.domain.rules.organisations import ORGANISATION_RULES
from services.agreements.domain.rules.paths import PATH_RULES
from services.agreements.domain.rules.populations import POPULATION_RULES
from services.agreements.domain.rules.responsibilities import RESPONSIBILITY_RULES
from services.agreements.domain.rules.users import USER_RULES, begins_by_now
from services.agreements.domain.state import State
from shared.contracts.agreements import (
    AgreementChanged,
    AgreementPath,
    DelegationChanged,
    MandateChanged,
    OrganisationChanged,
    PopulationStated,
    ResponsibilityChanged,
    UserChanged,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a list of proposals, judged in order, each seeing those accepted before it.

    All or nothing: when anything is refused, the caller stores none of the accepted.
    """

    accepted: tuple[Record, ...]
    unchanged: int
    refused: tuple[ChangeRefused, ...]


def judge(state: State, record: Record, author: Author = PAPER, *, today: date) -> ChangeRefused | bool:
    """Judge one proposed version.

    Args:
        state: What is accepted so far.
        record: The version.
        author: Who proposes it.
        today: Helsinki day on which it was accepted.

    Returns:
        True: it may become the current version. False: this very version is already there, nothing changes.
        Otherwise why it is refused.
    """
    versions = state.versions(key_of(record))
    if record.version <= len(versions):
        return _known_version(record, versions[record.version - 1])
    if record.version > len(versions) + 1:
        return refuse(record, "version.gap", known=len(versions), next=len(versions) + 1)
    return next(_faults(state, record, author, today), True)


def judge_all(state: State, records: Iterable[Record], author: Author = PAPER, *, today: date) -> Outcome:
    """Judge proposals in order; the accepted become part of the state, so later ones may build on them."""
    accepted: list[Record] = []
    refused: list[ChangeRefused] = []
    unchanged = 0
    for record in records:
        match judge(state, record, author, today=today):
            case ChangeRefused() as refusal:
                refused.append(refusal)
            case True:
                state.accept(record, author.name)
                accepted.append(record)
            case False:
                unchanged += 1
    return Outcome(tuple(accepted), unchanged, tuple(refused))


def _known_version(record: Record, known: Record) -> ChangeRefused | bool:
    if record == known:
        return False
    return refuse(record, "version.conflict")


def _faults(  # noqa: C901 - one line a kind of record
    state: State, record: Record, author: Author, today: date
) -> Iterator[ChangeRefused]:
    found: Iterator[ChangeRefused | None]
    match record:
        case OrganisationChanged():
            found = (rule(state, record) for rule in ORGANISATION_RULES)
        case AgreementChanged():
            found = _agreement_faults(state, record, author)
        case MandateChanged():
            found = (rule(state, record) for rule in MANDATE_RULES)
        case PopulationStated():
            found = (rule(state, record) for rule in POPULATION_RULES)
        case DelegationChanged():
            found = (rule(state, record) for rule in DELEGATION_RULES)
        case ResponsibilityChanged():
            found = (rule(state, record) for rule in RESPONSIBILITY_RULES)
        case UserChanged():
            found = _user_faults(state, record, today)
        case AgreementPath():
            found = (rule(state, record) for rule in PATH_RULES)
    return (fault for fault in chain((days_in_range(record),), found) if fault is not None)


def _user_faults(state: State, record: UserChanged, today: date) -> Iterator[ChangeRefused | None]:
    yield from (rule(state, record) for rule in USER_RULES)
    yield begins_by_now(record, today)


def _agreement_faults(state: State, record: AgreementChanged, author: Author) -> Iterator[ChangeRefused | None]:
    """The one rule that asks who it was comes last."""
    yield from (rule(state, record) for rule in AGREEMENT_RULES)
    yield second_person_confirms(state, record, author)
