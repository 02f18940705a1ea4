"""Whose money the asker may see: Kela's billing all of it, a municipality its own, a member its part of the body's."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.billing.domain.invoice import Invoice
from shared.contracts.agreements import AgreementChanged


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks; the gate has let them.

    Attributes:
        everything: Kela's own billing.
        organisation: Business id of the asker's organisation.
        municipality: The municipality that the organisation is, if it is one.
        own: Agreements whose party the organisation is.
        joint: Agreements of others that bear the municipality.
    """

    everything: bool
    organisation: str
    municipality: str | None
    own: frozenset[str] = frozenset()
    joint: frozenset[str] = frozenset()

    def whole(self, invoice: Invoice) -> bool:
        """Whether all of a document is the asker's: it pays it, or is the party of its agreement."""
        return self.everything or invoice.payer.business_id == self.organisation or invoice.agreement in self.own


def scope_of(
    organisation: str, municipality: str | None, agreements: Iterable[AgreementChanged], *, everything: bool
) -> Scope:
    """What an organisation may see of some agreements."""
    own, joint = set(), set()
    for agreement in agreements:
        if agreement.party == organisation:
            own.add(agreement.id)
        elif municipality is not None and any(one.municipality == municipality for one in agreement.members):
            joint.add(agreement.id)
    return Scope(everything, organisation, municipality, frozenset(own), frozenset(joint))
