"""What the agreements service knows, as it publishes it (`agreements.events`: one partition, kept for ever).

Every event carries the whole record as it stands after the change and its version: a reader that keeps the highest
version of each record has the truth, whatever is repeated. Replicas are rebuilt from this topic alone.
"""

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


class PopulationStated(Contract):
    """Inhabitants of a municipality at a year's end (Statistics Finland): the base of the 2017 fee."""

    ce_type: ClassVar[str] = "kelmu.agreements.population.v1"

    municipality: MunicipalityCode
    year_end: Annotated[int, Field(ge=2000, le=2100)]
    version: Version
    inhabitants: Annotated[int, Field(ge=0)]


class Heartbeat(Contract):
    """Published every 10 s, so that silence of this topic means trouble and not "nothing changed"."""

    ce_type: ClassVar[str] = "kelmu.agreements.heartbeat.v1"

    at: Instant
    """System clock: freshness is never judged by the business clock."""
