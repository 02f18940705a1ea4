"""Names of organisations and municipalities, from the copy of agreements."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shared.contracts.agreements import OrganisationChanged
from shared.contracts.base import Language
from shared.directory.model import Directory


@dataclass(frozen=True, slots=True)
class Names:
    """Names in the reader's language. Which organisation a municipality is, is found once and then only checked."""

    directory: Callable[[], Directory]
    _by_municipality: dict[str, str] = field(default_factory=dict)

    def organisation(self, business_id: str, language: Language) -> str:
        """The organisation's name; its business id while it is unknown."""
        found = self.directory().organisation(business_id)
        return business_id if found is None else _name(found, language)

    def municipality(self, code: str | None, language: Language) -> str:
        """The municipality's name; its number when no organisation here is that municipality."""
        if code is None:
            return ""
        directory = self.directory()
        found = directory.organisation(self._by_municipality.get(code, ""))
        if found is None or found.municipality != code:
            # Not met yet, or the organisation is another since.
            found = next((one for one in directory.organisations() if one.municipality == code), None)
        if found is None:
            return code
        self._by_municipality[code] = found.business_id
        return _name(found, language)


def _name(organisation: OrganisationChanged, language: Language) -> str:
    return organisation.name_sv if language == "sv" else organisation.name_fi
