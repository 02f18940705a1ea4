"""Names of organisations and municipalities, from the copy of agreements."""

from shared.contracts.base import Language
from shared.directory.model import Directory


def organisation_name(directory: Directory, business_id: str, language: Language) -> str:
    """The organisation's name in the reader's language; its business id while it is unknown."""
    found = directory.organisation(business_id)
    if found is None:
        return business_id
    return found.name_sv if language == "sv" else found.name_fi


def municipality_name(directory: Directory, code: str | None, language: Language) -> str:
    """The municipality's name; its number when no organisation here is that municipality."""
    if code is None:
        return ""
    for organisation in directory.organisations():
        if organisation.municipality == code:
            return organisation.name_sv if language == "sv" else organisation.name_fi
    return code
