"""Open boards hear of every fact of their vendor, and of no other's."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction

from pomost.config.board_news import BoardNews
from pomost.journal.actions import record, seal_next
from pomost.remote import lines

NOW = datetime(2026, 6, 11, 9, tzinfo=UTC)


class Heard(lines.NoLines):
    """Keeps which boards were told."""

    def __init__(self) -> None:
        self.boards: list[str] = []

    def board_changed(self, vendor: str) -> None:
        self.boards.append(vendor)


@pytest.fixture
def heard() -> Iterator[Heard]:
    before, there = lines.lines(), Heard()
    lines.connect(there)
    yield there
    lines.connect(before)


def happened(*vendors: str) -> None:
    with transaction.atomic():
        for vendor in vendors:
            record("ticket.registered", vendor=vendor, subject="ticket:1", by="desk", at=NOW)
    seal_next()


@pytest.mark.django_db
def test_a_board_hears_once_of_all_that_happened_since(heard: Heard) -> None:
    news = BoardNews()
    happened("first")
    news.run_once()
    assert heard.boards == []
    happened("first", "first", "second", "")
    news.run_once()
    assert heard.boards == ["first", "second"]


@pytest.mark.django_db
def test_a_board_hears_nothing_while_nothing_happens(heard: Heard) -> None:
    news = BoardNews()
    news.run_once()
    happened("first")
    news.run_once()
    news.run_once()
    assert heard.boards == ["first"]
