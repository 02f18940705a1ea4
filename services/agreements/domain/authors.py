"""Who makes a change: what separates one person from a second one."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Author:
    """Whoever proposes versions.

    Attributes:
        name: Worker pseudonym, or what an operator or a task of the service calls itself; never a person's name.
        paper: The records are entered from papers that two people have signed, as operators load them. Only the
            first version of an agreement may then bring accounts that count as confirmed.
    """

    name: str
    paper: bool = False


PAPER: Final = Author("operator", paper=True)
"""An operator who enters what is signed on paper."""
