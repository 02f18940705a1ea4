"""What the service tells of itself on the bus, personal parts sealed and committed to."""

import secrets
from uuid import UUID

from services.claims.asking import Ask
from services.claims.domain.registration import Claim
from shared.bus.messages import Outgoing
from shared.bus.sealing import KeyRing, commit
from shared.bus.topics import ACCESS_EVENTS, CLAIMS_EVENTS
from shared.contracts.access import AccessDecided, AccessPersonal, Outcome
from shared.contracts.base import Channel, Contract, Refusal
from shared.contracts.claims import ClaimPersonal, ClaimRefused, ClaimRegistered
from shared.contracts.requests import Actor, RegisterClaim
from shared.ids import event_id

SERVICE = "claims"
ROW_KEYS = "claim-rows"
ROW_TYPE = "kelmu.claims.row.v1"


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
    """Makes the service's events and sealed rows."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    def row(self, claim: Claim, ask: Ask, actor: Actor, sent: RegisterClaim) -> str:
        """What stands sealed beside a stored claim."""
        personal = RowPersonal(
            client=_revealed(ask),
            worker=actor.identity_code,
            worker_name=actor.name,
            handler_name=sent.handler_name.strip(),
            handler_phone=sent.handler_phone.strip(),
            care_unit=sent.care_unit,
        )
        return self._ring.seal(ROW_KEYS, personal.model_dump_json().encode(), id=claim.id, type=ROW_TYPE)

    def registered(self, claim: Claim, ask: Ask, actor: Actor) -> Outgoing:
        """A claim was registered (`claims.events`)."""
        id_ = event_id("claim-registered", str(claim.id))
        plain = _bytes(
            ClaimPersonal(
                salt=_salt(),
                client=_revealed(ask),
                worker=actor.identity_code,
                worker_name=actor.name,
                benefit=claim.benefit,
                ground=claim.ground,
                first=claim.first,
                last=claim.last,
                amount=claim.amount,
                effective_payday=claim.timing.effective,
            )
        )
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

    def refused(self, ask: Ask, actor: Actor, refusal: Refusal) -> Outgoing:
        """A registration was refused (`claims.events`); whom it was about is sealed for audit alone."""
        id_ = event_id("claim-refused", str(ask.request.id))
        plain = self._access_personal(ask)
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

    def access(self, ask: Ask, outcome: Outcome, refusal: Refusal | None = None) -> Outgoing:
        """An attempt that came to nothing and belongs to no claim (`access.events`)."""
        id_ = event_id("access", str(ask.request.id))
        actor, plain = ask.actor, self._access_personal(ask)
        body = AccessDecided(
            request=ask.request.id,
            time=ask.request.accepted,
            outcome=outcome,
            rule=refusal and refusal.rule,
            law=refusal and refusal.law,
            channel=Channel.UI if actor is None else actor.channel,
            service=SERVICE,
            organisation=actor and actor.organisation,
            member=actor and actor.member,
            agreement=_agreement(ask),
            worker=ask.worker,
            commitment=commit(plain),
            personal=self._ring.seal("access", plain, id=id_, type=AccessDecided.ce_type),
        )
        key = body.agreement or str(ask.request.id)
        return Outgoing.of(ACCESS_EVENTS, key, id_, body, source=SERVICE, time=ask.request.accepted)

    def _access_personal(self, ask: Ask) -> bytes:
        return _bytes(
            AccessPersonal(
                salt=_salt(),
                client=None if ask.code is None else ask.code.reveal(),
                worker=ask.actor and ask.actor.identity_code,
                worker_name=ask.actor and ask.actor.name,
            )
        )


def _agreement(ask: Ask) -> str | None:
    agreement = ask.access.agreement
    return None if agreement is None else agreement.id


def _revealed(ask: Ask) -> str:
    if ask.code is None:
        raise ValueError("a registered claim has its client")
    return ask.code.reveal()


def _bytes(personal: Contract) -> bytes:
    return personal.model_dump_json().encode()


def _salt() -> str:
    return secrets.token_hex(16)
