"""Two agreements that were made in the service: Espoo's, opened; Kaskinen's renewal, waiting for its statement."""

from collections.abc import Iterator
from typing import Final, Literal

from deploy.demo.agreements.contracts import LAW
from deploy.demo.agreements.parties import agreement_id, business_id
from shared.contracts.agreements import AgreementPath

Step = Literal["requested", "statement_given", "statement_accepted", "signed"]
_TO_SIGNATURE: Final[tuple[Step, ...]] = ("requested", "statement_given", "statement_accepted", "signed")
_OPENED: Final = "049"
_WAITING: Final = "231"


def paths_before_agreements() -> Iterator[AgreementPath]:
    """Espoo's path as far as the signature: its agreement may be opened."""
    for version, step in enumerate(_TO_SIGNATURE, start=1):
        signatory = "Virtanen Olli" if step == "signed" else None
        yield _path(_OPENED, version).model_copy(update={"step": step, "signatory": signatory})


def paths_after_agreements() -> Iterator[AgreementPath]:
    """Espoo's agreement is open. Kaskinen has one on paper, and asks for one that rests on a statement."""
    yield _path(_OPENED, len(_TO_SIGNATURE) + 1).model_copy(
        update={"step": "opened", "signatory": "Virtanen Olli", "agreement": agreement_id(_OPENED)}
    )
    yield _path(_WAITING, 1)
    yield _path(_WAITING, 2).model_copy(update={"step": "statement_given"})


def _path(party: str, version: int) -> AgreementPath:
    return AgreementPath(
        id=f"P-{party}",
        version=version,
        party=business_id(party),
        step="requested",
        municipalities=(party,),
        law=LAW,
    )
