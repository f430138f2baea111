"""The last free minutes, when two technicians enter time by hand at the same moment."""

from datetime import timedelta
from functools import partial

import pytest

from billing.stories import Story, story_of
from people import by
from pomost.billing import by_hand as looked
from pomost.billing.actions import Worked, by_hand, enter_by_hand
from pomost.billing.by_hand import BeyondAgreed
from pomost.worklog.models import Entry
from races.crossing import Crossing, of_kind, remove_locks

only_postgresql = pytest.mark.parametrize("both_own_databases", ["postgresql"], indirect=True)


@pytest.fixture
def satisoft(both_own_databases: str) -> Story:
    return story_of("satisoft")


def enter_at_once(story: Story, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Enter 40 minutes twice where 60 are free; each hand stops when it knows what is left."""
    at = story.at("2026-06-16 10:00")
    ticket = story.ticket("remote-help", at, family="subiekt")
    crossing = Crossing(one_by_one=True)
    monkeypatch.setattr(by_hand, "beyond_agreed", crossing.after(looked.beyond_agreed))
    worked = Worked("call", 40 * 60, at, "Rebuilt the index.")
    who = story.tess
    return crossing.run(
        *(
            partial(enter_by_hand, ticket, worked, technician=who, by=by(who), at=at + timedelta(hours=1))
            for _hand in range(2)
        )
    )


def test_the_last_free_minutes_are_given_once_and_the_other_is_asked(
    satisoft: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = enter_at_once(satisoft, monkeypatch)

    assert (len(of_kind(ends, Entry)), len(of_kind(ends, BeyondAgreed))) == (1, 1), ends


@only_postgresql
def test_without_the_lock_twenty_minutes_would_go_in_silently(
    satisoft: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove_locks(monkeypatch)

    ends = enter_at_once(satisoft, monkeypatch)

    assert len(of_kind(ends, Entry)) == 2, ends
