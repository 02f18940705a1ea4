"""Records as tests make them: in order unless a test changes a field."""

from datetime import date

from services.agreements.domain.authors import PAPER, Author
from services.agreements.domain.changes import judge
from services.agreements.domain.records import Record
from services.agreements.domain.refusals import ChangeRefused
from services.agreements.domain.state import State
from shared.contracts.agreements import (
    Account,
    AgreementChanged,
    AgreementPath,
    Bearer,
    DelegationChanged,
    InterfaceClient,
    MandateChanged,
    Member,
    OrganisationChanged,
    PopulationStated,
    ResponsibilityChanged,
    UserChanged,
)
from shared.contracts.base import Channel, DataGroup, Purpose, Role, Validity

KUOPIO = "9000297-3"
JOINT = "1234567-1"
ALWAYS = Validity(first=date(2015, 1, 1))
UNTIL_2016 = Validity(first=date(2015, 1, 1), last=date(2016, 12, 31))
FROM_2017 = Validity(first=date(2017, 1, 1))
WORKER = "v1." + "a" * 26
TODAY = date(2017, 6, 1)
"""On which tests change records."""


def organisation(**changes: object) -> OrganisationChanged:
    body: dict[str, object] = {
        "business_id": KUOPIO,
        "version": 1,
        "kind": "municipality",
        "municipality": "297",
        "name_fi": "Kuopio",
        "name_sv": "Kuopio",
        "e_invoice_address": "003790002973",
    }
    return OrganisationChanged.model_validate(body | changes)


def joint(**changes: object) -> OrganisationChanged:
    body: dict[str, object] = {"kind": "joint_authority", "municipality": None, "e_invoice_address": None}
    return organisation(**({"business_id": JOINT} | body | changes))


def agreement(**changes: object) -> AgreementChanged:
    body: dict[str, object] = {
        "id": "S-297",
        "version": 1,
        "party": KUOPIO,
        "validity": ALWAYS,
        "status": "open",
        "law": "L 812/2000 21 §",
        "purposes": (Purpose.CHARGE,),
        "data_groups": (DataGroup.PENDING,),
        "channels": (Channel.UI,),
        "window_months": 24,
        "covers_claims": True,
        "security_statement": True,
        "members": (member("297"),),
        "accounts": (Account(id="T", iban="FI2112345600000785", confirmed=True),),
    }
    return AgreementChanged.model_validate(body | changes)


def member(code: str, days: Validity = ALWAYS) -> Member:
    return Member(municipality=code, validity=days)


def mandate(**changes: object) -> MandateChanged:
    body: dict[str, object] = {
        "id": "V-1",
        "version": 1,
        "worker": WORKER,
        "organisation": KUOPIO,
        "member": "297",
        "roles": (Role.VIEWER,),
        "validity": ALWAYS,
    }
    return MandateChanged.model_validate(body | changes)


def population(**changes: object) -> PopulationStated:
    body: dict[str, object] = {"municipality": "297", "year_end": 2015, "version": 1, "inhabitants": 112153}
    return PopulationStated.model_validate(body | changes)


def delegation(**changes: object) -> DelegationChanged:
    body: dict[str, object] = {"id": "D-1", "version": 1, "principal": "297", "agent": JOINT, "validity": ALWAYS}
    return DelegationChanged.model_validate(body | changes)


def days(first: str, last: str | None = None) -> Validity:
    return Validity(first=date.fromisoformat(first), last=None if last is None else date.fromisoformat(last))


def bearer(organisation: str, form: str, validity: Validity) -> Bearer:
    return Bearer.model_validate({"organisation": organisation, "form": form, "validity": validity})


def responsibility(*bearers: Bearer, municipality: str = "297", version: int = 1) -> ResponsibilityChanged:
    return ResponsibilityChanged(municipality=municipality, version=version, bearers=bearers)


def user(**changes: object) -> UserChanged:
    body: dict[str, object] = {
        "id": f"{KUOPIO}/{WORKER}",
        "version": 1,
        "worker": WORKER,
        "organisation": KUOPIO,
        "status": "active",
        "why": "opened",
        "since": date(2016, 10, 1),
    }
    return UserChanged.model_validate(body | changes)


def path(step: str = "requested", version: int = 1, **changes: object) -> AgreementPath:
    body: dict[str, object] = {
        "id": "P-297",
        "version": version,
        "party": KUOPIO,
        "step": step,
        "municipalities": ("297",),
        "law": "L 812/2000 21 §",
        "signatory": "Virtanen Olli" if step in {"signed", "opened"} else None,
        "agreement": "S-297" if step == "opened" else None,
    }
    return AgreementPath.model_validate(body | changes)


def system(**changes: object) -> InterfaceClient:
    body: dict[str, object] = {
        "id": "kuopio-system",
        "token_sha256": "a" * 64,
        "roles": (Role.FEE_CLERK,),
        "validity": ALWAYS,
    }
    return InterfaceClient.model_validate(body | changes)


def code_of(record: Record, *known: Record, author: Author = PAPER) -> str | bool:
    """The refusal's code, or whether the record is new."""
    outcome = judge(State(known), record, author, today=TODAY)
    return outcome.code if isinstance(outcome, ChangeRefused) else outcome
