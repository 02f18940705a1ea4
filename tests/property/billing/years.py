"""One random year: invoices and credit notes sum to what a second, slow rater finds from the raw events.

In it use comes late or is taken back, municipalities merge, members join and leave and it becomes known late, books
charge use or inhabitants or nothing, and change the past from a day on.
"""

from datetime import date
from decimal import Decimal
from functools import cache
from random import Random

from services.billing.book_files import load_prices
from services.billing.domain.books import PriceBooks, parse_book
from services.billing.domain.corrections import Key
from tests.property.billing.clerk import Clerk, due_instants
from tests.property.billing.histories import END, PARTIES, history
from tests.property.billing.random_books import PRODUCTS, Shelf, shelves
from tests.property.billing.slow_rater import SlowRater, read

TABLE = load_prices().products


@cache
def shelf(number: int) -> tuple[Shelf, PriceBooks]:
    found = shelves(Random(6), 30)[number]
    return found, PriceBooks({file: parse_book(file, read(text)) for file, text in found.files}, found.active)


def check(year: int) -> None:
    random = Random(year)
    chosen, books = shelf(random.randrange(33))
    past = history(random)
    dues = due_instants(chosen.dues)
    ledger = Clerk(past, books, TABLE, dues).work()
    slow = SlowRater(past, chosen.texts, chosen.active, PRODUCTS.read_text(encoding="utf-8"))
    for key, (issued, total) in ledger.first.items():
        assert total == slow.month(key.agreement, month_of(key), issued), (year, key, "as first invoiced")
    for key in ledger.closed:
        assert ledger.charged(key) == slow.month(key.agreement, month_of(key), END), (year, key, "in the end")
    for agreement in {one.id for one in past.agreements} if dues else set[str]():
        charged = sum(
            (ledger.charged(key) for key in ledger.parts if key[0] == agreement and "/" in key[2]), Decimal(0)
        )
        assert charged == slow.year(agreement, dues), (year, agreement, "by inhabitants")
    for document in ledger.documents:
        assert document.payer == slow.payer(document.agreement, document.issued, PARTIES), (year, document)
        assert document.left >= 0
    stands = sum((document.left for document in ledger.documents), Decimal(0))
    assert stands == sum((ledger.charged(key) for key in ledger.parts), Decimal(0))


def month_of(key: Key) -> tuple[int, int]:
    first = date.fromisoformat(f"{key.period}-01")
    return first.year, first.month
