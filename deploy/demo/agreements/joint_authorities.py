"""Joint municipal authorities (kuntayhtymät) that bear the social welfare of their members.

Names and members are general knowledge, not taken from the sources of this project, unless a row says otherwise;
what each bore besides (special care, health) is left out. An agreement with Kela is assumed from each one's first
day, and from the first day of the seed for those that were there before.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

BEGINNING: Final = date(2015, 1, 1)
"""First day of the seed."""


@dataclass(frozen=True, slots=True)
class JointAuthority:
    """One joint authority.

    Attributes:
        key: How the seed names it; its agreement is ``S-<key>``.
        number: Makes its artificial business id.
        name_fi: Name in Finnish.
        name_sv: Name in Swedish, the Finnish one when it has none.
        first: From when it bears its members in the seed.
        town: Seat.
        members: Codes of the municipalities.
    """

    key: str
    number: int
    name_fi: str
    name_sv: str
    first: date
    town: str
    members: tuple[str, ...]


JOINT_AUTHORITIES: Final = (
    JointAuthority(
        key="eksote",
        number=1,
        name_fi="Etelä-Karjalan sosiaali- ja terveyspiirin kuntayhtymä",
        name_sv="Etelä-Karjalan sosiaali- ja terveyspiirin kuntayhtymä",
        first=BEGINNING,  # began 2010
        town="Lappeenranta",
        members=("153", "405", "416", "441", "580", "689", "700", "739", "831"),
    ),
    JointAuthority(
        key="kainuu",
        number=2,
        name_fi="Kainuun sosiaali- ja terveydenhuollon kuntayhtymä",
        name_sv="Kainuun sosiaali- ja terveydenhuollon kuntayhtymä",
        first=BEGINNING,  # began 2013; Puolanka stayed on its own
        town="Kajaani",
        members=("105", "205", "290", "578", "697", "765", "777"),
    ),
    JointAuthority(
        key="siunsote",
        number=3,
        name_fi="Pohjois-Karjalan sosiaali- ja terveyspalvelujen kuntayhtymä",
        name_sv="Pohjois-Karjalan sosiaali- ja terveyspalvelujen kuntayhtymä",
        first=date(2017, 1, 1),  # sourced: golden.md, facts to add
        town="Joensuu",
        members=(
            *("090", "146", "167", "176", "260", "276", "309"),
            *("422", "426", "541", "607", "707", "848", "911"),
        ),
    ),
    JointAuthority(
        key="essote",
        number=4,
        name_fi="Etelä-Savon sosiaali- ja terveyspalvelujen kuntayhtymä",
        name_sv="Etelä-Savon sosiaali- ja terveyspalvelujen kuntayhtymä",
        first=date(2017, 1, 1),  # general knowledge: golden.md, facts to add
        town="Mikkeli",
        members=("097", "178", "213", "491", "507", "588", "623"),
    ),
    JointAuthority(
        key="soite",
        number=5,
        name_fi="Keski-Pohjanmaan sosiaali- ja terveyspalvelukuntayhtymä",
        name_sv="Mellersta Österbottens social- och hälsovårdssamkommun",
        first=date(2017, 1, 1),  # general knowledge: golden.md, facts to add
        town="Kokkola",
        members=("074", "217", "236", "272", "288", "421", "584", "849", "924"),
    ),
    JointAuthority(
        key="phhyky",
        number=6,
        name_fi="Päijät-Hämeen hyvinvointikuntayhtymä",
        name_sv="Päijät-Hämeen hyvinvointikuntayhtymä",
        first=date(2017, 1, 1),  # general knowledge: golden.md; that Heinola, Hartola, Sysmä stay out is assumed
        town="Lahti",
        members=("016", "098", "142", "316", "398", "504", "560", "576", "616"),
    ),
)

BY_KEY: Final = {authority.key: authority for authority in JOINT_AUTHORITIES}
