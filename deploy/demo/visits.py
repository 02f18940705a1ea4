"""The live part of the story as a table: who asks what, and what must come of it.

A row is a visit; adding a refusal to the demonstration is adding a row.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

When = Literal["before", "after"]
"""Before or after midnight of 31.12.2016."""


@dataclass(frozen=True, slots=True)
class LookUp:
    """One look-up, and the rule that must refuse it (None: it is granted)."""

    worker: str
    refused_by: str | None = None
    when: When = "before"
    purpose: str | None = "VERIFY"
    informed: bool = True
    client: str | None = None
    """An identity code to type instead of a person of the register's."""
    part: str | None = None
    """A part of the cast (`register.casting.Cast`) to look up instead, or `self`: the worker."""
    related: bool = False
    """The worker states a client relation with a case reference."""
    emergency: str | None = None
    """Reason of an emergency override (sosiaalipäivystys)."""
    member: str | None = None
    """The municipality to choose first; None takes the worker's first."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One registration, and the rule that must refuse it (None: it is registered)."""

    worker: str
    refused_by: str | None = None
    when: When = "before"
    changes: dict[str, object] = field(default_factory=dict)


LOOK_UPS: Final = (
    LookUp("tampere"),
    LookUp("kuopio"),
    LookUp("juankoski"),
    LookUp("kainuu", member="205"),
    LookUp("aland"),
    LookUp("short_window"),
    LookUp("sub_id", "bound_to_person"),
    LookUp("kajaani", "agreement_exists"),
    LookUp("expired", "agreement_valid"),
    LookUp("terminated", "agreement_not_terminated"),
    LookUp("suspended", "agreement_not_suspended"),
    LookUp("no_statement", "security_statement"),
    LookUp("interface_only", "channel_covered"),
    LookUp("savonlinna", "responsible_body", member="768"),
    LookUp("mandate_ended", "mandate_of_worker"),
    LookUp("billing_clerk", "role_covers_function"),
    LookUp("tampere", "purpose_chosen", purpose=None),
    LookUp("no_charge", "purpose_covered", purpose="CHARGE"),
    LookUp("viewer", "purpose_of_role", purpose="CLAIM"),
    LookUp("claims_group_only", "data_group_covered"),
    LookUp("tampere", "client_informed", informed=False),
    LookUp("tampere", "identity_code_valid", client="010180-9016"),
    LookUp("locked", "user_active"),
    LookUp("responsible_elsewhere", "responsible_body"),
    LookUp("tampere", "purpose_fits_function", purpose="ETOTU"),
    LookUp("tampere", "not_own_code", part="self"),
    LookUp("tampere", "not_of_relative", part="sister"),
    LookUp("tampere", "not_of_relative", part="aunt"),
    LookUp("tampere", "client_relation", part="elsewhere"),
    LookUp("tampere", "client_relation", part="unknown"),
    LookUp("tampere", "deceased", part="deceased"),
    LookUp("tampere", "minors_right", part="minor", purpose="CHARGE"),
    LookUp("emergency", "emergency_override", part="elsewhere", emergency="?"),
    LookUp("emergency", part="elsewhere", emergency="A child was found alone at night; the mother cannot be reached."),
    LookUp("tampere", part="elsewhere", related=True),
    LookUp("tampere", "client_relation", part="hidden"),
    LookUp("tampere", part="hidden", related=True),
    LookUp("protected", part="hidden"),
    LookUp("tampere", when="after"),
    LookUp("juankoski", when="after", member="297"),
    LookUp("juankoski_without", "municipality_exists", when="after"),
    LookUp("siunsote", when="after", member="167"),
)

ADVANCE: Final[dict[str, object]] = {
    "benefit": "kansanelake",
    "ground": "totul_23",
    "first": date(2017, 1, 1).isoformat(),
    "last": date(2017, 3, 31).isoformat(),
    "amount": "250,00",
    "handler_name": "Mäkinen Anna",
    "handler_phone": "03 5656 0000",
    "reference": "20170000114",
    "assistance": "supplementary",
    "decided": date(2016, 12, 15).isoformat(),
    "advances": [{"month": f"2017-{month:02}", "amount": "250,00"} for month in (1, 2, 3)],
}
"""ToTuL 23 §: supplementary assistance was given against an awaited pension."""
CARE: Final[dict[str, object]] = {
    "benefit": "takuuelake",
    "ground": "aml_14",
    "first": date(2017, 1, 1).isoformat(),
    "amount": "all",
    "handler_name": "Mäkinen Anna",
    "handler_phone": "03 5656 0000",
    "reference": "12344",
    "care": {
        "first": date(2016, 10, 1).isoformat(),
        "fee": "637,50",
        "income": "750,00",
        "others": "130,00",
        "unit": "Koukkuniemi, päätös 12/2016",
    },
}
"""AML 14 §: long-term institutional care, open-ended."""

CLAIMS: Final = (
    Claim("tampere", changes=ADVANCE),
    Claim("tampere", changes=CARE),
    Claim("tampere", "V1", changes={**ADVANCE, "ground": "kel_67"}),
    Claim("tampere", "V2", changes={**CARE, "benefit": "yleinen_asumistuki"}),
    Claim("tampere", "V3", changes={**ADVANCE, "reference": "20170000115"}),
    Claim("tampere", "V7", changes={**ADVANCE, "last": None}),
    Claim("no_claims", "claims_covered", changes=ADVANCE),
    Claim("kuopio", when="after", changes=ADVANCE),
)
