"""Whose claims are whose on a day, as the replica of agreements tells it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from services.claims.domain.bearing import Borne, become, borne, were
from services.claims.domain.registration import Claim
from shared.contracts.agreements import Bearer
from shared.directory.model import UNKNOWN_BEARER, Directory
from shared.gate.mandates import KELA


@dataclass(frozen=True, slots=True)
class Scope:
    """Which claims somebody may see.

    Attributes:
        members: Claims of these municipalities; None: of all (Kela).
        organisation: And made by this organisation; None: by whichever, for the asker bears the municipality now.
    """

    members: tuple[str, ...] | None
    organisation: str | None = None

    def covers(self, claim: Claim) -> bool:
        """Whether the claim is among them."""
        if self.members is None:
            return True
        return claim.member in self.members and self.organisation in {None, claim.organisation}


class Bearing:
    """Asks the replica who bears which municipality.

    Args:
        directory: The replica; asked anew each time.
    """

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def borne(self, claim: Claim, day: date) -> Borne:
        """The claim under the body that bears its municipality on the day, and whether its account is confirmed."""
        member = become(claim.member, day)
        bearer = self._readable(member, day)
        organisation = claim.organisation if bearer is None else bearer.organisation
        own = self._directory.agreement(claim.agreement)
        # A forgotten agreement is nobody's reason to move a claim: its part waits until it is known again.
        if (organisation, member) == (claim.organisation, claim.member) and (own is None or own.party == organisation):
            return borne(claim, member, organisation, own)
        return borne(claim, member, organisation, self._directory.agreement_of(organisation, member, day))

    def since(self, claim: Claim, day: date) -> date | None:
        """Since when the body of the day bears the claim's municipality; None when that was never stated."""
        bearer = self._readable(become(claim.member, day), day)
        return None if bearer is None else bearer.validity.first

    def scope(self, organisation: str, member: str | None, day: date) -> Scope:
        """Which claims a worker may see who acts for the organisation and the municipality."""
        if organisation == KELA:
            return Scope(members=None)
        if member is None:
            return Scope(members=())
        bearer = self._directory.bearer(member, day)
        bears = bearer is not None and bearer.organisation == organisation
        return Scope(members=were(member, day), organisation=None if bears else organisation)

    def _readable(self, member: str, day: date) -> Bearer | None:
        """Who bears the municipality; one that cannot be read is nobody's reason to move a claim."""
        bearer = self._directory.bearer(member, day)
        return None if bearer == UNKNOWN_BEARER else bearer


Stands = Callable[[Claim, date], Borne]
"""A claim under the body of the day (`Bearing.borne`)."""
