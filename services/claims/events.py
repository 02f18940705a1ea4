"""What the service tells of itself on the bus, personal parts sealed and committed to.

After the database is restored to an earlier state, its requests are read and judged again. What is then told must be
byte for byte what was told before, or carry another id: the same id with other bytes is a contradiction to every
reader. So the salts follow from the event, under a key of this service alone, and the ids of refusals and accesses
follow from the request and from what was decided, which may be another thing the second time.
"""

import hmac
from datetime import datetime
from typing import Final
from uuid import UUID

from services.claims.asking import Ask
from services.claims.domain.basis import care_unit
from services.claims.domain.lifecycle import Act, Party
from services.claims.domain.registration import Claim
from services.claims.domain.stated import Returned
from shared.bus.messages import Outgoing
from shared.bus.sealing import KeyRing, commit
from shared.bus.topics import ACCESS_EVENTS, CLAIMS_EVENTS
from shared.contracts.access import AccessDecided, AccessPersonal, Action, Outcome
from shared.contracts.asking import RegisterClaim
from shared.contracts.base import Channel, Contract, Refusal
from shared.contracts.claims import (
    ClaimChanged,
    ClaimPersonal,
    ClaimRefused,
    ClaimRegistered,
    ReturnTold,
)
from shared.contracts.requests import Actor
from shared.ids import event_id, salt

SERVICE = "claims"
ROW_KEYS = "claim-rows"
ROW_TYPE = "kelmu.claims.row.v1"
_NO_SALT: Final = "0" * 32


class RowPersonal(Contract):
    """What a stored claim holds of persons, sealed for this service alone."""

    client: str
    worker: str | None
    worker_name: str
    handler_name: str
    handler_phone: str
    care_unit: str | None


def claim_id(organisation: str, idempotency_key: str) -> UUID:
    """The id of the claim that an organisation sends with a key: the same however often it is sent."""
    return event_id("claim", organisation, idempotency_key)


