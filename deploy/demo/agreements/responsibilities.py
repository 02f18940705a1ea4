"""Who is responsible for the social welfare of each municipality, and whom it has let act for it: follows the eras."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from deploy.demo.agreements.bearers import LAST_DAY_BEFORE_MERGERS, Era, eras
from deploy.demo.agreements.joint_authorities import BEGINNING, BY_KEY
from deploy.demo.agreements.odd_ones import RESPONSIBLE_ELSEWHERE
from deploy.demo.agreements.parties import business_id
from shared.contracts.agreements import Bearer, DelegationChanged, ResponsibilityChanged
from shared.contracts.base import Validity
from shared.finnish.municipalities import municipalities

_DAY: Final = timedelta(days=1)


def responsibilities() -> Iterator[ResponsibilityChanged]:
    """One record for every municipality of 2016, until further notice or until it merged away."""
    for code in municipalities():
        bearers = tuple(_bearer(era) for era in eras(code) if _exists(era))
        yield ResponsibilityChanged(municipality=code, version=1, bearers=(*bearers[:-1], *_last(code, bearers[-1])))


def first_delegations() -> Iterator[DelegationChanged]:
    """Delegations that were known as open and ended later: mandates were given under them."""
    for delegation in delegations():
        if delegation.validity.last is not None:
            yield delegation.model_copy(update={"validity": Validity(first=delegation.validity.first)})


def delegations() -> Iterator[DelegationChanged]:
    """Every delegation as it finally stands, as version 1: for each era that is not the municipality's own."""
    for code in municipalities():
        for era in eras(code):
            if era.party != code and _exists(era):
                yield DelegationChanged(
                    id=f"D-{code}-{era.party}",
                    version=1,
                    principal=code,
                    agent=business_id(era.party),
                    validity=era.days,
                )


def _exists(era: Era) -> bool:
    """A merged municipality is borne on by its successor, but has nothing to be responsible for any more."""
    ended = municipalities()[era.municipality].successor is not None
    return not (ended and era.days.first > LAST_DAY_BEFORE_MERGERS)


def _bearer(era: Era) -> Bearer:
    if era.party == era.municipality:
        return Bearer(organisation=business_id(era.party), form="own", validity=era.days)
    form = "joint_authority" if era.party in BY_KEY else "host_municipality"
    return Bearer(organisation=business_id(era.party), form=form, validity=era.days)


def _last(code: str, usual: Bearer) -> tuple[Bearer, ...]:
    """The last bearer; two where another body took over than the one that the agreement names."""
    elsewhere: tuple[str, date] | None = RESPONSIBLE_ELSEWHERE.get(code)
    if elsewhere is None:
        return (usual,)
    host, first = elsewhere
    before = usual.model_copy(update={"validity": Validity(first=BEGINNING, last=first - _DAY)})
    return before, Bearer(organisation=business_id(host), form="host_municipality", validity=Validity(first=first))
