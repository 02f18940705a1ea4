"""The chart of accounts (tilikartta) of the journal: accounts, what each takes, and how value added tax is treated.

It is data (`accounts.yaml`), assumed and marked so, because Kela's own chart is not public.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from services.billing.domain.faults import FileError, faults_of
from services.billing.domain.fields import Euros, Strict, Wording, Words

Model = Literal["usage", "population"]
"""What a price book charges; decides the income account."""
Number = Annotated[str, Field(pattern=r"^[0-9]{4,6}$")]


class JournalError(ValueError):
    """An entry that cannot be posted: it does not balance, or the chart lacks something.

    Attributes:
        code: ``journal.invalid``.
    """

    code = "journal.invalid"


class Account(Strict):
    """An account (tili)."""

    number: Number
    type: Literal["asset", "liability", "income", "expense"]
    name: Wording


class Roles(Strict):
    """Which account takes what."""

    receivable: Number
    bank: Number
    usage: Number
    population: Number
    waived: Number


class VatTreatment(Strict):
    """How value added tax is treated (ALV-käsittely), and by which law."""

    code: Words
    rate: Euros
    text: Wording
    law: Words
    source: Words
    assumed: StrictBool


class Chart(Strict):
    """The chart of accounts (tilikartta)."""

    source: Words
    assumed: StrictBool
    accounts: Annotated[tuple[Account, ...], Field(min_length=1)]
    roles: Roles
    vat: Annotated[tuple[VatTreatment, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        numbers = [account.number for account in self.accounts]
        if twice := sorted({number for number in numbers if numbers.count(number) > 1}):
            raise PydanticCustomError("kelmu.twice", "Opened twice: {accounts}", {"accounts": ", ".join(twice)})
        named = set(self.roles.model_dump().values())
        if unknown := sorted(named - set(numbers)):
            raise PydanticCustomError("kelmu.account", "No such account: {accounts}", {"accounts": ", ".join(unknown)})
        return self

    def account(self, number: str) -> Account:
        """An account by its number; it is known, because postings use roles only."""
        return next(account for account in self.accounts if account.number == number)

    def treatment(self, code: str) -> VatTreatment:
        """The treatment of a document's value added tax.

        Raises:
            JournalError: The chart does not know the code.
        """
        for known in self.vat:
            if known.code == code:
                return known
        raise JournalError(f"accounts.yaml has no treatment of value added tax {code}; add it.")


def parse_chart(file: str, content: object) -> Chart:
    """Read the chart of accounts from its parsed YAML.

    Raises:
        FileError: Every fault of the file.
    """
    try:
        return Chart.model_validate(content)
    except ValidationError as error:
        raise FileError(faults_of(error, "accounts", file, content)) from error
