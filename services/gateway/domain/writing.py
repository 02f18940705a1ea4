"""How values are written on a page: 31.12.2016, 12.31, 1 234,56 €, by language. Pure."""

from datetime import date, datetime

from shared.clock.civil import helsinki
from shared.contracts.base import Language
from shared.money import format_money, parse_amount


def day(value: date | None) -> str:
    """A day: 31.12.2016; nothing for no day. The same in all three languages of the service."""
    return "" if value is None else f"{value.day}.{value.month}.{value.year}"


def period(first: date | None, last: date | None) -> str:
    """A period, open at either end when that end is unknown: 1.1.2017-31.1.2017 with an en dash."""
    if first is None and last is None:
        return ""
    return f"{day(first)}\u2013{day(last)}"


def clock(value: datetime, language: Language) -> str:
    """The Finnish wall-clock time to the second: 12.31.05, in English 12:31:05."""
    separator = ":" if language == "en" else "."
    return helsinki(value).strftime(f"%H{separator}%M{separator}%S")


def moment(value: datetime, language: Language) -> str:
    """Day and time in Finland: 31.12.2016 klo 12.31.05."""
    word = {"fi": "klo", "sv": "kl.", "en": "at"}[language]
    return f"{day(helsinki(value).date())} {word} {clock(value, language)}"


def euros(value: str | None, language: Language) -> str:
    """An amount as a message carries it ("1234.56"), written for people; nothing for no amount.

    Raises:
        MoneyError: the message holds something that is no amount.
    """
    return "" if value is None else format_money(parse_amount(value), language)


def month(value: str) -> str:
    """A month as a message carries it ("2016-12"): 12/2016."""
    year, _, number = value.partition("-")
    return f"{int(number)}/{year}"
