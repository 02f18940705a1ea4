"""The base of every message, and the small types that many messages share."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Instant = AwareDatetime
"""A point in time; naive datetimes are refused. Published in UTC."""

Pseudonym = Annotated[str, Field(pattern=r"^v[0-9]+\.[a-z2-7]{26}$")]
"""A keyed hash of an identity code (`shared.ids.pseudonym`): equal codes meet, nobody without the key can go back."""

MunicipalityCode = Annotated[str, Field(pattern=r"^[0-9]{3}$")]
"""Kuntanumero, three digits (Helsinki 091)."""

BusinessId = Annotated[str, Field(pattern=r"^[0-9]{7}-[0-9]$")]
"""Y-tunnus of an organisation."""

Sealed = Annotated[str, Field(pattern=r"^[a-z0-9-]+\.[0-9]+\.[A-Za-z0-9_-]+$", max_length=600_000)]
"""Personal data under AES-GCM (`shared.bus.sealing`): key set, key id, nonce and ciphertext."""

Language = Literal["fi", "sv", "en"]


class Contract(BaseModel):
    """A message body: immutable, unknown fields ignored so that an older reader survives a newer writer."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    ce_type: ClassVar[str] = ""


class Text(Contract):
    """A sentence for people, in the three languages of the service."""

    fi: str
    sv: str
    en: str

    def in_language(self, language: Language) -> str:
        """The sentence in one language."""
        return {"fi": self.fi, "sv": self.sv, "en": self.en}[language]


class Validity(Contract):
    """Days from `first` to `last`, both included; `last` None means until further notice."""

    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the day lies within."""
        return self.first <= day and (self.last is None or day <= self.last)


class Refusal(Contract):
    """Why something was not done, what decides it in law, and what the person can do next."""

    code: str
    rule: str
    law: str
    reason: Text
    advice: Text


class Channel(StrEnum):
    """By which way the service is used; an agreement names those of a municipality that it covers."""

    UI = "ui"
    INTERFACE = "interface"
    CITIZEN = "citizen"
    """A person about themselves, in nobody's name and under no agreement: no agreement opens it for anything else."""


class Purpose(StrEnum):
    """Käyttötarkoitus, chosen for each search; the two of L 812/2000 21 § and the purposes of the lists."""

    CHARGE = "CHARGE"
    VERIFY = "VERIFY"
    CLAIM = "CLAIM"
    TMT_LIST = "TMT_LIST"
    INVOICE_LIST = "INVOICE_LIST"
    ETOTU = "ETOTU"


class DataGroup(StrEnum):
    """Tietoryhmä: what kind of data an agreement lets a municipality see."""

    PENDING = "pending"
    DECISIONS = "decisions"
    PAYMENTS = "payments"
    CLAIMS = "claims"
    INSURANCE = "insurance"
    RECOVERY = "recovery"
    MEDICINE = "medicine"


class Role(StrEnum):
    """What a person may do for an organisation (`domain.md` C, three claim roles of `golden.md`)."""

    VIEWER = "viewer"
    FEE_CLERK = "fee_clerk"
    ASSISTANCE_HANDLER = "assistance_handler"
    MAINTENANCE_OFFICER = "maintenance_officer"
    LABOUR_MARKET_HANDLER = "labour_market_handler"
    NOTICE_HANDLER = "notice_handler"
    EMERGENCY_WORKER = "emergency_worker"
    PROTECTED_DATA_HANDLER = "protected_data_handler"
    """May see what a safety prohibition (turvakielto) hides."""
    BILLING_CLERK = "billing_clerk"
    MAIN_USER = "main_user"
    LOG_SUPERVISOR = "log_supervisor"
    AGREEMENT_OFFICER = "agreement_officer"
    """Kela's own staff, like the next two."""
    CLAIM_HANDLER = "claim_handler"
    AUDITOR = "auditor"
    """Kela's own auditor (tarkastaja): searches the log of all organisations."""


def subclasses(root: type[Contract]) -> Iterator[type[Contract]]:
    """Every contract below `root` that is a message of its own, that is: has a type."""
    for child in root.__subclasses__():
        if child.ce_type:
            yield child
        yield from subclasses(child)
