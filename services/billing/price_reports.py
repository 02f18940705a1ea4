"""What the commands print of price books and of single prices: for people in words, for programs as plain data."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.billing.domain.book import PriceBook, PriceItem
from services.billing.domain.books import PriceBooks
from services.billing.domain.invoice import Payer
from services.billing.domain.pricing import Explained
from services.billing.domain.texts import ASSUMED_PRICE
from shared.contracts.agreements import AgreementChanged


@dataclass(frozen=True, slots=True)
class ForAgreement:
    """The agreement for which a price was asked; it changes who pays and for whom, never what a use costs."""

    agreement: AgreementChanged
    day: date
    payer: Payer | None

    @property
    def in_force(self) -> bool:
        """Whether it covers the day of the use."""
        return self.agreement.validity.covers(self.day)

    @property
    def members(self) -> list[str]:
        """The municipalities for which it can be used on that day."""
        return sorted(one.municipality for one in self.agreement.members if one.validity.covers(self.day))


def book_lines(books: PriceBooks) -> Iterator[str]:
    """Every version of every book with its rows."""
    for file, book in books.files.items():
        state = "active" if book.id in books.active_ids else "not active"
        yield (
            f"{book.name}  {_span(book.valid.first, book.valid.last)}  charges {book.charges}  {state}  "
            f"known {_span(book.known.first, book.known.last)}  {file}"
        )
        for item in book.items:
            mark = f"  [{ASSUMED_PRICE.en}]" if item.assumed else ""
            yield f"  {item.code:24}{_price(item)} €/{item.unit}  {item.source}{mark}"


def book_data(books: PriceBooks) -> list[dict[str, object]]:
    """The same as JSON-ready data; amounts are strings."""
    return [
        {
            "file": file,
            "active": book.id in books.active_ids,
            "charges": book.charges,
            **book.model_dump(mode="json"),
            "price_notice": ASSUMED_PRICE.en,
        }
        for file, book in books.files.items()
    ]


def explained_lines(found: Explained, asked: ForAgreement | None) -> Iterator[str]:
    """A price and what led to it, in words."""
    item = found.item
    yield f"{found.book.name} {item.code}: {found.price} €/{item.unit}; {item.law}; {item.source}"
    yield f"  {item.text.fi} / {item.text.sv} / {item.text.en}   ({found.file})"
    for why in found.why:
        yield f"  {why}"
    yield f"  {_terms(found.book)}"
    if asked:
        yield f"  {_agreement(asked)}"
    if item.assumed:
        yield f"  {ASSUMED_PRICE.fi} {ASSUMED_PRICE.sv} {ASSUMED_PRICE.en}"


def explained_data(found: Explained, asked: ForAgreement | None) -> dict[str, object]:
    """The same as JSON-ready data; amounts are strings."""
    book, item = found.book, found.item
    return {
        "product": item.code,
        "at": found.moment.instant.isoformat(),
        "helsinki": found.moment.wall.isoformat(),
        "known": found.known.isoformat(),
        "book": book.id,
        "version": book.version,
        "file": found.file,
        "valid": book.valid.model_dump(mode="json"),
        "book_known": book.known.model_dump(mode="json"),
        "price": str(found.price),
        "unit": item.unit,
        "unit_of_month": found.unit,
        "tier": found.tier,
        "tiers": [{"up_to": tier.up_to, "price": str(tier.price)} for tier in item.tiers],
        "text": item.text.model_dump(mode="json"),
        "law": item.law,
        "source": item.source,
        "assumed": item.assumed,
        "price_notice": ASSUMED_PRICE.model_dump(mode="json") if item.assumed else None,
        "why": list(found.why),
        "terms": _terms(book),
        "agreement": _agreement_data(asked) if asked else None,
    }


def _agreement_data(asked: ForAgreement) -> dict[str, object]:
    return {
        "id": asked.agreement.id,
        "party": asked.agreement.party,
        "in_force": asked.in_force,
        "members": asked.members,
        "payer": asked.payer.name if asked.payer else None,
    }


def _agreement(asked: ForAgreement) -> str:
    state = "covers" if asked.in_force else "does not cover"
    members = ", ".join(asked.members) or "nobody"
    payer = f"{asked.payer.name} pays" if asked.payer else "who pays is not known here"
    return (
        f"Agreement {asked.agreement.id} {state} {asked.day}, for {members}; {payer}. "
        "The price is the same for every agreement."
    )


def _terms(book: PriceBook) -> str:
    if book.charges == "nothing":
        return "The book charges nothing, so no invoice is made."
    if book.usage:
        least = book.usage.minimum_invoice.amount
        return f"A month in which something is charged costs at least {least} €; it is rounded line by line, half up."
    return "The book charges inhabitants, not use: use is metered and shown."


def _price(item: PriceItem) -> str:
    if item.price is not None:
        return str(item.price)
    return ", ".join(f"to {tier.up_to or '∞'}: {tier.price}" for tier in item.tiers)


def _span(first: date, last: date | None) -> str:
    return f"{first} - {last or 'until further notice'}"
