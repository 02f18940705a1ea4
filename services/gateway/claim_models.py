"""What the API and the pages read about claims at work: acts, lists, one claim, settlements."""

from typing import Annotated, Literal

from pydantic import Field

from services.gateway.models import Edge, OnBehalf
from shared.contracts.asking import (
    CareStated,
    ClaimAct,
    ClaimCommand,
    Day,
    HandOverClaims,
    IdempotencyKey,
    MonthAdvance,
    MonthText,
    Place,
    RegisterKelaClaim,
    ReturnStated,
    Sentence,
)

Number = Annotated[str, Field(min_length=1, max_length=40)]
View = Literal["team", "queue", "ending_soon", "overdue", "cannot_bite", "to_confirm", "needs_action"]
Euros = Annotated[str, Field(max_length=20)]


class ClaimsRequest(OnBehalf):
    """One page of claims; nothing in it names a client."""

    view: View = "team"
    after: Place | None = None


class ClaimNumberRequest(OnBehalf):
    """One claim to open."""

    number: Number


class SettlementsRequest(OnBehalf):
    """One page of settlement rows of the month in which the money moved."""

    month: MonthText
    after: Place | None = None


class ClaimActRequest(OnBehalf):
    """One act on one claim, as it was when the worker saw it."""

    idempotency_key: IdempotencyKey
    number: Number
    version: Annotated[int, Field(ge=1)]
    act: ClaimAct
    last: Day | None = None
    deadline: Day | None = None
    reason: Sentence = ""
    advances: Annotated[tuple[MonthAdvance, ...], Field(max_length=120)] = ()
    care: CareStated | None = None
    returned: ReturnStated | None = None

    def command(self) -> ClaimCommand:
        """The command that it asks for."""
        return ClaimCommand.model_validate(self.model_dump(exclude={"organisation", "member"}))


class HandOverRequest(OnBehalf):
    """Claims of a worker who leaves, for another worker of the same body."""

    idempotency_key: IdempotencyKey
    giver: Annotated[str, Field(max_length=32)]
    taker: Annotated[str, Field(max_length=32)]
    handler_name: Annotated[str, Field(max_length=100)]
    handler_phone: Annotated[str, Field(max_length=30)]
    numbers: Annotated[tuple[Number, ...], Field(max_length=100)] = ()
    reason: Sentence = ""

    def command(self) -> HandOverClaims:
        """The command that it asks for; numbers as they are printed."""
        fields = self.model_dump(exclude={"organisation", "member", "numbers"})
        return HandOverClaims(numbers=tuple(one.strip().upper() for one in self.numbers), **fields)


class HandOverForm(Edge):
    """The same from the page: the numbers in one field, between spaces or commas."""

    idempotency_key: IdempotencyKey
    giver: Annotated[str, Field(max_length=32)] = ""
    taker: Annotated[str, Field(max_length=32)] = ""
    handler_name: Annotated[str, Field(max_length=100)] = ""
    handler_phone: Annotated[str, Field(max_length=30)] = ""
    numbers: Annotated[str, Field(max_length=4000)] = ""
    reason: Sentence = ""

    def request(self) -> dict[str, object]:
        """The fields of a `HandOverRequest`."""
        return {**self.model_dump(), "numbers": tuple(self.numbers.replace(",", " ").split())}


class KelaClaimRequest(OnBehalf):
    """Kela's own claim by ToTuL 23 §. What is missing or wrong is judged, and told, by the claim rules."""

    idempotency_key: IdempotencyKey
    identity_code: Annotated[str, Field(max_length=32)]
    benefit: Annotated[str, Field(max_length=64)]
    decided: Day | None = None
    first: Day | None = None
    last: Day | None = None
    advances: Annotated[tuple[MonthAdvance, ...], Field(max_length=120)] = ()

    def command(self) -> RegisterKelaClaim:
        """The command that it asks for."""
        return RegisterKelaClaim.model_validate(self.model_dump(exclude={"organisation", "member"}))


class ClaimActForm(Edge):
    """The same from the page: one month or one fee at a time."""

    idempotency_key: IdempotencyKey
    number: Number
    version: Annotated[int, Field(ge=1)]
    act: ClaimAct
    last: Day | None = None
    deadline: Day | None = None
    reason: Sentence = ""
    month: MonthText | None = None
    amount: Euros = ""
    care_first: Day | None = None
    fee: Euros = ""
    income: Euros = ""
    others: Euros = "0"
    returned: Euros = ""
    returned_day: Day | None = None
    returned_reference: Annotated[str, Field(max_length=40)] = ""

    def command(self) -> ClaimCommand:
        """The command that it asks for."""
        advances = () if self.month is None else (MonthAdvance(month=self.month, amount=self.amount),)
        care = None
        if self.care_first is not None:
            care = CareStated(first=self.care_first, fee=self.fee, income=self.income, others=self.others)
        returned = None
        if self.returned:
            returned = ReturnStated(amount=self.returned, day=self.returned_day, reference=self.returned_reference)
        return ClaimCommand(
            idempotency_key=self.idempotency_key,
            number=self.number,
            version=self.version,
            act=self.act,
            last=self.last,
            deadline=self.deadline,
            reason=self.reason,
            advances=advances,
            care=care,
            returned=returned,
        )
