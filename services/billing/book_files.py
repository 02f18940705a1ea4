"""Reads the price books and the product table from their YAML files. A new book is a new file in the folder."""

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from services.billing.domain.books import ACTIVE_FILE, PriceBooks, parse_active, parse_book
from services.billing.domain.faults import Fault, FileError
from services.billing.domain.products import ProductTable, parse_products

if TYPE_CHECKING:
    from services.billing.domain.book import PriceBook

BOOKS = Path(__file__).parent / "books"
PRODUCTS = Path(__file__).parent / "products.yaml"


class _UniqueKeys(yaml.CSafeLoader):
    """YAML that refuses a key written twice: the second would silently win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:  # noqa: FBT001, FBT002 - signature of the base class
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.MarkedYAMLError(problem=f"the key {key} is written twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep=deep)


@dataclass(frozen=True, slots=True)
class PriceData:
    """All price data, checked together."""

    books: PriceBooks
    products: ProductTable


def load_prices(books: Path = BOOKS, products: Path = PRODUCTS) -> PriceData:
    """Read and check every file.

    Args:
        books: Folder of the price books, one `.yaml` each, and the switch `active.yaml`.
        products: The product table.

    Raises:
        FileError: Every fault of every file, each with its code, file, row, reason and advice.
    """
    faults: list[Fault] = []
    read: dict[str, PriceBook] = {}
    active: tuple[str, ...] = ()
    try:
        active = parse_active(read_yaml(books / ACTIVE_FILE))
    except FileError as error:
        faults += error.faults
    for path in sorted(books.glob("*.yaml")):
        if path.name == ACTIVE_FILE:
            continue
        try:
            read[path.name] = parse_book(path.name, read_yaml(path))
        except FileError as error:
            faults += error.faults
    if faults:
        raise FileError(faults)
    table = parse_products(products.name, read_yaml(products))
    checked = PriceBooks(read, active)
    if unpriced := table.unpriced(checked, products.name):
        raise FileError(unpriced)
    return PriceData(checked, table)


def read_yaml(path: Path) -> object:
    """Read a data file; a key written twice is refused.

    Raises:
        FileError: ``file.missing`` or ``file.unreadable``.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeys)  # noqa: S506 - a SafeLoader
    except FileNotFoundError as error:
        reason = "The file is missing."
        raise FileError([Fault("file.missing", path.name, "the whole file", reason, "Add it.")]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = f"The file is not readable YAML: {' '.join(str(error).split())}."
        raise FileError([Fault("file.unreadable", path.name, "the whole file", reason, "Correct it.")]) from error
