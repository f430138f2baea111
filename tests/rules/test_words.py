"""Amounts in words: known answers, and laws of each language's grammar."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.rules.money import Money
from pomost.rules.words import LANGUAGES, LARGEST, Language, amount_in_words


@pytest.mark.parametrize(
    ("language", "amount", "currency", "words"),
    [
        ("ru", "0.00", "RUB", "Ноль рублей 00 копеек"),
        ("ru", "1.01", "RUB", "Один рубль 01 копейка"),
        ("ru", "2.02", "RUB", "Два рубля 02 копейки"),
        ("ru", "5.05", "RUB", "Пять рублей 05 копеек"),
        ("ru", "11.11", "RUB", "Одиннадцать рублей 11 копеек"),
        ("ru", "13.14", "RUB", "Тринадцать рублей 14 копеек"),
        ("ru", "21.21", "RUB", "Двадцать один рубль 21 копейка"),
        ("ru", "112.12", "RUB", "Сто двенадцать рублей 12 копеек"),
        ("ru", "1300.00", "RUB", "Одна тысяча триста рублей 00 копеек"),
        ("ru", "2058.33", "RUB", "Две тысячи пятьдесят восемь рублей 33 копейки"),
        ("ru", "6058.33", "RUB", "Шесть тысяч пятьдесят восемь рублей 33 копейки"),
        ("ru", "21000.00", "RUB", "Двадцать одна тысяча рублей 00 копеек"),
        ("ru", "12000.00", "RUB", "Двенадцать тысяч рублей 00 копеек"),
        ("ru", "1000000.00", "RUB", "Один миллион рублей 00 копеек"),
        ("ru", "2000001.00", "RUB", "Два миллиона один рубль 00 копеек"),
        ("ru", "5000000000.00", "RUB", "Пять миллиардов рублей 00 копеек"),
        ("ru", "492.00", "PLN", "Четыреста девяносто два злотых 00 грошей"),
        ("ru", "1.01", "PLN", "Один злотый 01 грош"),
        ("ru", "22.03", "EUR", "Двадцать два евро 03 цента"),
        ("ru", "1.00", "USD", "Один доллар США 00 центов"),
        ("pl", "0.00", "PLN", "zero złotych 00/100"),
        ("pl", "1.00", "PLN", "jeden złoty 00/100"),
        ("pl", "2.50", "PLN", "dwa złote 50/100"),
        ("pl", "5.00", "PLN", "pięć złotych 00/100"),
        ("pl", "12.00", "PLN", "dwanaście złotych 00/100"),
        ("pl", "21.00", "PLN", "dwadzieścia jeden złotych 00/100"),
        ("pl", "22.00", "PLN", "dwadzieścia dwa złote 00/100"),
        ("pl", "112.00", "PLN", "sto dwanaście złotych 00/100"),
        ("pl", "492.00", "PLN", "czterysta dziewięćdziesiąt dwa złote 00/100"),
        ("pl", "656.00", "PLN", "sześćset pięćdziesiąt sześć złotych 00/100"),
        ("pl", "1000.00", "PLN", "jeden tysiąc złotych 00/100"),
        ("pl", "2001.00", "PLN", "dwa tysiące jeden złotych 00/100"),
        ("pl", "5000.00", "PLN", "pięć tysięcy złotych 00/100"),
        ("pl", "21000.00", "PLN", "dwadzieścia jeden tysięcy złotych 00/100"),
        ("pl", "1000000.00", "PLN", "jeden milion złotych 00/100"),
        ("pl", "3000000000.00", "PLN", "trzy miliardy złotych 00/100"),
        ("pl", "1.00", "EUR", "jedno euro 00/100"),
        ("pl", "101.00", "EUR", "sto jeden euro 00/100"),
        ("pl", "4.00", "RUB", "cztery ruble 00/100"),
        ("pl", "25.00", "USD", "dwadzieścia pięć dolarów 00/100"),
        ("en", "0.00", "EUR", "Zero euros and 00/100"),
        ("en", "1.00", "PLN", "One zloty and 00/100"),
        ("en", "492.05", "PLN", "Four hundred ninety-two zlotys and 05/100"),
        ("en", "1300.00", "RUB", "One thousand three hundred rubles and 00/100"),
        ("en", "20.00", "USD", "Twenty dollars and 00/100"),
        ("en", "1000019.00", "USD", "One million nineteen dollars and 00/100"),
    ],
)
def test_amounts_are_written_as_invoices_write_them(
    language: str, amount: str, currency: str, words: str
) -> None:
    assert amount_in_words(Money.of(amount, currency), language) == words


def number_read_back(words: list[str], table: Language) -> int:
    """Read numerals the other way: add values up, multiply at each scale. It shares no code with the writer."""
    values = {word: n for n, word in enumerate(table.below_twenty)}
    values |= {word: n for n, word in table.feminine.items()}
    values |= {word: 10 * n for n, word in enumerate(table.tens, start=2)}
    values |= {"jedno": 1}
    hundred_words = {word: 100 * n for n, word in enumerate(table.hundreds, start=1)}
    scales = {form: 1000**n for n, scale in enumerate(table.scales, start=1) for form in scale.forms.values()}
    total = group = 0
    for word in words:
        if word in scales:
            total, group = total + group * scales[word], 0
        elif word == "hundred":
            group *= 100
        else:
            group += values[word] if word in values else hundred_words[word]
    return total + group


@pytest.mark.parametrize("language", LANGUAGES)
@given(data=st.data())
def test_the_words_say_the_number(language: str, data: st.DataObject) -> None:
    whole = data.draw(st.one_of(st.integers(0, 999_999_999_999), st.integers(0, 3_000)))
    minor = data.draw(st.integers(0, 99))
    table = LANGUAGES[language]
    currency = data.draw(st.sampled_from(sorted(table.currencies)))

    text = amount_in_words(Money(Decimal(whole) + Decimal(minor) / 100, currency), language).lower()

    names = {form.lower() for form in table.currencies[currency].whole.values()}
    name = max((form for form in names if f" {form} " in f" {text} "), key=len)
    numerals, _, rest = f" {text} ".partition(f" {name} ")
    assert number_read_back(numerals.replace("-", " ").split(), table) == whole
    assert f"{minor:02}" in rest


@pytest.mark.parametrize("language", ["ru", "pl"])
@given(number=st.integers(0, 10**6))
def test_the_plural_depends_on_the_last_two_digits_but_a_polish_one_stands_alone(
    language: str, number: int
) -> None:
    plural = LANGUAGES[language].plural

    assert plural(number + 100) == plural(number + 200)
    if number % 100 in range(11, 20) or number % 10 in (0, 5, 6, 7, 8, 9):
        assert plural(number) == "many"
    elif number % 10 != 1:
        assert plural(number) == "few"
    else:
        assert plural(number) == ("one" if language == "ru" or number == 1 else "many")


def test_the_largest_amount_can_be_written() -> None:
    for language in LANGUAGES:
        assert amount_in_words(Money(LARGEST, "PLN"), language).lower().count("99") == 1


@pytest.mark.parametrize(
    ("amount", "currency", "language", "what"),
    [
        ("1.00", "PLN", "de", "no numerals for the language 'de'. Known: ru, pl, en"),
        ("1.00", "CZK", "pl", "CZK has no name in pl. Known: RUB, PLN, EUR, USD"),
        ("-0.01", "PLN", "pl", "-0.01 PLN cannot be put in words"),
        ("1000000000000.00", "PLN", "pl", "give 0 to 999999999999.99"),
        ("1.005", "PLN", "pl", "Round it before it is written"),
    ],
)
def test_what_cannot_be_written_is_refused(amount: str, currency: str, language: str, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        amount_in_words(Money.of(amount, currency), language)
