"""The way of an agreement: request, data protection statement, signature, opening; no step is skipped (domain 5.1)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from services.agreements.domain.records import key_of
from services.agreements.domain.refusals import ChangeRefused, refuse
from services.agreements.domain.rules.territory import existence
from services.agreements.domain.state import State
from services.agreements.domain.words import STEPS, listed
from shared.contracts.agreements import AgreementPath

NEXT_STEPS: Final[Mapping[str | None, tuple[str, ...]]] = MappingProxyType(
    {
        None: ("requested",),
        "requested": ("requested", "statement_given", "withdrawn"),
        "statement_given": ("statement_given", "statement_accepted", "withdrawn"),
        "statement_accepted": ("signed", "withdrawn"),
        "signed": ("opened", "withdrawn"),
        "opened": (),
        "withdrawn": (),
    }
)
"""What may follow each step: a request and a statement may be corrected, what Kela has accepted may not."""


def party_is_known(state: State, record: AgreementPath) -> ChangeRefused | None:
    """The party is a known organisation, and the path stays its own."""
    before = state.current(key_of(record))
    if isinstance(before, AgreementPath) and before.party != record.party:
        return refuse(record, "path.party_changed")
    if state.organisation(record.party) is not None:
        return None
    return refuse(record, "path.party", say="organisation.unknown", organisation=record.party)


def no_step_is_skipped(state: State, record: AgreementPath) -> ChangeRefused | None:
    """Each step follows the one before it; nothing follows an opened or withdrawn one."""
    before = state.current(key_of(record))
    step = before.step if isinstance(before, AgreementPath) else None
    allowed = NEXT_STEPS[step]
    if record.step in allowed:
        return None
    if not allowed:
        return refuse(record, "path.ended", step=STEPS[step])
    return refuse(
        record,
        "path.step",
        before=STEPS[step],
        allowed=listed([STEPS[one] for one in allowed]),
        step=STEPS[record.step],
    )


def content_is_named(state: State, record: AgreementPath) -> ChangeRefused | None:
    """The request names its section of law and municipalities that exist by the tables."""
    del state
    unknown = [code for code in record.municipalities if existence(code) is None]
    if record.municipalities and record.law.strip() and not unknown:
        return None
    return (
        refuse(record, "path.incomplete", say="/unknown", code=unknown[0])
        if unknown
        else refuse(record, "path.incomplete", say="/missing")
    )


def accepted_content_stays(state: State, record: AgreementPath) -> ChangeRefused | None:
    """What was accepted is what is signed and opened: municipalities and law do not change from the statement on."""
    before = state.current(key_of(record))
    if not isinstance(before, AgreementPath) or before.step in {"requested", "statement_given"}:
        return None
    same_signatory = before.signatory in {None, record.signatory} or record.step == "withdrawn"
    if (before.municipalities, before.law) == (record.municipalities, record.law) and same_signatory:
        return None
    return refuse(record, "path.content_changed")


def signatory_is_named(state: State, record: AgreementPath) -> ChangeRefused | None:
    """Whoever signs is named; nobody is before the signature."""
    del state
    signed = record.step in {"signed", "opened"}
    named = record.signatory is not None and bool(record.signatory.strip())
    if named == signed or record.step == "withdrawn":
        return None
    return refuse(record, "path.signatory", say="/missing" if signed else "/early")


def agreement_is_open(state: State, record: AgreementPath) -> ChangeRefused | None:
    """The agreement that it opened is there, open, of this party, on this law and for these municipalities."""
    if record.step != "opened":
        return None if record.agreement is None else refuse(record, "path.agreement", say="/early")
    agreement = None if record.agreement is None else state.agreement(record.agreement)
    if agreement is None:
        return refuse(record, "path.agreement", say="/unknown")
    if agreement.party != record.party or agreement.status != "open":
        return refuse(record, "path.agreement", say="/not_open", agreement=agreement.id, party=record.party)
    members = {member.municipality for member in agreement.members}
    if agreement.law == record.law and members >= set(record.municipalities):
        return None
    return refuse(record, "path.agreement", say="/other", agreement=agreement.id)


PATH_RULES: Final[tuple[Callable[[State, AgreementPath], ChangeRefused | None], ...]] = (
    party_is_known,
    no_step_is_skipped,
    content_is_named,
    accepted_content_stays,
    signatory_is_named,
    agreement_is_open,
)
