"""The auditor's verification (lokin todentaminen): the newest signatures of the log, and the proof of one entry.

A proof holds the entry's clear part, which names no client; it is tried against the log's keys before it is shown,
and whoever receives it tries it again offline, with nothing of ours but the verifier.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from services.audit import proof_store
from services.audit.asking import Asking, Attempt
from services.audit.domain.inclusion import InclusionProof, ProofError
from services.audit.domain.note import KeyHistory, VerifierKey
from services.audit.proving import Prover
from services.audit.requests import Served
from services.audit.store import newest_checkpoint
from services.audit.store.cosigning import newest_cosignature
from services.audit.telling import Result, event_of
from shared.bus.requests import Request
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import LogVerification
from shared.contracts.answers.verification import LogCosignature, LogProofDocument
from shared.contracts.asking import LogVerificationQuery
from shared.database.engine import raw
from shared.gate.facts import Function
from verifier.notes import Key

if TYPE_CHECKING:
    from asyncpg import Connection

Outcomes = Literal["not_asked", "holds", "unreadable", "not_in_log", "not_covered", "contradicts"]
_MOST_DIGITS: Final = 18
"""As many as the number of an entry can have."""


@dataclass(frozen=True, slots=True)
class _Seen:
    newest: tuple[int, str, datetime] | None
    cosigned: LogCosignature | None
    result: Outcomes
    proof: LogProofDocument | None


class Verifying:
    """The desk.

    Args:
        asking: The facts of the gate, and pseudonyms.
        engine: Audit's database.
        key: The log's verifier keys.
        witnesses: Keys of the witness.
    """

    def __init__(
        self, *, asking: Asking, engine: AsyncEngine, key: KeyHistory | VerifierKey, witnesses: Sequence[Key] = ()
    ) -> None:
        self._asking = asking
        self._engine = engine
        self._key = key
        self._witnesses = witnesses

    @property
    def action(self) -> Action:
        """What the log calls it."""
        return Action.LOG_SEARCH

    def prepare(self, request: Request) -> Attempt:
        """The facts about who asks."""
        return self._asking.who(request, Function.AUDIT_SEARCH)

    def asked(self, attempt: Attempt) -> Result:
        """Which entry; what is no entry's name is not repeated, it may be anything."""
        wanted = _wanted(_query(attempt).entry)
        subject = "verification" if wanted is None else f"verification entry={wanted}"
        return Result(outcome=Outcome.FAILED, action=self.action, subject=subject)

    async def serve(self, attempt: Attempt) -> Served:
        """The signatures of this moment, and the proof."""
        entry = _query(attempt).entry
        async with self._engine.connect() as plain:
            conn = await plain.execution_options(isolation_level="REPEATABLE READ")
            async with conn.begin():
                seen = await self._read(await raw(conn), entry)
        size, note, at = seen.newest or (None, None, None)
        answer = LogVerification(
            origin=self._key.name,
            keys=tuple(str(self._key).splitlines()),
            witness_keys=tuple(str(one) for one in self._witnesses),
            size=size,
            checkpoint=note,
            signed_at=at,
            cosigned=seen.cosigned,
            result=seen.result,
            proof=seen.proof,
            event=event_of(attempt.request.id),
        )
        outcome = Outcome.EMPTY if seen.result in {"unreadable", "not_in_log"} else Outcome.GRANTED
        return Served(Result(outcome=outcome, action=self.action, subject=self.asked(attempt).subject), answer)

    async def _read(self, conn: "Connection", entry: str) -> _Seen:
        found = await newest_cosignature(conn)
        cosigned = None
        if found is not None:
            size, note, witnesses, at = found
            cosigned = LogCosignature(size=size, witnesses=witnesses, at=at, note=note)
        result, proof = await self._prove(conn, entry)
        return _Seen(await newest_checkpoint(conn), cosigned, result, proof)

    async def _prove(self, conn: "Connection", entry: str) -> tuple[Outcomes, LogProofDocument | None]:
        wanted = _wanted(entry)
        if wanted is None:
            return ("unreadable" if entry.strip() else "not_asked"), None
        event = (await proof_store.events_of(conn, [wanted])).get(wanted) if isinstance(wanted, int) else wanted
        if event is None or not await proof_store.found(conn, [event]):
            return "not_in_log", None
        try:
            (found,) = [one async for one in Prover(conn, self._key).prove([event])]
        except ProofError:
            return "contradicts", None
        if not isinstance(found, InclusionProof):
            return "not_covered", None
        return "holds", LogProofDocument(event=event, entry=found.entry, document=found.document().decode())


def _wanted(entry: str) -> int | UUID | None:
    """The entry's number or its event, as somebody typed it; None when it is neither."""
    text = entry.strip().replace(" ", "").replace("\u00a0", "")
    if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
        return int(text)
    try:
        return UUID(text)
    except ValueError:
        return None


def _query(attempt: Attempt) -> LogVerificationQuery:
    body = attempt.request.body
    if not isinstance(body, LogVerificationQuery):
        raise TypeError("this desk answers whoever verifies the log")
    return body