class Scribe:
    """Makes the service's events and sealed rows.

    Args:
        ring: the sealing keys.
        secret: a secret that only claims holds. The key of the salts is derived from it: a reader that could compute
            a salt could search the identity code under a commitment. It must stay the same when keys are rotated.
    """

    def __init__(self, ring: KeyRing, secret: bytes) -> None:
        self._ring = ring
        self._salts = hmac.digest(secret, b"kelmu claims salt v1", "sha256")

    def row(self, claim: Claim, ask: Ask, actor: Actor, sent: RegisterClaim) -> str:
        """What stands sealed beside a stored claim."""
        personal = RowPersonal(
            client=ask.revealed,
            worker=actor.identity_code,
            worker_name=actor.name,
            handler_name=sent.handler_name.strip(),
            handler_phone=sent.handler_phone.strip(),
            care_unit=care_unit(sent) or None,
        )
        return self._ring.seal(ROW_KEYS, personal.model_dump_json().encode(), id=claim.id, type=ROW_TYPE)

    def client(self, sealed: str, claim: UUID) -> str:
        """The client's identity code out of a stored claim's sealed part, to be sealed again for audit.

        Raises:
            Unsealable: the row was changed or belongs to another claim.
        """
        return self._opened(sealed, claim).client

    def handler(self, sealed: str, claim: UUID) -> str:
        """Name and phone of the municipality's handler, out of the same."""
        row = self._opened(sealed, claim)
        return f"{row.handler_name}, {row.handler_phone}"

    def holder(self, sealed: str, claim: UUID) -> str:
        """Name of the worker whose claim it is, out of the same."""
        return self._opened(sealed, claim).worker_name

    def handed_over(self, sealed: str, claim: UUID, taker: str, name: str, phone: str) -> str:
        """A stored claim's sealed part once it is another worker's."""
        row = self._opened(sealed, claim)
        named = {"worker": taker, "worker_name": name, "handler_name": name, "handler_phone": phone}
        plain = row.model_copy(update=named).model_dump_json().encode()
        return self._ring.seal(ROW_KEYS, plain, id=claim, type=ROW_TYPE)

    def _opened(self, sealed: str, claim: UUID) -> RowPersonal:
        return RowPersonal.model_validate_json(self._ring.open(sealed, id=claim, type=ROW_TYPE))

    def registered(self, claim: Claim, ask: Ask, actor: Actor) -> Outgoing:
        """A claim was registered (`claims.events`).

        Its id holds what is stated, as that of a change does: after a restore the same number may be another claim.
        """
        stated = _personal(claim, _NO_SALT, ask.revealed, actor)
        id_ = self._id("claim-registered", claim, f"{claim.state}:{claim.channel}:{claim.arrived.isoformat()}", stated)
        plain = _bytes(stated.model_copy(update={"salt": salt(self._salts, id_)}))
        body = ClaimRegistered(
            claim=claim.id,
            number=claim.number,
            version=claim.version,
            time=claim.arrived,
            state=claim.state,
            channel=claim.channel,
            organisation=claim.organisation,
            member=claim.member,
            agreement=claim.agreement,
            worker=claim.worker,
            client=claim.client,
            commitment=commit(plain),
            personal=self._ring.seal("claims", plain, id=id_, type=ClaimRegistered.ce_type),
        )
        return Outgoing.of(CLAIMS_EVENTS, claim.client, id_, body, source=SERVICE, time=claim.arrived)

    def changed(
        self,
        claim: Claim,
        act: Act,
        by: Party,
        at: datetime,
        *,
        client: str,
        ask: Ask | None = None,
        returned: Returned | None = None,
    ) -> Outgoing:
        """An act on a claim took effect (`claims.events`).

        Its id holds, under a key, all that is stated: after a restore the same version may come to say another thing.

        Args:
            claim: the claim as it stands now.
            act: what was done to it.
            by: by which party.
            at: when.
            client: the client's identity code.
            ask: who acted; None: the system.
            returned: what was given back by it.
        """
        actor, worker = (None, None) if ask is None else (ask.actor, ask.worker)
        stated = _personal(claim, _NO_SALT, client, actor, returned)
        id_ = self._id("claim-changed", claim, f"{act}:{by}:{claim.state}:{at.isoformat()}", stated)
        plain = _bytes(stated.model_copy(update={"salt": salt(self._salts, id_)}))
        body = ClaimChanged(
            claim=claim.id,
            number=claim.number,
            version=claim.version,
            time=at,
            act=act.value,
            by=by.value,
            state=claim.state,
            organisation=claim.organisation,
            member=claim.member,
            agreement=claim.agreement,
            worker=worker,
            holder=claim.worker,
            client=claim.client,
            commitment=commit(plain),
            personal=self._ring.seal("claims", plain, id=id_, type=ClaimChanged.ce_type),
        )
        return Outgoing.of(CLAIMS_EVENTS, claim.client, id_, body, source=SERVICE, time=at)

    def refused(self, ask: Ask, actor: Actor, refusal: Refusal) -> Outgoing:
        """A registration was refused (`claims.events`); whom it was about is sealed for audit alone."""
        known = (refusal.rule, refusal.code, refusal.law, _agreement(ask), ask.worker)
        id_ = _decided("claim-refused", ask, *known)
        plain = self._access_personal(id_, ask)
        body = ClaimRefused(
            request=ask.request.id,
            time=ask.request.accepted,
            code=refusal.code,
            rule=refusal.rule,
            law=refusal.law,
            channel=actor.channel,
            organisation=actor.organisation,
            member=actor.member,
            agreement=_agreement(ask),
            worker=ask.worker,
            commitment=commit(plain),
            personal=self._ring.seal("access", plain, id=id_, type=ClaimRefused.ce_type),
        )
        key = ask.client or str(ask.request.id)
        return Outgoing.of(CLAIMS_EVENTS, key, id_, body, source=SERVICE, time=ask.request.accepted)

    def access(
        self,
        ask: Ask,
        outcome: Outcome,
        refusal: Refusal | None = None,
        *,
        claim: UUID | None = None,
        client: str | None = None,
        action: Action = Action.LOOK_UP,
    ) -> Outgoing:
        """An attempt to learn what the service knows, whatever came of it (`access.events`).

        Args:
            ask: who asked.
            outcome: what came of it.
            refusal: why it was refused.
            claim: the claim that the answer tells of.
            client: the identity code of that claim's client, when the request itself names nobody.
            action: what was attempted.
        """
        rule, law = (None, None) if refusal is None else (refusal.rule, refusal.law)
        records = () if claim is None else (str(claim),)
        id_ = _decided("access", ask, outcome.value, rule, law, _agreement(ask), ask.worker, *records)
        actor, plain = ask.actor, self._access_personal(id_, ask, client, records)
        body = AccessDecided(
            request=ask.request.id,
            time=ask.request.accepted,
            outcome=outcome,
            rule=rule,
            law=law,
            channel=Channel.UI if actor is None else actor.channel,
            service=SERVICE,
            organisation=actor and actor.organisation,
            member=actor and actor.member,
            agreement=_agreement(ask),
            worker=ask.worker,
            action=action,
            system=actor and actor.system,
            commitment=commit(plain),
            personal=self._ring.seal("access", plain, id=id_, type=AccessDecided.ce_type),
        )
        key = body.agreement or str(ask.request.id)
        return Outgoing.of(ACCESS_EVENTS, key, id_, body, source=SERVICE, time=ask.request.accepted)

    def _id(self, kind: str, claim: Claim, clear: str, stated: ClaimPersonal) -> UUID:
        """The id of what is stated of a version of a claim; what is personal in it is held under a key."""
        bearer = f"{claim.number}:{claim.organisation}:{claim.member}:{claim.agreement}:{claim.worker}"
        content = f"{clear}:{bearer}:{stated.model_dump_json()}"
        mark = hmac.digest(self._salts, content.encode(), "sha256").hex()
        return event_id(kind, str(claim.id), str(claim.version), mark)

    def _access_personal(self, id_: UUID, ask: Ask, client: str | None = None, records: tuple[str, ...] = ()) -> bytes:
        return _bytes(
            AccessPersonal(
                salt=salt(self._salts, id_),
                client=client if ask.code is None else ask.code.reveal(),
                worker=ask.actor and ask.actor.identity_code,
                worker_name=ask.actor and ask.actor.name,
                records=records,
            )
        )


def _personal(
    claim: Claim, salt_: str, client: str, actor: Actor | None, returned: Returned | None = None
) -> ClaimPersonal:
    told = None
    if returned is not None:
        told = ReturnTold(amount=returned.amount, day=returned.day, reference=returned.reference)
    return ClaimPersonal(
        salt=salt_,
        client=client,
        worker=None if actor is None else actor.identity_code,
        worker_name="" if actor is None else actor.name,
        benefit=claim.benefit,
        ground=claim.ground,
        first=claim.first,
        last=claim.last,
        amount=claim.amount,
        effective_payday=claim.timing.effective,
        returned=told,
    )


def _decided(kind: str, ask: Ask, *decision: str | None) -> UUID:
    """The id of a decision on a request: it holds all that judging the request again may change."""
    return event_id(kind, str(ask.request.id), *(part or "" for part in decision))


def _agreement(ask: Ask) -> str | None:
    agreement = ask.access.agreement
    return None if agreement is None else agreement.id


def _bytes(personal: Contract) -> bytes:
    return personal.model_dump_json().encode()
