"""Amounts of money in words, as invoices write them in Russian, Polish and English.

Owns the numerals and the forms of the currencies' names. Refuses negative amounts, fractions of a minor unit, and
languages and currencies it has no table for. Read on: docs/explain/pricing.md.

Each language has its trade's usual form: Russian spells the whole units, with a capital, and names the minor ones
after their digits; Polish writes the minor units as hundredths, in small letters (the word "słownie" precedes
them); English the same with a capital and "and".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from pomost.rules.money import CENT, Money

LARGEST: Final = Decimal("999999999999.99")

Plural = Literal["one", "few", "many"]
Forms = Mapping[Plural, str]


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency's name in one language."""

    whole: Forms
    minor: Forms | None = None
    """None: the language writes minor units as hundredths."""
    exactly_one: str | None = None
    """The numeral of a lone 1 where the currency's gender changes it ("jedno euro")."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A thousand and its powers."""

    forms: Forms
    feminine: bool = False


@dataclass(frozen=True, slots=True)
class Language:
    """The numerals of one language and its currencies."""

    below_twenty: Sequence[str]
    tens: Sequence[str]
    """From twenty on."""
    ten_joint: str
    """What stands between tens and ones."""
    hundreds: Sequence[str]
    """From one hundred on."""
    feminine: Mapping[int, str]
    """Ones that change before a feminine noun."""
    scales: Sequence[Scale]
    """Thousand, million, milliard."""
    plural: Callable[[int], Plural]
    template: str
    capital: bool
    currencies: Mapping[str, Currency]


def amount_in_words(money: Money, language: str) -> str:
    """Return the amount in words, minor units in digits as the trade writes them.

    `language` is "ru", "pl" or "en"; the currency RUB, PLN, EUR or USD.

    Raises:
        ValueError: another language or currency, a negative amount, more than 999 999 999 999.99, or an amount
            that is not in whole minor units (round it first: what is written must be what is asked for).
    """
    if language not in LANGUAGES:
        raise ValueError(
            f"There are no numerals for the language {language!r}. Known: {', '.join(LANGUAGES)}."
        )
    table = LANGUAGES[language]
    if money.currency not in table.currencies:
        raise ValueError(f"{money.currency} has no name in {language}. Known: {', '.join(table.currencies)}.")
    if not 0 <= money.amount <= LARGEST:
        raise ValueError(f"{money} cannot be put in words: give 0 to {LARGEST}.")
    if money.amount != money.amount.quantize(CENT):
        raise ValueError(f"{money} is not in whole minor units. Round it before it is written.")
    currency = table.currencies[money.currency]
    whole, minor = divmod(int(money.amount * 100), 100)
    number = currency.exactly_one if whole == 1 and currency.exactly_one else _number(whole, table)
    text = table.template.format(
        number=number,
        currency=currency.whole[table.plural(whole)],
        minor=minor,
        minor_name=currency.minor[table.plural(minor)] if currency.minor else "",
    )
    return text[0].upper() + text[1:] if table.capital else text


def _number(number: int, table: Language) -> str:
    """Return a whole number below 10**12 in words, in the masculine."""
    if number == 0:
        return table.below_twenty[0]
    words = []
    for power, scale in reversed(list(enumerate(table.scales, start=1))):
        group = number // 1000**power % 1000
        if group:
            words += [*_group(group, table, feminine=scale.feminine), scale.forms[table.plural(group)]]
    return " ".join([*words, *_group(number % 1000, table, feminine=False)])


def _group(number: int, table: Language, *, feminine: bool) -> list[str]:
    """Return the words of 0 to 999; none for 0."""
    hundreds, rest = divmod(number, 100)
    words = [table.hundreds[hundreds - 1]] if hundreds else []
    tens, ones = divmod(rest, 10) if rest >= 20 else (0, rest)
    one = table.feminine.get(ones, table.below_twenty[ones]) if feminine else table.below_twenty[ones]
    small = [table.tens[tens - 2]] if tens else []
    small += [one] if ones else []
    return words + ([table.ten_joint.join(small)] if small else [])


def _russian(number: int) -> Plural:
    if number % 10 == 1 and number % 100 != 11:
        return "one"
    return "few" if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else "many"


def _polish(number: int) -> Plural:
    if number == 1:
        return "one"
    return "few" if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else "many"


