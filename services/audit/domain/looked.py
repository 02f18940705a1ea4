"""What a logged looking, or a step of a claim, says of itself, and what of it the person may see whom it is about.

The rule of redaction (JulkL 11 § gives a party what bears on the matter; L 159/2007 18 § names what a use log tells:
who used the data, on what ground): the organisation, the purpose, the law, the groups of data and the outcome are told.
What a worker wrote, a case's reference, others on the same page and what a rule about persons would tell of the
worker's kin or of a child's own wish are others' affairs and are not; nor is the worker's name, for whom the
organisation answers. That something was left out is told.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson
from pydantic import ValidationError

from services.audit.domain.claimed import Claimed
from shared.contracts.access import AccessDecided, AccessPersonal, Action, Outcome
from shared.contracts.answers import LogProof, LogReversal, OwnLogClaim, OwnLogRow, Redaction
from shared.contracts.base import Channel

_TOLD_WHOLE: Final = frozenset(Action) - {Action.LOG_SEARCH, Action.LOG_REPORT}
"""Attempts whose exact bytes say nothing of others. What an auditor searched for may name a suspicion."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One entry, with its personal part opened.

    Attributes:
        seq: Its number in the log.
        event: Id of its event.
        time: When it happened.
        leaf: The exact bytes that the log commits to.
        clear: What it says; None when it is not of the form that looking has.
        personal: Its personal part; None when there is none that can be opened and read.
        erased: The personal part was erased.
        claimed: What it says of a claim, when it is a step of one.
    """

    seq: int
    event: UUID
    time: datetime
    leaf: bytes
    clear: AccessDecided | None
    personal: AccessPersonal | None
    erased: bool
    claimed: Claimed | None = None


def read_clear(leaf: bytes) -> AccessDecided | None:
    """The clear part of an access event, from its leaf; None for anything else."""
    try:
        body = orjson.loads(leaf)["body"]
        # The leaf holds no personal part; the contract wants one, and nobody reads this.
        return AccessDecided.model_validate({**body, "personal": "apart.0.x"})
    except (orjson.JSONDecodeError, KeyError, TypeError, ValidationError):
        return None


def read_personal(plaintext: bytes | None) -> AccessPersonal | None:
    """The personal part of an access event, from its bytes; None for anything else."""
    try:
        return None if plaintext is None else AccessPersonal.model_validate_json(plaintext)
    except ValidationError:
        return None


def own_row(
    looked: Looked, tellable: Collection[str], proof: LogProof | None, undelivered: LogReversal | None = None
) -> OwnLogRow:
    """An entry as the person whom it is about sees it.

    Args:
        looked: The entry.
        tellable: Names of the rules that tell of nobody but the one who asked and their organisation.
        proof: Its place in the log, with the exact bytes; they are taken out here where they hold another's affair.
        undelivered: The entry that takes it back.
    """
    clear, personal = looked.clear, looked.personal
    if looked.claimed is not None:
        return _claim_row(looked, looked.claimed, tellable, proof)
    if clear is None:
        return _unreadable(looked, proof)
    tells_rule = clear.rule is None or clear.rule in tellable
    redacted = _redacted(clear, personal, tells_rule=tells_rule)
    return OwnLogRow(
        event=looked.event,
        time=looked.time,
        oneself=clear.channel is Channel.CITIZEN,
        organisation=clear.organisation,
        member=clear.member,
        action=clear.action,
        channel=clear.channel,
        purpose=clear.purpose,
        law=clear.law if tells_rule else None,
        groups=tuple(sorted(group for group, records in clear.shown.items() if records)),
        outcome=clear.outcome,
        rule=clear.rule if tells_rule else None,
        emergency=clear.emergency,
        informed=None if personal is None else personal.informed,
        redacted=redacted,
        erased=looked.erased,
        undelivered=undelivered,
        proof=_without_bytes(proof) if Redaction.ENTRY in redacted else proof,
    )


def _claim_row(looked: Looked, claimed: Claimed, tellable: Collection[str], proof: LogProof | None) -> OwnLogRow:
    """A step of a claim. A registration that a rule about persons refused tells neither the rule nor its bytes."""
    tells_rule = claimed.rule is None or claimed.rule in tellable
    return OwnLogRow(
        event=looked.event,
        time=looked.time,
        oneself=False,
        organisation=claimed.organisation,
        member=claimed.member,
        action=None,
        channel=claimed.channel,
        purpose=None,
        law=claimed.law if tells_rule else None,
        groups=(),
        outcome=None if claimed.state is not None else Outcome.REFUSED,
        rule=claimed.rule if tells_rule else None,
        emergency=False,
        informed=None,
        redacted=() if tells_rule else (Redaction.RULE, Redaction.ENTRY),
        erased=looked.erased,
        claim=OwnLogClaim(act=claimed.act, by=claimed.by, number=claimed.number, state=claimed.state),
        proof=proof if tells_rule else _without_bytes(proof),
    )


def _redacted(clear: AccessDecided, personal: AccessPersonal | None, *, tells_rule: bool) -> tuple[Redaction, ...]:
    """What is left out. Nothing here says what it was."""
    whole = tells_rule and clear.action in _TOLD_WHOLE
    left_out = {
        # An override is never used without a reason, so that it has one is no news also when that was erased.
        Redaction.REASON: clear.emergency or bool(personal and personal.reason),
        Redaction.CASE_REFERENCE: bool(personal and personal.case_reference),
        Redaction.OTHER_CLIENTS: clear.persons > 1 or bool(personal and len(personal.clients) > 1),
        Redaction.RULE: not tells_rule,
        Redaction.ENTRY: not whole,
    }
    return tuple(name for name, is_so in left_out.items() if is_so)


def _without_bytes(proof: LogProof | None) -> LogProof | None:
    return None if proof is None else proof.model_copy(update={"leaf": None})


def _unreadable(looked: Looked, proof: LogProof | None) -> OwnLogRow:
    """An entry that is there and says nothing that can be shown: it is listed all the same."""
    return OwnLogRow(
        event=looked.event,
        time=looked.time,
        oneself=False,
        organisation=None,
        member=None,
        action=None,
        channel=None,
        purpose=None,
        law=None,
        groups=(),
        outcome=None,
        emergency=False,
        informed=None,
        redacted=(Redaction.ENTRY,),
        erased=looked.erased,
        proof=_without_bytes(proof),
    )
