"""What people are told of a refused record, in three languages, from words.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Final

import yaml
from pydantic import TypeAdapter

from services.agreements.domain.spans import describe, printed
from shared.contracts.base import Contract, Language, Text, Validity

Value = str | int | date | Validity | Text
"""What is filled into a sentence: days and texts as the reader's language writes them."""

FORMS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "own": Text(fi="oma", sv="egen", en="own"),
        "joint_authority": Text(fi="kuntayhtymä", sv="samkommun", en="joint_authority"),
        "host_municipality": Text(fi="vastuukunta", sv="värdkommun", en="host_municipality"),
    }
)
"""In which form a body is responsible."""
STEPS: Final[Mapping[str | None, Text]] = MappingProxyType(
    {
        None: Text(fi="alku", sv="början", en="nothing"),
        "requested": Text(fi="pyyntö", sv="begäran", en="requested"),
        "statement_given": Text(fi="selvitys annettu", sv="utredning given", en="statement_given"),
        "statement_accepted": Text(fi="selvitys hyväksytty", sv="utredning godkänd", en="statement_accepted"),
        "signed": Text(fi="allekirjoitettu", sv="undertecknat", en="signed"),
        "opened": Text(fi="avattu", sv="öppnat", en="opened"),
        "withdrawn": Text(fi="peruttu", sv="återtaget", en="withdrawn"),
    }
)
"""Steps of an agreement's path."""
PARTS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "law": Text(fi="pykälä", sv="paragraf", en="section of law"),
        "purposes": Text(fi="käyttötarkoitus", sv="ändamål", en="purpose"),
        "data_groups": Text(fi="tietoryhmä", sv="uppgiftsgrupp", en="data group"),
        "channels": Text(fi="käyttötapa", sv="användningssätt", en="way of use"),
        "members": Text(fi="jäsen", sv="medlem", en="member"),
    }
)
"""What every agreement names."""
MARKS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "id": Text(fi="tunnus", sv="beteckning", en="id"),
        "token": Text(fi="tunniste", sv="token", en="token"),
        "certificate": Text(fi="varmenne", sv="certifikat", en="certificate"),
    }
)
"""By what an interface client is known."""


class Words(Contract):
    """The two sentences of a refusal, with places for values."""

    reason: Text
    advice: Text


@dataclass(frozen=True, slots=True)
class Told:
    """A refusal's reason, and what to do next."""

    reason: Text
    advice: Text


_LANGUAGES: Final[tuple[Language, ...]] = ("fi", "sv", "en")
_TABLE: Final = TypeAdapter(dict[str, Words])


@lru_cache(maxsize=1)
def table() -> Mapping[str, Words]:
    """Every sentence, by code and variant."""
    content = resources.files("services.agreements.domain").joinpath("words.yaml").read_text(encoding="utf-8")
    return MappingProxyType(_TABLE.validate_python(yaml.safe_load(content)))


def told(key: str, values: Mapping[str, Value]) -> Told:
    """The sentences of a refusal, filled in.

    Args:
        key: Its code, or code and variant: ``path.signatory/early``.
        values: What stands in for the names in braces.

    Raises:
        KeyError: There are no such words, or a value is missing: a fault of this release.
    """
    words = table()[key]
    return Told(_filled(words.reason, values), _filled(words.advice, values))


def listed(texts: list[Text]) -> Text:
    """Texts one after the other."""
    return Text.model_validate({one: ", ".join(text.in_language(one) for text in texts) for one in _LANGUAGES})


def _filled(text: Text, values: Mapping[str, Value]) -> Text:
    return Text.model_validate(
        {
            language: text.in_language(language).format_map(
                {name: _said(value, language) for name, value in values.items()}
            )
            for language in _LANGUAGES
        }
    )


def _said(value: Value, language: Language) -> str:
    match value:
        case Text():
            return value.in_language(language)
        case Validity():
            return describe(value, language)
        case date():
            return printed(value)
        case _:
            return str(value)
