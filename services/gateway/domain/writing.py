"""How values are written on a page: 31.12.2016, 12.31, 1 234,56 €, by language. Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from shared.clock.civil import helsinki
from shared.contracts.base import Language
from shared.money import format_money, parse_amount

# Parsed once: by name, each formatting would look for the locale's file again, a fifth of the time of a page.
_LOCALES: Final[Mapping[Language, Locale]] = {
    "fi": Locale.parse("fi_FI"),
    "sv": Locale.parse("sv_FI"),
    "en": Locale.parse("en_GB"),
}


def day(value: date | None) -> str:
    """A day: 31.12.2016; nothing for no day. The same in all three languages of the service."""
    return "" if value is None else format_date(value, "d.M.y", locale=_LOCALES["fi"])


def weekday(value: date, language: Language) -> str:
    """The day of the week, short: ma, mån, Mon."""
    return format_date(value, "ccc", locale=_LOCALES[language])


def period(first: date | None, last: date | None) -> str:
    """A period, open at either end when that end is unknown: 1.1.2017-31.1.2017 with an en dash."""
    if first is None and last is None:
        return ""
    return f"{day(first)}\u2013{day(last)}"


def clock(value: datetime, language: Language) -> str:
    """The Finnish wall-clock time to the second: 12.31.05, in English 12:31:05."""
    return format_time(helsinki(value), "HH:mm:ss" if language == "en" else "HH.mm.ss", locale=_LOCALES[language])


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


def number(value: Decimal | int, language: Language) -> str:
    """A count or another number that is no money: 1 234,5, in English 1,234.5."""
    return format_decimal(value, locale=_LOCALES[language])
