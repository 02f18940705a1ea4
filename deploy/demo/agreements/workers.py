"""What a worker of the demonstration is: a person with mandates, artificial in every part."""

from dataclasses import dataclass
from typing import Final

from deploy.demo.agreements.parties import business_id
from deploy.demo.agreements.people import artificial_code
from shared.contracts.base import Role, Validity


@dataclass(frozen=True, slots=True)
class Grant:
    """One mandate of a person: by which party, for which member, what, when.

    Attributes:
        party: Code of a municipality or key of a joint authority.
        member: Code of the municipality.
        roles: What the person may do.
        days: When.
        left_over: Given while the membership was open and not taken back when it ended.
    """

    party: str
    member: str
    roles: tuple[Role, ...]
    days: Validity
    left_over: bool = False


@dataclass(frozen=True, slots=True)
class DemoWorker:
    """A person one can sign in as.

    Attributes:
        key: How the story names the person.
        name: Surname first, as the identification states it.
        ordinal: Position among all workers; makes the identity code.
        home: The party that issued the ID.
        grants: Mandates.
        shows: What the person is good for in a demonstration.
        personal: False for a sub-ID (alitunniste), which is bound to nobody.
        citizen: In nobody's service: no organisation issued the ID.
    """

    key: str
    name: str
    ordinal: int
    home: str
    grants: tuple[Grant, ...]
    shows: str
    personal: bool = True
    citizen: bool = False

    def identity_code(self, seed: int = 1) -> str | None:
        """The artificial identity code; None for a sub-ID."""
        return artificial_code(self.ordinal, seed) if self.personal else None

    @property
    def organisation(self) -> str:
        """Business id of the organisation that issued the ID."""
        return business_id(self.home)


FEES: Final = (Role.FEE_CLERK,)
ASSISTANCE: Final = (Role.ASSISTANCE_HANDLER,)
BOTH: Final = (Role.FEE_CLERK, Role.ASSISTANCE_HANDLER)
