"""The people of the development provider, read from a JSON file: adding one is adding a row."""

from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from shared.contracts.base import BusinessId
from shared.finnish.identity_code import IdentityCode


class User(BaseModel):
    """A person one can sign in as."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=100)
    identity_code: str | None = Field(default=None, repr=False)
    """Artificial codes only. None plays a Katso sub-ID (alitunniste), which is bound to no person."""
    organisation: BusinessId | None = None
    """The organisation that issued the ID, as Katso states it."""
    role: str = ""
    """The role that signing in as this person demonstrates; such people stand first on the page."""
    note: str = ""
    """What this person is good for in a demonstration, shown beside the name."""

    @field_validator("identity_code")
    @classmethod
    def _artificial(cls, code: str | None) -> str | None:
        if code is None:
            return None
        parsed = IdentityCode.parse(code, allow_artificial=True)
        if not parsed.is_artificial:
            raise ValueError("the development provider holds artificial identity codes only")
        return parsed.reveal()

    @property
    def subject(self) -> str:
        """The `sub` of the person: stable, tells nothing."""
        return uuid5(NAMESPACE_URL, f"devidp:{self.name}").hex


_USERS = TypeAdapter(tuple[User, ...])


def load_users(path: Path) -> dict[str, User]:
    """Read the people by name.

    Raises:
        ValueError: The file is no list of people, or two share a name. The text never repeats a code.
    """
    try:
        users = _USERS.validate_json(path.read_bytes())
    except OSError as error:
        raise ValueError(f"the user table {path.name} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"the user table {path.name} is wrong at {place}: {first['msg']}") from None
    by_name = {user.name: user for user in users}
    if len(by_name) != len(users):
        raise ValueError(f"two people in {path.name} share a name")
    return by_name
