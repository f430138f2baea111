"""Two hands at one release: nobody hears twice, and nobody is missed who joins an error while it is being mended."""

from datetime import UTC, datetime
from functools import partial
from importlib import import_module

import pytest
from django.db import OperationalError, connection, transaction

from attacks import drop_constraints
from people import Cast, ask, desk_of
from pomost.journal.models import Fact
from pomost.tickets import actions
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import KnownError, Release, ReleaseTold, Ticket
from races.crossing import Crossing, of_kind, remove_locks

NOW = datetime(2026, 6, 15, 6, tzinfo=UTC)
RACERS = 3
RELEASES = import_module("pomost.tickets.actions.releases")
ERRORS = import_module("pomost.tickets.actions.known_errors")
TELLING = import_module("pomost.tickets.actions.telling")

only_postgresql = pytest.mark.parametrize("both_own_databases", ["postgresql"], indirect=True)


@pytest.fixture
def desk(both_own_databases: str) -> Cast:
    with transaction.atomic():
        return desk_of("centaur")


def error_and_release(desk: Cast) -> tuple[KnownError, Release]:
    """Make an error that Ada met, and the release to come that mends it."""
    with transaction.atomic():
        ticket = ask(desk.ada, "settings-advice", NOW, severity="low")
        error = actions.report_error(ticket, title={"en": "Wrong"}, symptom={}, by="desk", at=NOW)
        return error, actions.plan_release(desk.vendor, version="3.16.1", by="desk", at=NOW)


def told() -> int:
    return Fact.objects.filter(kind="ticket.error-mended", data__tell=True).count()


def publish_at_once(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Let several publish one release; each stops when it has seen that it may, before it tells anybody."""
    error, release = error_and_release(desk)
    crossing = Crossing()
    monkeypatch.setattr(RELEASES, "tell_of_release", crossing.before(RELEASES.tell_of_release))
    one = partial(actions.publish_release, release, mends=[error], by="desk", at=NOW)
    return crossing.run(*[one] * RACERS)


def test_of_several_who_publish_at_once_one_does_and_everybody_hears_once(
    desk: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = publish_at_once(desk, monkeypatch)

    assert len(of_kind(ends, Release)) == 1, ends
    assert len(of_kind(ends, TicketRefused)) == RACERS - 1, ends
    assert Fact.objects.filter(kind="release.published").count() == 1
    assert told() == ReleaseTold.objects.count() == 1


def test_without_the_lock_it_would_be_published_by_each(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_locks(monkeypatch)

    ends = publish_at_once(desk, monkeypatch)

    if connection.vendor == "sqlite":  # who has read what another changed may not write
        assert len(of_kind(ends, OperationalError)) == RACERS - 1, ends
    else:
        assert Fact.objects.filter(kind="release.published").count() == RACERS


def join_two_errors_of_one_release(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Let two requests of Ada's join two mended errors; each stops when it has seen that she heard nothing yet."""
    with transaction.atomic():
        source, *joining = (ask(desk.ada, "settings-advice", NOW, severity="low") for _each in range(3))
        errors = [
            actions.report_error(source, title={"en": "Wrong"}, symptom={}, by="desk", at=NOW)
            for _each in joining
        ]
        for error in errors:
            actions.unlink_error(source, error, by="desk", at=NOW)
        release = actions.plan_release(desk.vendor, version="3.16.1", by="desk", at=NOW)
        actions.publish_release(release, mends=errors, by="desk", at=NOW)
    crossing = Crossing()
    monkeypatch.setattr(TELLING, "_mailbox", crossing.after(TELLING._mailbox))
    return crossing.run(
        *(
            partial(actions.link_error, ticket, error, by="desk", at=NOW)
            for ticket, error in zip(joining, errors, strict=True)
        )
    )


def test_who_joins_two_errors_of_one_release_at_once_hears_once(
    desk: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = join_two_errors_of_one_release(desk, monkeypatch)

    assert len(of_kind(ends, KnownError)) == len(ends), ends
    assert told() == ReleaseTold.objects.count() == 1


@only_postgresql
def test_without_the_key_they_would_hear_of_each_error(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    drop_constraints("tickets_releasetold")
    monkeypatch.setattr(
        type(ReleaseTold.objects),
        "get_or_create",
        lambda rows, defaults, **key: (rows.create(**key, **defaults), True),
    )

    ends = join_two_errors_of_one_release(desk, monkeypatch)

    assert len(of_kind(ends, KnownError)) == len(ends), ends
    assert told() == len(ends)


def join_while_it_is_published(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> Ticket:
    """Let Boris's request join the error while it is mended; each stops between its look and what it does."""
    error, release = error_and_release(desk)
    with transaction.atomic():
        late = ask(desk.boris, "settings-advice", NOW, severity="low")
    crossing = Crossing()
    monkeypatch.setattr(RELEASES, "_concerned", crossing.after(RELEASES._concerned))
    monkeypatch.setattr(ERRORS, "_link", crossing.before(ERRORS._link))
    ends = crossing.run(
        partial(actions.publish_release, release, mends=[error], by="desk", at=NOW),
        partial(actions.link_error, late, error, by="desk", at=NOW),
    )
    assert not of_kind(ends, AssertionError), ends
    return late


def hears(ticket: Ticket) -> bool:
    return Fact.objects.filter(
        kind="ticket.error-mended", subject=f"ticket:{ticket.pk}", data__tell=True
    ).exists()


def test_whoever_joins_while_it_is_published_is_not_missed(
    desk: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hears(join_while_it_is_published(desk, monkeypatch))
    assert told() == 2


@only_postgresql
def test_without_the_lock_who_joins_would_be_missed(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_locks(monkeypatch)

    assert not hears(join_while_it_is_published(desk, monkeypatch))
