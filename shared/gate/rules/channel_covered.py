"""The agreement covers this way of use: the user interface, or a system's interface."""

from typing import Final

from shared.contracts.base import Channel, Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import about_oneself, without_member
from shared.gate.refusals import refusal, unknown

NAME: Final = "channel_covered"
LAW: Final = "L 812/2000 21 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Organisaatiosi sopimus ei kata tätä käyttötapaa.",
        sv="Din organisations avtal omfattar inte detta sätt att använda tjänsten.",
        en="Your organisation's agreement does not cover this way of use.",
    ),
    Text(
        fi="Käytä sopimuksen mukaista tapaa, tai pyydä sopimuksen yhteyshenkilöä laajentamaan sopimusta.",
        sv="Använd det sätt som avtalet anger, eller be avtalets kontaktperson utvidga avtalet.",
        en="Use the way that the agreement names, or ask its contact person to extend it.",
    ),
)
BY_PEOPLE: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Sopimusten ja valtuuksien tietoja ei voi katsoa tai muuttaa rajapinnan kautta.",
        sv="Uppgifter om avtal och fullmakter kan inte ses eller ändras via gränssnittet.",
        en="Agreements and mandates can be neither seen nor changed over the interface.",
    ),
    Text(
        fi="Kirjaudu palveluun selaimella ja tee muutos siellä.",
        sv="Logga in i tjänsten med webbläsare och gör ändringen där.",
        en="Sign in to the service with a browser and make the change there.",
    ),
    variant="by_people",
)
ABOUT_ONESELF: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Tätä kautta voi katsoa vain omia tietojaan omissa nimissään.",
        sv="Den här vägen kan man se endast sina egna uppgifter i eget namn.",
        en="This way is for looking at one's own data in one's own name, and for nothing else.",
    ),
    Text(
        fi="Omien tietojesi lokin näet, kun kirjaudut omissa nimissäsi; työtehtävät tehdään organisaation puolesta.",
        sv="Loggen över dina egna uppgifter ser du i eget namn; arbetsuppgifter sköts för organisationens räkning.",
        en="Read the log of your own data in your own name; work is done on behalf of an organisation.",
    ),
    variant="about_oneself",
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse a channel that the agreement does not name; records are kept by people, never by a system.

    The way for persons about themselves goes with their functions alone, whatever an agreement names.
    """
    if facts.channel is None:
        return UNKNOWN
    if about_oneself(facts) or facts.channel is Channel.CITIZEN:
        return None if about_oneself(facts) and facts.channel is Channel.CITIZEN else ABOUT_ONESELF
    if without_member(facts):
        return None if facts.channel is Channel.UI else BY_PEOPLE
    if facts.agreement is None:
        return UNKNOWN
    return None if facts.channel in facts.agreement.channels else REFUSAL
