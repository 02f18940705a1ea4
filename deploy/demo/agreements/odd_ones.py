"""Agreements that differ from the usual one, so that every refusal of the gate can be shown.

They sit on small municipalities, so that the demonstration's sums stay those of ordinary agreements. Every limit
here is invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from shared.contracts.base import Channel, DataGroup, Purpose


def _limits(**differing: object) -> Mapping[str, object]:
    return MappingProxyType(differing)


@dataclass(frozen=True, slots=True)
class OddOne:
    """One agreement that differs.

    Attributes:
        key: What it shows.
        municipality: Whose agreement.
        rule: The gate rule that refuses, or None when the look-up is granted with less to see.
        note: In words.
        limits: Fields of the agreement that differ.
        was_usual: Whether version 1 was as usual and version 2 made it so.
    """

    key: str
    municipality: str
    rule: str | None
    note: str
    limits: Mapping[str, object] = field(default_factory=_limits)
    was_usual: bool = False


ODD_ONES: Final = (
    OddOne(
        key="suspended",
        municipality="583",
        rule="agreement_not_suspended",
        note="Pelkosenniemi: suspended for now",
        limits=_limits(status="suspended"),
        was_usual=True,
    ),
    OddOne(
        key="terminated",
        municipality="046",
        rule="agreement_not_terminated",
        note="Enonkoski: terminated, closed at once, ends 31.3.2017; Savonlinna is its host afterwards",
        limits=_limits(status="terminated"),
        was_usual=True,
    ),
    OddOne(
        key="expired",
        municipality="072",
        rule="agreement_valid",
        note="Hailuoto: ended 30.9.2016; Oulu is its host afterwards",
    ),
    OddOne(
        key="left",
        municipality="768",
        rule="mandate_of_municipality",
        note="Sulkava: was hosted by Savonlinna until 30.9.2016; a worker there still holds the mandate",
    ),
    OddOne(
        key="no_charge",
        municipality="742",
        rule="purpose_covered",
        note="Savukoski: does not cover the purpose CHARGE",
        limits=_limits(purposes=(Purpose.VERIFY, Purpose.CLAIM)),
    ),
    OddOne(
        key="no_statement",
        municipality="231",
        rule="security_statement",
        note="Kaskinen: data-protection statement not accepted yet",
        limits=_limits(security_statement=False),
    ),
    OddOne(
        key="no_claims",
        municipality="265",
        rule="claims_covered",
        note="Kivijärvi: looks, but registers no claims",
        limits=_limits(covers_claims=False),
    ),
    OddOne(
        key="ui_only",
        municipality="435",
        rule="channel_covered",
        note="Luhanka: on the page only, not over the interface",
        limits=_limits(channels=(Channel.UI,)),
    ),
    OddOne(
        key="interface_only",
        municipality="495",
        rule="channel_covered",
        note="Multia: over the interface only, not on the page",
        limits=_limits(channels=(Channel.INTERFACE,)),
    ),
    OddOne(
        key="claims_group_only",
        municipality="151",
        rule="data_group_covered",
        note="Isojoki: shows claims only, which a viewer may not see",
        limits=_limits(data_groups=(DataGroup.CLAIMS,)),
    ),
    OddOne(
        key="no_payments",
        municipality="218",
        rule=None,
        note="Karijoki: payments are left out",
        limits=_limits(data_groups=(DataGroup.PENDING, DataGroup.DECISIONS, DataGroup.CLAIMS)),
    ),
    OddOne(
        key="narrow_benefits",
        municipality="312",
        rule=None,
        note="Kyyjärvi: two benefits only",
        limits=_limits(benefits=("tyomarkkinatuki", "yleinen_asumistuki")),
    ),
    OddOne(
        key="short_window",
        municipality="256",
        rule=None,
        note="Kinnula: three months back",
        limits=_limits(window_months=3),
    ),
    OddOne(
        key="unconfirmed_account",
        municipality="483",
        rule=None,
        note="Merijärvi: its account waits for the second person; claims cannot choose it",
    ),
    OddOne(
        key="responsible_elsewhere",
        municipality="216",
        rule="responsible_body",
        note="Kannonkoski: has an agreement, but Saarijärvi is responsible for its social welfare since 1.12.2016",
    ),
)

RESPONSIBLE_ELSEWHERE: Final[Mapping[str, tuple[str, date]]] = MappingProxyType({"216": ("729", date(2016, 12, 1))})
"""Municipality: host that took its social welfare over although the agreement stayed, and from when. Invented."""

BY_MUNICIPALITY: Final = {odd.municipality: odd for odd in ODD_ONES}
