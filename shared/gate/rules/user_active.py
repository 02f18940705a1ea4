"""The worker's account with the organisation is not locked: 45 idle days, an end of work or the main user lock it."""

from typing import Final

from shared.contracts.base import Channel, Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import about_oneself
from shared.gate.refusals import refusal, unknown

NAME: Final = "user_active"
LAW: Final = "L 523/1999 32 §"
_ADVICE: Final = Text(
    fi="Pyydä organisaatiosi pääkäyttäjää avaamaan tunnus. Jos olet itse ainoa pääkäyttäjä, ota yhteyttä Kelaan.",
    sv="Be din organisations huvudanvändare öppna kontot. Om du själv är den enda, kontakta FPA.",
    en="Ask your organisation's main user to unlock the account. If you are the only one yourself, contact Kela.",
)
IDLE: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Tunnuksesi on lukittu, koska et ole käyttänyt palvelua 45 päivään.",
        sv="Ditt konto är låst eftersom du inte har använt tjänsten på 45 dagar.",
        en="Your account is locked because you have not used the service for 45 days.",
    ),
    _ADVICE,
    variant="idle",
)
LOCKED: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Tunnuksesi tässä organisaatiossa on lukittu.",
        sv="Ditt konto i denna organisation är låst.",
        en="Your account with this organisation is locked.",
    ),
    _ADVICE,
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse a locked account, and one of another organisation. One that was never opened is not locked.

    Over the interface the municipality's system keeps its own users; there is no account here. A person who asks about
    themselves needs none.
    """
    if about_oneself(facts):
        return None
    if facts.organisation is None:
        return UNKNOWN
    user = facts.user
    if user is None or facts.channel is Channel.INTERFACE:
        return None
    if user.organisation != facts.organisation.business_id:
        return UNKNOWN
    if user.status == "active":
        return None
    return IDLE if user.why == "idle" else LOCKED
