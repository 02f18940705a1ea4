"""The next version of a record after one act. Pure; whether it may be, the agreements service judges."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

from shared.contracts.agreements import (
    Account,
    AgreementChanged,
    AgreementPath,
    Contact,
    MandateChanged,
    Member,
    UserChanged,
)
from shared.contracts.base import BusinessId, Channel, DataGroup, MunicipalityCode, Pseudonym, Purpose, Role, Validity

PathAct = Literal["request", "statement", "withdraw", "accept", "sign", "open"]
STEP_OF: Final[Mapping[PathAct, str]] = {
    "request": "requested",
    "statement": "statement_given",
    "withdraw": "withdrawn",
    "accept": "statement_accepted",
    "sign": "signed",
    "open": "opened",
}
OWN_ACTS: Final[Mapping[str, tuple[PathAct, ...]]] = {
    "requested": ("statement", "withdraw"),
    "statement_given": ("statement", "withdraw"),
    "statement_accepted": ("withdraw",),
    "signed": ("withdraw",),
}
"""What the organisation itself may do next, by the step that was taken last."""
KELA_ACTS: Final[Mapping[str, tuple[PathAct, ...]]] = {
    "statement_given": ("accept",),
    "statement_accepted": ("sign",),
    "signed": ("open",),
}
"""What Kela's officer may do next."""


def suspended(before: AgreementChanged) -> AgreementChanged:
    """Suspended at once, until it is resumed."""
    return _next(before, status="suspended")


def resumed(before: AgreementChanged) -> AgreementChanged:
    """Open again."""
    return _next(before, status="open")


def suspended_for(before: AgreementChanged, days: Validity) -> AgreementChanged:
    """Suspended on days known beforehand."""
    return _next(before, suspensions=(*before.suspensions, days))


def terminated(before: AgreementChanged, last: date) -> AgreementChanged:
    """Terminated (irtisanottu), with its last day."""
    validity = Validity(first=before.validity.first, last=last)
    return _next(before, status="terminated", validity=validity)


def with_account(before: AgreementChanged, name: str, iban: str) -> AgreementChanged:
    """With one more bank account, not confirmed yet."""
    return _next(before, accounts=(*before.accounts, Account(id=name, iban=iban, confirmed=False)))


def with_confirmed(before: AgreementChanged, name: str) -> AgreementChanged:
    """With an account confirmed; the service sees to it that a second person does it."""
    accounts = tuple(one.model_copy(update={"confirmed": True}) if one.id == name else one for one in before.accounts)
    return _next(before, accounts=accounts)


def with_contact(before: AgreementChanged, contact: Contact) -> AgreementChanged:
    """With the contact person of its kind replaced, or added."""
    others = tuple(one for one in before.contacts if one.kind != contact.kind)
    return _next(before, contacts=(*others, contact))


def requested(number: str, party: BusinessId, municipalities: tuple[MunicipalityCode, ...], law: str) -> AgreementPath:
    """The request that begins the way to an agreement."""
    return AgreementPath(id=number, version=1, party=party, step="requested", municipalities=municipalities, law=law)


def stepped(before: AgreementPath, act: PathAct, *, signatory: str | None, agreement: str | None) -> AgreementPath:
    """The next step of the way to an agreement."""
    return AgreementPath.model_validate(
        {
            **before.model_dump(),
            "version": before.version + 1,
            "step": STEP_OF[act],
            "signatory": signatory if act == "sign" else before.signatory,
            "agreement": agreement if act == "open" else before.agreement,
        }
    )


def opened(
    path: AgreementPath, number: str, first: date, months: int, purposes: tuple[Purpose, ...]
) -> AgreementChanged:
    """The agreement that a signed request opens: its law and municipalities, every data group, in the browser."""
    validity = Validity(first=first)
    return AgreementChanged(
        id=number,
        version=1,
        party=path.party,
        validity=validity,
        status="open",
        law=path.law,
        purposes=purposes,
        data_groups=tuple(DataGroup),
        channels=(Channel.UI,),
        window_months=months,
        covers_claims=Purpose.CLAIM in purposes,
        security_statement=True,
        members=tuple(Member(municipality=code, validity=validity) for code in path.municipalities),
    )


def account_of(
    organisation: BusinessId,
    worker: Pseudonym,
    before: UserChanged | None,
    state: Literal["open", "unlock", "left", "lock"],
    day: date,
) -> UserChanged:
    """The account of a worker: opened, unlocked, or locked because they left or for now."""
    why = {"open": "opened", "unlock": "by_main_user", "left": "left", "lock": "by_main_user"}[state]
    return UserChanged.model_validate(
        {
            "id": f"{organisation}/{worker}",
            "version": 1 if before is None else before.version + 1,
            "worker": worker,
            "organisation": organisation,
            "status": "active" if state in {"open", "unlock"} else "locked",
            "why": why,
            "since": day,
        }
    )


def mandated(
    number: str,
    organisation: BusinessId,
    worker: Pseudonym,
    member: MunicipalityCode,
    roles: tuple[Role, ...],
    days: Validity,
) -> MandateChanged:
    """A new mandate."""
    return MandateChanged(
        id=number, version=1, worker=worker, organisation=organisation, member=member, roles=roles, validity=days
    )


def ended(before: MandateChanged, last: date) -> MandateChanged:
    """A mandate with its last day."""
    validity = Validity(first=before.validity.first, last=last)
    return before.model_copy(update={"version": before.version + 1, "validity": validity})


def _next(before: AgreementChanged, **changed: object) -> AgreementChanged:
    return before.model_copy(update={"version": before.version + 1, **changed})
