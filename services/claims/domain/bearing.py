"""Under which body a claim stands on a day: the one that bears its municipality's social welfare then (golden G8)."""

from dataclasses import dataclass, replace
from datetime import date

from services.claims.domain.registration import Claim
from shared.contracts.agreements import AgreementChanged
from shared.finnish.municipalities import municipalities


@dataclass(frozen=True, slots=True)
class Borne:
    """A claim as it stands on a day under the body that bears its municipality then; whether its account holds."""

    claim: Claim
    confirmed: bool


def borne(claim: Claim, member: str, organisation: str, agreement: AgreementChanged | None) -> Borne:
    """The claim under the body of the day: number, arrival and origin stay (golden G8).

    Args:
        claim: As stored.
        member: The municipality that the claim's has become.
        organisation: Who bears its social welfare on the day.
        agreement: That body's agreement for it; None when there is none.

    The successor is paid to its first confirmed account (assumed). While it has none the claim names no account and
    its part waits: it goes to nobody else, and never to the client.
    """
    moved = replace(claim, member=member, organisation=organisation)
    if agreement is None:
        return Borne(moved, confirmed=False)
    if agreement.id == claim.agreement and claim.account:
        named = (account.confirmed for account in agreement.accounts if account.id == claim.account)
        return Borne(moved, confirmed=any(named))
    account = next((account.id for account in agreement.accounts if account.confirmed), "")
    return Borne(replace(moved, agreement=agreement.id, account=account), confirmed=bool(account))


def become(member: str, day: date) -> str:
    """The municipality that a claim's has become by the day: itself, or what it merged into."""
    known = municipalities().get(member)
    if known is None or known.successor is None or known.exists_on(day):
        return member
    return become(known.successor, day)


def were(member: str, day: date) -> tuple[str, ...]:
    """The municipality and every one that has become it by the day, in order."""
    return tuple(sorted({member} | {code for code in municipalities() if become(code, day) == member}))
