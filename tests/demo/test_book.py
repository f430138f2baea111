"""The documents of the accounting-like program."""

from datetime import date
from decimal import Decimal

import pytest

from pomost.demo.book import Book, money

TODAY = date(2026, 6, 15)


@pytest.fixture(params=["pl", "ru"])
def book(request: pytest.FixtureRequest) -> Book:
    return Book(request.param, TODAY)


def test_exactly_one_document_does_not_add_up(book: Book) -> None:
    wrong = [document for document in book.shown("all") if document.net + document.vat != document.gross]

    assert [document.state for document in wrong] == ["mismatch"]
    assert book.mistake() == Decimal("0.05")


def test_recalculating_it_makes_the_sums_match(book: Book) -> None:
    number = book.shown("mismatch")[0].number
    before = book.total_gross()

    book.recalculate(number)

    assert book.mistake() == 0
    assert book.total_gross() == before - Decimal("0.05")
    assert book.shown("mismatch") == []


def test_the_same_book_opens_every_time() -> None:
    assert Book("pl", TODAY).shown("all") == Book("pl", TODAY).shown("all")


def test_what_is_written_into_a_document_stays_there(book: Book) -> None:
    number = book.shown("all")[3].number

    book.write(number, contractor="Żółta Łódź", note="ёж")

    assert book.document(number).contractor == "Żółta Łódź"
    assert book.changed[number].note == "ёж"


def test_a_new_document_stands_on_top_and_can_be_deleted_again(book: Book) -> None:
    count = len(book.shown("all"))

    new = book.add()
    assert book.shown("all")[0] == new
    assert new.day == TODAY

    book.delete(new.number)
    assert len(book.shown("all")) == count
    assert new.number not in book.changed


def test_no_document_is_from_the_future(book: Book) -> None:
    assert all(document.day < TODAY for document in book.shown("all"))


def test_a_language_it_does_not_speak_is_refused() -> None:
    with pytest.raises(ValueError, match="speaks pl, ru, not 'de'"):
        Book("de", TODAY)


@pytest.mark.parametrize(
    ("amount", "written"),
    [("1234567.8", "1 234 567,80 zł"), ("-0.05", "−0,05 zł"), ("0", "0,00 zł")],
    ids=["groups of three", "a true minus", "zero is written"],
)
def test_money_is_written_as_poles_write_it(amount: str, written: str) -> None:
    assert money(Decimal(amount), "zł").replace("\u00a0", " ") == written
