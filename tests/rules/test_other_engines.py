"""Working time as workclock and django-bizcal compute it, on random desks; a million cases are in bench/differential.py."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from other_calendars import Desk, random_desk

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
OTHERS = ("workclock", "django-bizcal")


def cases_of(chance: Random) -> list[tuple[datetime, timedelta]]:
    return [
        (
            FIRST + timedelta(seconds=chance.randrange(1000 * 86_400)),
            timedelta(seconds=chance.choice((-1, 1)) * chance.randint(1, 40 * 3600)),
        )
        for _ in range(20)
    ]


@settings(max_examples=12, deadline=None)
@given(st.randoms(use_true_random=True))
@pytest.mark.parametrize("name", OTHERS)
def test_another_engine_adds_and_measures_the_same(name: str, chance: Random) -> None:
    desk = random_desk(chance)
    ours, theirs = desk.ours(), desk.others()[name]

    for start, amount in cases_of(chance):
        due = ours.add(start, amount)

        assert theirs.add(start, amount) == due
        assert theirs.worked(min(start, due), max(start, due)) == ours.worked(
            min(start, due), max(start, due)
        )


@pytest.mark.parametrize("name", OTHERS)
def test_a_holiday_that_only_one_of_them_knows_is_seen(name: str) -> None:
    week = dict.fromkeys(range(5), ((9 * 60, 17 * 60),))
    ours = Desk("Europe/Warsaw", week, [date(2026, 3, 3)]).ours()
    theirs = Desk("Europe/Warsaw", week, []).others()[name]
    start = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)

    assert theirs.add(start, timedelta(hours=4)) != ours.add(start, timedelta(hours=4))
