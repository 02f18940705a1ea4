"""The event that somebody was reminded of a claim: nothing personal is in it."""

import hashlib
from datetime import datetime

from services.claims.domain.registration import Claim
from services.claims.domain.reminders import Reminder
from services.claims.events import SERVICE
from shared.bus.messages import Outgoing
from shared.bus.topics import CLAIMS_EVENTS
from shared.contracts.claims import ClaimReminded
from shared.ids import event_id


def reminded(claim: Claim, reminder: Reminder, at: datetime) -> Outgoing:
    """Somebody was reminded of a claim (`claims.events`).

    Its id holds what is stated: given again after a restore, it is the same event or has another id.
    """
    body = ClaimReminded(
        claim=claim.id,
        number=claim.number,
        version=claim.version,
        time=at,
        of=reminder.kind,
        due=reminder.due,
        state=claim.state,
        organisation=claim.organisation,
        member=claim.member,
        agreement=claim.agreement,
        client=claim.client,
    )
    mark = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
    id_ = event_id("claim-reminded", str(claim.id), reminder.kind, str(reminder.due), mark)
    return Outgoing.of(CLAIMS_EVENTS, claim.client, id_, body, source=SERVICE, time=at)
