"""What the rules of a registration look at: gathered before, so that the rules do no I/O."""

from dataclasses import dataclass
from datetime import date

from services.claims.domain.periods import meet
from services.claims.domain.protected_share import ProtectedShares
from shared.contracts.asking import RegisterClaim
from shared.contracts.base import BusinessId, MunicipalityCode
from shared.contracts.claims import Ground
from shared.finnish.claim_matrix import Policy
from shared.gate.facts import Facts


@dataclass(frozen=True, slots=True)
class ExistingClaim:
    """A claim of the same client that is already registered."""

    number: str
    organisation: BusinessId
    member: MunicipalityCode
    benefit: str
    ground: Ground
    first: date
    last: date | None

    def overlaps(self, first: date, last: date | None) -> bool:
        """Whether the periods share a day; an open end reaches for ever."""
        return meet((self.first, self.last), (first, last))


@dataclass(frozen=True, slots=True)
class Granted:
    """A standing decision that grants the claimed benefit, of the client's own record or paid to the client.

    `first` and `last` are the days for which it is granted; None has no such end.
    """

    to_client: bool
    first: date | None = None
    last: date | None = None

    def overlaps(self, first: date, last: date | None) -> bool:
        """Whether it is for a day of these."""
        return meet((self.first, self.last), (first, last))


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """What the register says of the client and the claimed benefit.

    Attributes:
        granted: The decisions that grant it.
        died: The client's day of death.
    """

    granted: tuple[Granted, ...] = ()
    died: date | None = None

    def paid_to_another(self, since: date) -> bool:
        """Whether somebody else is paid for the client from the day on, and the client is not: the child's code."""
        lasting = [one for one in self.granted if one.overlaps(since, None)]
        return bool(lasting) and not any(one.to_client for one in lasting)

    def granted_for(self, first: date, last: date | None) -> bool:
        """Whether the client is granted the benefit for a day of these."""
        return any(one.to_client and one.overlaps(first, last) for one in self.granted)


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """One registration and everything that the rules may ask about it.

    Attributes:
        claim: what was sent, as typed.
        arrived: Helsinki day of arrival (saapumispäivä); decides which law and which tables hold.
        access: what the gate looks at: actor, agreement, mandate, role, and what the identity code is.
        policy: the benefit and ground matrix and the tables beside it.
        shares: the table of the protected share.
        own: whether the client's code is the worker's own; None when either is not known.
        existing: the client's claims that still count, read under the client's lock; none when the identity code is
            not valid.
        register: what the register says of client and benefit; None when it was not read.
    """

    claim: RegisterClaim
    arrived: date
    access: Facts
    policy: Policy
    shares: ProtectedShares
    own: bool | None = None
    existing: tuple[ExistingClaim, ...] = ()
    register: RegisterFacts | None = None

    @property
    def accounts(self) -> frozenset[str]:
        """Ids of the agreement's accounts that a second person has confirmed (golden R8)."""
        agreement = self.access.agreement
        return frozenset() if agreement is None else frozenset(a.id for a in agreement.accounts if a.confirmed)

    @property
    def ground(self) -> Ground | None:
        """The ground (peruste) when it is one that Kelmu registers."""
        code = self.claim.ground
        return next((ground for ground in Ground if ground.value == code), None)
