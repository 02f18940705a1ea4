"""One version of a price book (hinnasto): its rows, its terms, and the days it prices. One YAML file."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, StrictInt, field_validator, model_validator
from pydantic_core import PydanticCustomError

from services.billing.domain.fields import BookId, Euros, EurosPerUnit, MonthDay, Span, Strict, Wording, Words


class Limit(Strict):
    """An amount that is a limit, not a price per unit, with its provenance."""

    amount: Euros
    source: Words
    assumed: StrictBool


class Tier(Strict):
    """A step of a graduated price: units above the previous step up to `up_to` (None: all the rest) cost `price`."""

    up_to: Annotated[StrictInt, Field(gt=0)] | None
    price: EurosPerUnit


class PriceItem(Strict):
    """A row of a book: one product and its price per unit, flat or in tiers."""

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]+$")]
    unit: Literal[
        "query", "claim", "attempt", "active_user_month", "inhabitant_year", "notice", "list", "remark", "once"
    ]
    price: EurosPerUnit | None = None
    tiers: tuple[Tier, ...] = ()
    text: Wording
    law: Words
    source: Words
    assumed: StrictBool

    @model_validator(mode="after")
    def _one_kind_of_price(self) -> Self:
        if (self.price is None) == (not self.tiers):
            raise PydanticCustomError("kelmu.price", "The row needs either a price or tiers")
        steps = [tier.up_to for tier in self.tiers]
        bounded = [step for step in steps[:-1] if step is not None]
        if steps and (steps[-1] is not None or len(bounded) != len(steps) - 1 or bounded != sorted(set(bounded))):
            raise PydanticCustomError("kelmu.tiers", "Tiers must rise, and only the last is open (up_to: null)")
        return self

    def steps(self, quantity: int) -> list[tuple[int, Decimal]]:
        """Divide a quantity over the tiers: how many units at which price, in order; nothing for zero units."""
        if self.price is not None:
            return [(quantity, self.price)] if quantity else []
        found: list[tuple[int, Decimal]] = []
        below = 0
        for tier in self.tiers:
            top = quantity if tier.up_to is None else min(quantity, tier.up_to)
            if top > below:
                found.append((top - below, tier.price))
                below = top
        return found


class UsageTerms(Strict):
    """Terms of a book that charges use, month by month."""

    minimum_invoice: Limit


class PopulationTerms(Strict):
    """Terms of a book that charges inhabitants, in instalments of a year."""

    reference_years_back: Annotated[StrictInt, Field(ge=0, le=5)]
    """Population at the end of which year: that of the fee minus this."""
    instalments: Annotated[tuple[MonthDay, ...], Field(min_length=1)]
    """Due dates, month and day."""
    issued_days_before: Annotated[StrictInt, Field(ge=0, le=90)]
    rollover_below: Limit
    waive_below_at_year_end: Limit
    pass_through: Literal["by_member_population"]

    @field_validator("instalments")
    @classmethod
    def _days_of_a_year(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        try:
            days = [date.fromisoformat(f"2015-{day}") for day in value]
        except ValueError as error:
            raise PydanticCustomError("kelmu.instalments", "A due day is not in every year") from error
        if days != sorted(set(days)):
            raise PydanticCustomError("kelmu.instalments", "The due days do not follow each other")
        return value


class PriceBook(Strict):
    """One version of a price book, valid for whole months."""

    id: BookId
    version: Annotated[StrictInt, Field(ge=1)]
    valid: Span
    """The Helsinki days that it prices."""
    known: Span
    """The Helsinki days on which it was what one had to go by; a later version follows the day after."""
    legal_basis: Words
    vat: Literal["outside_scope_public_law"]
    """An output at cost price under public law carries no value added tax."""
    payment_term_days: Annotated[StrictInt, Field(ge=1, le=90)]
    usage: UsageTerms | None = None
    population: PopulationTerms | None = None
    items: Annotated[tuple[PriceItem, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.usage is None) == (self.population is None):
            raise PydanticCustomError("kelmu.model", "The book charges either usage or population")
        if self.population and not any(item.code == "SERVICE_YEAR" and item.price is not None for item in self.items):
            raise PydanticCustomError("kelmu.model", "A population book needs SERVICE_YEAR at one flat price")
        codes = [item.code for item in self.items]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            raise PydanticCustomError("kelmu.twice", "Priced twice: {codes}", {"codes": ", ".join(twice)})
        first, last = self.valid.first, self.valid.last
        whole = (1, 1) if self.population else (first.month, 1)
        after = last + timedelta(days=1) if last else None
        if (first.month, first.day) != whole or (after and (after.day != 1 or after <= first)):
            raise PydanticCustomError("kelmu.validity", "A book covers whole months (years if by population)")
        if self.known.last is not None and self.known.last < self.known.first:
            raise PydanticCustomError("kelmu.known", "The book is superseded before it is known")
        return self

    @property
    def name(self) -> str:
        """Its id, with the version from the second on: what a person is told."""
        return self.id if self.version == 1 else f"{self.id} v{self.version}"

    @property
    def charges(self) -> Literal["usage", "inhabitants", "nothing"]:
        """What it charges; a book whose every price is zero charges nothing."""
        prices = [price for item in self.items for price in (item.price, *(tier.price for tier in item.tiers))]
        if not any(prices):
            return "nothing"
        return "usage" if self.usage else "inhabitants"

    def charging(self, acting: frozenset[str]) -> frozenset[str]:
        """Products whose use costs anything: a refused look-up under an ended agreement is no reason to stop.

        Args:
            acting: Products whose use makes an active user, who may cost something where the use itself is free.
        """
        priced = frozenset(item.code for item in self.items if item.tiers or item.price)
        return priced | acting if "USER_MONTH" in priced else priced

    def covers(self, day: date) -> bool:
        """Whether the book prices the day."""
        return day in self.valid

    def item(self, code: str) -> PriceItem | None:
        """The row of a product, or None when the book does not price it."""
        return next((item for item in self.items if item.code == code), None)
