"""The words of the files, and Kela's own details: data beside the code, read once."""

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from services.billing.domain.invoice import Line, MemberShare, Payer
from services.billing.outputs.markup import clean
from shared.finnish.business_id import parse_ovt
from shared.finnish.iban import bic_of

Language = Literal["fi", "sv"]


class Said(BaseModel):
    """One detail, where it comes from, and whether it is assumed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: str
    source: str
    assumed: bool


class Details(BaseModel):
    """How Kela is reached and paid."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ovt: Said
    intermediary: Said
    street: Said
    postal_code: Said
    town_fi: Said
    town_sv: Said
    iban: Said
    bic: Said

    @field_validator("ovt")
    @classmethod
    def _is_ovt(cls, said: Said) -> Said:
        parse_ovt(said.value)
        return said

    @model_validator(mode="after")
    def _bank_holds_account(self) -> Self:
        if bic_of(self.iban.value) != self.bic.value:
            raise ValueError(f"{self.bic.value} is not the bank of account {self.iban.value}")
        return self

    def town(self, language: Language) -> str:
        """The town's name in a language."""
        return self.town_sv.value if language == "sv" else self.town_fi.value


@lru_cache
def seller_details() -> Details:
    """Kela's details from `seller.yaml`.

    Raises:
        pydantic.ValidationError: The file names an impossible address or account.
    """
    return Details.model_validate(_read("seller.yaml"))


@lru_cache
def words(language: Language) -> Mapping[str, str]:
    """Every word of `words.yaml` in one language."""
    return MappingProxyType({key: texts[language] for key, texts in _read("words.yaml").items()})


def unit(line: Line, language: Language) -> str:
    """The unit of a line for people; a unit that a new book brings stands as the book writes it."""
    return words(language).get(f"unit_{line.unit}", line.unit)


def route(payer: Payer) -> tuple[str, str]:
    """The payer's e-invoice address and intermediary, each empty when the agreement does not tell it."""
    return clean(payer.e_invoice_address or ""), clean(payer.intermediary or "")


def delivery(payer: Payer) -> str:
    """How the document travels, and what is missing when it cannot as an e-invoice."""
    said = words(payer.language)
    address, intermediary = route(payer)
    if not address:
        return said["paper"]
    return said["e_invoice"] if intermediary else said["no_intermediary"]


def why(line: Line, language: Language) -> str:
    """Why a line stands on this document when it is not the period's own rating; empty for one that is."""
    return "" if line.why == "rated" else words(language)[line.why]


def counts(share: MemberShare) -> str:
    """A member's counts in one cell, by product."""
    return ", ".join(f"{product} {count}" for product, count in sorted(share.counts.items()))


def _read(name: str) -> dict[str, dict[str, str]]:
    text = resources.files("services.billing.outputs").joinpath(name).read_text(encoding="utf-8")
    read: dict[str, dict[str, str]] = yaml.safe_load(text)
    return read
