"""The agreements of the seed: one for every party, made from whom it bears and when."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Final

from deploy.demo.agreements.bearers import Era, all_eras
from deploy.demo.agreements.interface import INTERFACE_CLIENT, INTERFACE_PARTY
from deploy.demo.agreements.odd_ones import BY_MUNICIPALITY
from deploy.demo.agreements.parties import accounts, agreement_id, business_id
from shared.contracts.agreements import AgreementChanged, Member
from shared.contracts.base import Channel, DataGroup, Purpose, Validity

LAW: Final = "L 812/2000 21 §"
"""The technical connection for determining charges and checking data."""
WINDOW_MONTHS: Final = 24
"""Assumed: how far back a municipality sees is not known (domain 3.1)."""

LATE_PARTIES: Final = frozenset({"768"})
"""Parties whose agreement can be made only after another one was changed: Sulkava, until 2016 with Savonlinna."""
_HOST_UNTIL_2016: Final[Mapping[str, str]] = MappingProxyType({"740": "768"})
"""Host and guest of a membership that version 1 knew as open."""


def agreements() -> Iterator[AgreementChanged]:
    """Every party's agreement as it finally stands, as version 1."""
    for party, borne in groupby(sorted(all_eras(), key=_by_party), key=lambda era: era.party):
        yield _agreement(party, tuple(borne))


def first_version(final: AgreementChanged) -> AgreementChanged | None:
    """Return how the agreement was first made, when it was changed afterwards; else None."""
    party = final.id.removeprefix("S-")
    odd = BY_MUNICIPALITY.get(party)
    if odd is not None and odd.was_usual:
        return final.model_copy(
            update={
                "status": "open",
                "validity": Validity(first=final.validity.first),
                "members": tuple(_open(member) for member in final.members),
            }
        )
    guest = _HOST_UNTIL_2016.get(party)
    if guest is None:
        return None
    known = (member for member in final.members if member.municipality in {party, guest})
    return final.model_copy(update={"members": tuple(_open(member) for member in known)})


def _by_party(era: Era) -> tuple[str, str, str]:
    return (era.party, era.municipality, era.days.first.isoformat())


def _open(member: Member) -> Member:
    return Member(municipality=member.municipality, validity=Validity(first=member.validity.first))


def _agreement(party: str, borne: tuple[Era, ...]) -> AgreementChanged:
    ends = [era.days.last for era in borne]
    odd = BY_MUNICIPALITY.get(party)
    usual = AgreementChanged(
        id=agreement_id(party),
        version=1,
        party=business_id(party),
        validity=Validity(
            first=min(era.days.first for era in borne),
            last=None if None in ends else max(end for end in ends if end is not None),
        ),
        status="open",
        law=LAW,
        purposes=tuple(Purpose),
        data_groups=tuple(DataGroup),
        channels=tuple(Channel),
        window_months=WINDOW_MONTHS,
        covers_claims=True,
        security_statement=True,
        members=tuple(Member(municipality=era.municipality, validity=era.days) for era in borne),
        interface_clients=(INTERFACE_CLIENT,) if party == INTERFACE_PARTY else (),
        accounts=accounts(party, confirmed=odd is None or odd.key != "unconfirmed_account"),
    )
    return usual if odd is None else usual.model_copy(update=dict(odd.limits))
