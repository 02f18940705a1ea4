"""Kela's own claims by ToTuL 23 §, registered by its claim handler: the way of `claims.kela`, by a person.

The rules of a registration judge what the person typed; what they let pass goes through the intake that reads Kela's
own messages (`feed.Feed.take`), with the same effect on the books. Changes and ends come as messages.
"""

from dataclasses import replace
from datetime import datetime

from services.claims.allocating import Bookkeeper
from services.claims.asking import Ask, Asking
from services.claims.data_files import policy, protected_shares
from services.claims.domain import act_refusals
from services.claims.domain.basis import advances
from services.claims.domain.facts import ClaimFacts, ExistingClaim
from services.claims.domain.kela_claim import as_claim, refuse_known, refuse_stated
from services.claims.domain.registration import Incomplete
from services.claims.events import Scribe
from services.claims.feed import Arrived, Feed
from services.claims.store import facts as stored_facts
from services.claims.store import register, steps
from services.claims.store.claims import written_advances
from services.claims.store.register import KelaRow
from services.claims.told import Stale, Told, refused
from shared.bus.requests import Request
from shared.bus.transaction import Tx
from shared.clock.civil import helsinki_date
from shared.contracts.access import Outcome
from shared.contracts.answers import KelaClaimRegistered
from shared.contracts.asking import RegisterKelaClaim
from shared.contracts.base import Pseudonym, Refusal
from shared.contracts.claims import Ground
from shared.gate.facts import Function
from shared.gate.mandates import KELA
from shared.gate.order import ASKING, decide
from shared.gate.rules import actor_verified
from shared.ids import event_id


class KelaClaims:
    """The desk of Kela's own claims.

    Args:
        asking: The facts of the gate.
        scribe: Makes events.
        keeper: Seals the client's identity code for the row.
        feed: The intake of Kela's claims.
    """

    def __init__(self, *, asking: Asking, scribe: Scribe, keeper: Bookkeeper, feed: Feed) -> None:
        self._asking = asking
        self._scribe = scribe
        self._keeper = keeper
        self._feed = feed

    def prepare(self, request: Request, taken: datetime, now: datetime) -> Ask:
        """The facts of a registration; raises `Stale` while one that decides about access is too old."""
        stale = self._asking.stale(now)
        if stale is not None:
            raise Stale(stale)
        return self._asking.about(request, _sent(request).identity_code, Function.HANDLE_CLAIMS, session=taken, now=now)

    async def clients(self, _: Tx, ask: Ask) -> tuple[Pseudonym, ...]:
        """The client on whom the claim is."""
        return () if ask.client is None else (ask.client,)

    async def serve(self, tx: Tx, ask: Ask) -> Told:
        """Register the claim, or say why not; repeated, answer as the first time."""
        actor, refusal = ask.actor, decide(ask.access, ASKING)
        if refusal is not None or actor is None:
            return self._refused(ask, refusal or actor_verified.REFUSAL)
        sent = _sent(ask.request)
        content = self._asking.content(ask, sent)
        known = await steps.begin(tx.conn, actor.organisation, sent.idempotency_key, content)
        if known is not None:
            return self._again(ask, known, content)
        told = await self._judged(tx, ask, sent)
        if isinstance(told, Refusal):
            await steps.forget(tx.conn, actor.organisation, sent.idempotency_key)
            return self._refused(ask, told)
        answer = told.answer.model_dump_json()
        await steps.finish(tx.conn, actor.organisation, sent.idempotency_key, None, answer)
        return told

    async def _judged(self, tx: Tx, ask: Ask, sent: RegisterKelaClaim) -> Told | Refusal:
        day = helsinki_date(ask.request.accepted)
        facts = ClaimFacts(as_claim(sent), day, ask.access, policy(), protected_shares(), ask.own)
        refusal = refuse_stated(facts)
        if refusal is not None:
            return refusal
        if ask.client is None:
            raise Incomplete("the rules let a claim pass without its client")
        connection, pair = await tx.raw(), (ask.client, sent.benefit)
        read = await stored_facts.register_facts(connection, [pair])
        own = await register.kela_claims(connection, [ask.client])
        refusal = refuse_known(replace(facts, existing=tuple(map(_existing, own)), register=read[pair]))
        return refusal or await self._register(tx, ask, sent, ask.client)

    async def _register(self, tx: Tx, ask: Ask, sent: RegisterKelaClaim, client: Pseudonym) -> Told:
        if sent.first is None or sent.last is None or sent.decided is None:
            raise Incomplete("the rules let a claim pass without its days")
        id_ = event_id("kela-claim", KELA, sent.idempotency_key)
        row = KelaRow(
            id=id_,
            version=1,
            client=client,
            benefit=sent.benefit,
            decided=sent.decided,
            arrived=ask.request.accepted,
            first=sent.first,
            last=sent.last,
            stops_from=None,
            advances=written_advances(advances(as_claim(sent))),
            personal=self._keeper.kela_row(id_, ask.revealed),
        )
        at = ask.request.accepted
        booked = await self._feed.take(tx, [Arrived(row, at)], helsinki_date(at))
        event = self._scribe.access(ask, Outcome.GRANTED, claim=id_)
        answer = KelaClaimRegistered(
            claim=id_, arrived=at, benefit=sent.benefit, first=sent.first, last=sent.last, access_event=event.id
        )
        return Told(answer, (event, *booked))

    def _again(self, ask: Ask, known: steps.Known, content: bytes) -> Told:
        if known.content != content or known.answer is None:
            return self._refused(ask, act_refusals.KEY_REUSED)
        answer = KelaClaimRegistered.model_validate_json(known.answer)
        event = self._scribe.access(ask, Outcome.GRANTED, claim=answer.claim)
        return Told(answer.model_copy(update={"access_event": event.id}), (event,))

    def _refused(self, ask: Ask, refusal: Refusal) -> Told:
        return refused(self._scribe.access(ask, Outcome.REFUSED, refusal), refusal)


def _existing(row: KelaRow) -> ExistingClaim:
    return ExistingClaim(str(row.id), KELA, "", row.benefit, Ground.TOTUL_23, row.first, row.last)


def _sent(request: Request) -> RegisterKelaClaim:
    if not isinstance(request.body, RegisterKelaClaim):
        raise TypeError("this desk registers Kela's own claims")
    return request.body
