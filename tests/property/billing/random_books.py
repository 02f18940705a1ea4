"""Price books as text: the shipped ones with each book of 2017, and random ones that make every rounding bite."""

from dataclasses import dataclass
from pathlib import Path
from random import Random

SHIPPED = Path(__file__).parents[3] / "services" / "billing" / "books"
PRODUCTS = SHIPPED.parent / "products.yaml"
_METERED = ("QUERY_PERSON", "QUERY_NOHIT", "QUERY_INTERFACE", "QUERY_REDISPLAY", "LIST_DOWNLOAD", "NOT_CHARGED")
_HEAD = """
id: {id}
version: {version}
valid: {{first: {first}, last: {last}}}
known: {{first: {known}, last: {superseded}}}
legal_basis: law
vat: outside_scope_public_law
payment_term_days: 30
"""


@dataclass(frozen=True)
class Shelf:
    """Texts by file name, and the ids of the books in force."""

    files: tuple[tuple[str, str], ...]
    active: tuple[str, ...]
    dues: tuple[str, ...]
    """Due days of 2017 when it is charged by inhabitants."""

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts alone."""
        return tuple(text for _, text in self.files)


def shelves(random: Random, count: int) -> list[Shelf]:
    """The three shipped ones, then random ones."""
    names = ("KELMU-2017", "KELMU-2017-USAGE", "KELMU-2017-FREE")
    files = tuple((path.name, path.read_text()) for path in sorted(SHIPPED.glob("KELMU*.yaml")))
    shipped = [Shelf(files, ("KELMU-2016", name), ("03-31", "12-31") if name == names[0] else ()) for name in names]
    return [*shipped, *(_random_shelf(random) for _ in range(count))]


def _random_shelf(random: Random) -> Shelf:
    files = [*_versions(random, "B-2016", "2015-01-01", "2016-12-31", "2014-12-15", ())]
    dues: tuple[str, ...] = ()
    if random.random() < 0.5:
        dues = random.choice([("03-31", "12-31"), ("12-31",), ("03-31", "06-30", "09-30", "12-31")])
    files += _versions(random, "B-2017", "2017-01-01", "null", "2016-10-31", dues)
    return Shelf(tuple(files), ("B-2016", "B-2017"), dues)


def _versions(
    random: Random, book: str, first: str, last: str, known: str, dues: tuple[str, ...]
) -> list[tuple[str, str]]:
    """One version, or two: the second changes the past from some day on."""
    change = f"2017-{random.randrange(1, 13):02}-15" if random.random() < 0.4 else None
    # The day before the 15th is the 14th.
    superseded = f"{change[:8]}14" if change else "null"
    fixed = {"id": book, "first": first, "last": last}
    back = random.choice([1, 2])
    texts = [_HEAD.format(**fixed, version=1, known=known, superseded=superseded) + _terms(random, dues, back)]
    if change:
        texts.append(_HEAD.format(**fixed, version=2, known=change, superseded="null") + _terms(random, dues, back))
    return [(f"{book}-{number}.yaml", text) for number, text in enumerate(texts, start=1)]


def _terms(random: Random, dues: tuple[str, ...], back: int) -> str:
    if not dues:
        least = random.choice(["0.00", "0.50", "2.34", "7.00"])
        rows = "".join(_row(random, code) for code in (*_METERED, "USER_MONTH"))
        return f"usage:\n  minimum_invoice: {_limit(least)}\nitems:\n{rows}"
    listed = ", ".join(f'"{due}"' for due in dues)
    small, least = random.choice(["50.00", "0.00", "400.00"]), random.choice(["10.00", "0.00", "60.00"])
    price = f'price: "{random.choice(["0.0500", "0.0001", "0.0333", "1.9080"])}"'
    rows = "".join(_row(random, code) for code in _METERED)
    return (
        f"population:\n  reference_years_back: {back}\n  instalments: [{listed}]\n  issued_days_before: 30\n"
        f"  rollover_below: {_limit(small)}\n  waive_below_at_year_end: {_limit(least)}\n"
        f"  pass_through: by_member_population\nitems:\n{_item('SERVICE_YEAR', 'inhabitant_year', price)}{rows}"
    )


def _limit(amount: str) -> str:
    return f'{{amount: "{amount}", source: drawn, assumed: true}}'


def _row(random: Random, code: str) -> str:
    if code in {"NOT_CHARGED", "LIST_DOWNLOAD"}:
        return _item(code, "query", 'price: "0.0000"')
    if random.random() < 0.5:
        return _item(code, "query", f'price: "{_price(random)}"')
    first = random.randrange(1, 4)
    second = first + random.randrange(1, 4)
    steps = ((first, _price(random)), (second, _price(random)), ("null", _price(random)))
    tiers = ", ".join(f'{{up_to: {up_to}, price: "{price}"}}' for up_to, price in steps)
    return _item(code, "query", f"tiers: [{tiers}]")


def _price(random: Random) -> str:
    return random.choice(["0.0800", "0.0050", "0.0049", "1.0000", "0.1250", f"{random.randrange(30_000) / 10_000:.4f}"])


def _item(code: str, unit: str, price: str) -> str:
    words = "text: {fi: nimi, sv: namn, en: name}, law: law, source: drawn, assumed: true"
    return f"  - {{code: {code}, unit: {unit}, {price}, {words}}}\n"
