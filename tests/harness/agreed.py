"""Agreements and organisations as tests need them: the usual terms, and what a test says of its own."""

from collections.abc import Mapping
from typing import Final

from shared.contracts.agreements import AgreementChanged, OrganisationChanged
from shared.contracts.base import Channel

USUAL: Final[Mapping[str, object]] = {
    "version": 1,
    "status": "open",
    "law": "L 812/2000 21 §",
    "purposes": (),
    "data_groups": (),
    "channels": (Channel.UI,),
    "window_months": 24,
    "covers_claims": True,
    "security_statement": True,
}


def agreed(**terms: object) -> AgreementChanged:
    """An agreement in force; `id`, `party`, `validity` and `members` are the test's to say, as are other terms."""
    return AgreementChanged.model_validate({**USUAL, **terms})


def organisation(business_id: str, name: str, municipality: str | None) -> OrganisationChanged:
    """A municipality, or without a municipality a body of several."""
    return OrganisationChanged(
        business_id=business_id,
        version=1,
        kind="municipality" if municipality else "joint_authority",
        municipality=municipality,
        name_fi=name,
        name_sv=name,
    )