def _english(number: int) -> Plural:
    return "one" if number == 1 else "many"


def _forms(one: str, few: str, many: str) -> Forms:
    return {"one": one, "few": few, "many": many}


def _same(name: str) -> Forms:
    return _forms(name, name, name)


RUSSIAN: Final = Language(
    below_twenty=(
        *("ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять"),
        *("одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать"),
        *("семнадцать", "восемнадцать", "девятнадцать"),
    ),
    tens=(
        "двадцать",
        "тридцать",
        "сорок",
        "пятьдесят",
        "шестьдесят",
        "семьдесят",
        "восемьдесят",
        "девяносто",
    ),
    ten_joint=" ",
    hundreds=(
        *("сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот"),
    ),
    feminine={1: "одна", 2: "две"},
    scales=(
        Scale(_forms("тысяча", "тысячи", "тысяч"), feminine=True),
        Scale(_forms("миллион", "миллиона", "миллионов")),
        Scale(_forms("миллиард", "миллиарда", "миллиардов")),
    ),
    plural=_russian,
    template="{number} {currency} {minor:02} {minor_name}",
    capital=True,
    currencies={
        "RUB": Currency(_forms("рубль", "рубля", "рублей"), _forms("копейка", "копейки", "копеек")),
        "PLN": Currency(_forms("злотый", "злотых", "злотых"), _forms("грош", "гроша", "грошей")),
        "EUR": Currency(_same("евро"), _forms("цент", "цента", "центов")),
        "USD": Currency(
            _forms("доллар США", "доллара США", "долларов США"), _forms("цент", "цента", "центов")
        ),
    },
)

POLISH: Final = Language(
    below_twenty=(
        *(
            "zero",
            "jeden",
            "dwa",
            "trzy",
            "cztery",
            "pięć",
            "sześć",
            "siedem",
            "osiem",
            "dziewięć",
            "dziesięć",
        ),
        *("jedenaście", "dwanaście", "trzynaście", "czternaście", "piętnaście", "szesnaście"),
        *("siedemnaście", "osiemnaście", "dziewiętnaście"),
    ),
    tens=(
        *("dwadzieścia", "trzydzieści", "czterdzieści", "pięćdziesiąt", "sześćdziesiąt"),
        *("siedemdziesiąt", "osiemdziesiąt", "dziewięćdziesiąt"),
    ),
    ten_joint=" ",
    hundreds=(
        *(
            "sto",
            "dwieście",
            "trzysta",
            "czterysta",
            "pięćset",
            "sześćset",
            "siedemset",
            "osiemset",
            "dziewięćset",
        ),
    ),
    feminine={},
    scales=(
        Scale(_forms("tysiąc", "tysiące", "tysięcy")),
        Scale(_forms("milion", "miliony", "milionów")),
        Scale(_forms("miliard", "miliardy", "miliardów")),
    ),
    plural=_polish,
    template="{number} {currency} {minor:02}/100",
    capital=False,
    currencies={
        "RUB": Currency(_forms("rubel", "ruble", "rubli")),
        "PLN": Currency(_forms("złoty", "złote", "złotych")),
        "EUR": Currency(_same("euro"), exactly_one="jedno"),
        "USD": Currency(_forms("dolar", "dolary", "dolarów")),
    },
)

ENGLISH: Final = Language(
    below_twenty=(
        *(
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ),
        *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
    ),
    tens=("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
    ten_joint="-",
    hundreds=(
        *("one hundred", "two hundred", "three hundred", "four hundred", "five hundred", "six hundred"),
        *("seven hundred", "eight hundred", "nine hundred"),
    ),
    feminine={},
    scales=(Scale(_same("thousand")), Scale(_same("million")), Scale(_same("billion"))),
    plural=_english,
    template="{number} {currency} and {minor:02}/100",
    capital=True,
    currencies={
        "RUB": Currency(_forms("ruble", "rubles", "rubles")),
        "PLN": Currency(_forms("zloty", "zlotys", "zlotys")),
        "EUR": Currency(_forms("euro", "euros", "euros")),
        "USD": Currency(_forms("dollar", "dollars", "dollars")),
    },
)

LANGUAGES: Final[Mapping[str, Language]] = {"ru": RUSSIAN, "pl": POLISH, "en": ENGLISH}
