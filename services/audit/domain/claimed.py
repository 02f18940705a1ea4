"""What a logged step of a payment claim (maksuvaatimus) says to the person whose claim it is.

A claim is looking too: it stands on data of the client, and changes what the client is paid. Told are when, which
organisation, what was done, and the law. Nothing of it is another's affair but the workers, who are left out as in
every row; why a registration was refused is told where the rule speaks of nobody but the one who asked.
"""

from dataclasses import dataclass
from typing import Final, Literal

import orjson
from pydantic import ValidationError

from shared.contracts.base import BusinessId, Channel, Contract, MunicipalityCode
from shared.contracts.claims import ClaimChanged, ClaimPersonal, ClaimRefused, ClaimRegistered, ClaimState, Ground

READ: Final = (ClaimRegistered.ce_type, ClaimChanged.ce_type, ClaimRefused.ce_type)
"""Types of entries that tell of a claim of one person. Reminders hold no client; how a payment was shared out is in
the decisions that the person is sent."""
LAW: Final = {Ground.TOTUL_23: "L 1412/1997 23 §", Ground.AML_14: "L 734/1992 14 §"}
_ACT: Final = {ClaimRegistered.ce_type: "register", ClaimRefused.ce_type: "register"}


class _Clear(Contract):
    """The fields that the three kinds share, as far as they have them."""

    organisation: BusinessId
    member: MunicipalityCode | None = None
    channel: Channel | None = None
    number: str | None = None
    act: str | None = None
    by: Literal["claimant", "handler", "system"] = "claimant"
    state: ClaimState | None = None
    rule: str | None = None
    law: str | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """One step.

    Attributes:
        organisation: Whose claim it is.
        member: On whose behalf.
        channel: By which channel; None for a step that has none.
        number: Of the claim; None when nothing was registered.
        act: What was done, by the names of the claim's life.
        by: Which party did it.
        state: Where the claim stood then; None when nothing was registered.
        rule: Which rule refused it.
        law: On which the claim or its refusal rests; None when that was erased.
    """

    organisation: BusinessId
    member: MunicipalityCode | None
    channel: Channel | None
    number: str | None
    act: str
    by: Literal["claimant", "handler", "system"]
    state: ClaimState | None
    rule: str | None
    law: str | None


def read_claimed(leaf: bytes, plaintext: bytes | None) -> Claimed | None:
    """A step from its leaf and its personal part; None for anything else."""
    try:
        fields = orjson.loads(leaf)
        kind = fields["type"]
        if kind not in READ:
            return None
        body = _Clear.model_validate(fields["body"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValidationError):
        return None
    act = _ACT.get(kind, body.act)
    if act is None:
        return None
    return Claimed(
        organisation=body.organisation,
        member=body.member,
        channel=body.channel,
        number=body.number,
        act=act,
        by=body.by,
        state=body.state,
        rule=body.rule,
        law=body.law or _law(plaintext),
    )


def _law(plaintext: bytes | None) -> str | None:
    """The ground of a claim stands in the personal part alone."""
    try:
        return None if plaintext is None else LAW[ClaimPersonal.model_validate_json(plaintext).ground]
    except ValidationError:
        return None
