"""What the agreements service knows, as it publishes it (`agreements.events`: one partition, kept for ever).

Every event carries the whole record as it stands after the change and its version: a reader that keeps the highest
version of each record has the truth, whatever is repeated. Replicas are rebuilt from this topic alone.
"""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.contracts.base import (
    BusinessId,
    Channel,
    Contract,
    DataGroup,
    Instant,
    MunicipalityCode,
    Pseudonym,
    Purpose,
    Role,
    Validity,
)

Version = Annotated[int, Field(ge=1)]


class OrganisationChanged(Contract):
    """A municipality (kunta) or joint municipal authority (kuntayhtymä) that may make agreements with Kela."""

    ce_type: ClassVar[str] = "kelmu.agreements.organisation.v1"

    business_id: BusinessId
    version: Version
    kind: Literal["municipality", "joint_authority"]
    municipality: MunicipalityCode | None = None
    """The municipality that this organisation is; None for a joint authority."""
    name_fi: str
    name_sv: str
    language: Literal["fi", "sv"] = "fi"
    e_invoice_address: str | None = None
    intermediary: str | None = None
    billing_reference: str | None = None
    street: str = ""
    postal_code: str = ""
    town: str = ""


class Member(Contract):
    """A municipality whose social welfare an agreement bears, and when."""

    municipality: MunicipalityCode
    validity: Validity


class Account(Contract):
    """A bank account of the party. Chosen in claims only when a second person has confirmed it (golden R8)."""

    id: str
    iban: str
    confirmed: bool


class Contact(Contract):
    """Yhteyshenkilö of an agreement, at work."""

    kind: Literal["administrative", "technical", "billing", "log_supervisor"]
    name: str
    email: str = ""
    phone: str = ""


class InterfaceClient(Contract):
    """A municipality's own system that may call the interface under this agreement, and what it may do."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{3,40}$")]
    token_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    certificate_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    roles: tuple[Role, ...]
    validity: Validity


class AgreementChanged(Contract):
    """Sopimus between Kela and a municipality or kuntayhtymä: the right to look, and its limits."""

    ce_type: ClassVar[str] = "kelmu.agreements.agreement.v1"

    id: str
    version: Version
    party: BusinessId
    validity: Validity
    status: Literal["open", "suspended", "terminated"]
    law: str
    """The section on which the right rests, always written in the agreement."""
    purposes: tuple[Purpose, ...]
    data_groups: tuple[DataGroup, ...]
    channels: tuple[Channel, ...]
    benefits: tuple[str, ...] | None = None
    """Benefit codes covered; None: every benefit."""
    window_months: Annotated[int, Field(ge=1, le=240)]
    """How far back decisions and payments are shown."""
    benefit_windows: dict[str, Annotated[int, Field(ge=1, le=240)]] = Field(default_factory=dict)
    """Months by benefit code where they differ from `window_months`."""
    suspensions: tuple[Validity, ...] = ()
    """Days on which use is suspended (keskeytetty), known beforehand or looked back on."""
    interface_clients: tuple[InterfaceClient, ...] = ()
    interface_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 60
    """Calls over the interface, all clients of the agreement together (assumed)."""
    contacts: tuple[Contact, ...] = ()
    language: Literal["fi", "sv"] = "fi"
    covers_claims: bool
    security_statement: bool
    """Tietosuojaselvitys accepted: L 812/2000 21 § demands it before the connection opens."""
    members: tuple[Member, ...]
    accounts: tuple[Account, ...] = ()


class MandateChanged(Contract):
    """Valtuus: what one person may do for one member municipality in the name of one organisation."""

    ce_type: ClassVar[str] = "kelmu.agreements.mandate.v1"

    id: str
    version: Version
    worker: Pseudonym
    organisation: BusinessId
    member: MunicipalityCode
    roles: tuple[Role, ...]
    validity: Validity


class DelegationChanged(Contract):
    """Valtuutus: a municipality lets a joint authority or host municipality act in its name (domain 5.4)."""

    ce_type: ClassVar[str] = "kelmu.agreements.delegation.v1"

    id: str
    version: Version
    principal: MunicipalityCode
    agent: BusinessId
    validity: Validity


class Bearer(Contract):
    """Who bears a municipality's social welfare on these days, and in which form."""

    organisation: BusinessId
    form: Literal["own", "joint_authority", "host_municipality"]
    validity: Validity


class ResponsibilityChanged(Contract):
    """The body responsible for the social welfare of a municipality (sosiaalihuollon järjestäjä), day by day.

    The municipality stays while the body changes, and with it users, claims and payer (golden, facts to add).
    """

    ce_type: ClassVar[str] = "kelmu.agreements.responsibility.v1"

    municipality: MunicipalityCode
    version: Version
    bearers: tuple[Bearer, ...]
    """In order of days, without a gap or overlap."""

    def on(self, day: date) -> Bearer | None:
        """The bearer on a day; None outside all of them."""
        return next((bearer for bearer in self.bearers if bearer.validity.covers(day)), None)


class UserChanged(Contract):
    """A worker's account with one organisation: active, or locked with the reason."""

    ce_type: ClassVar[str] = "kelmu.agreements.user.v1"

    id: str
    """`organisation/worker pseudonym`."""
    version: Version
    worker: Pseudonym
    organisation: BusinessId
    status: Literal["active", "locked"]
    why: Literal["opened", "idle", "left", "by_main_user"]
    since: date


class AgreementPath(Contract):
    """The way of an agreement: request, data protection statement, signature, opening (domain 5.1)."""

    ce_type: ClassVar[str] = "kelmu.agreements.path.v1"

    id: str
    version: Version
    party: BusinessId
    step: Literal["requested", "statement_given", "statement_accepted", "signed", "opened", "withdrawn"]
    municipalities: tuple[MunicipalityCode, ...]
    law: str
    signatory: str | None = None
    """Name of the person with the right to sign for the organisation."""
    agreement: str | None = None
    """Id of the agreement that it opened."""


class PopulationStated(Contract):
    """Inhabitants of a municipality at a year's end (Statistics Finland): the base of the 2017 fee."""

    ce_type: ClassVar[str] = "kelmu.agreements.population.v1"

    municipality: MunicipalityCode
    year_end: Annotated[int, Field(ge=2000, le=2100)]
    version: Version
    inhabitants: Annotated[int, Field(ge=0)]


AgreementsRecord = (
    OrganisationChanged
    | AgreementChanged
    | MandateChanged
    | PopulationStated
    | DelegationChanged
    | ResponsibilityChanged
    | UserChanged
    | AgreementPath
)
"""Everything that the agreements service keeps with its history, a version at a time."""


class Heartbeat(Contract):
    """Published every 10 s, so that silence of this topic means trouble and not "nothing changed"."""

    ce_type: ClassVar[str] = "kelmu.agreements.heartbeat.v1"

    at: Instant
    """System clock: freshness is never judged by the business clock."""
