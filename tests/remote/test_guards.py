"""Attacks on the records of sessions and of worked time with raw SQL, each beside what is allowed."""

import pytest

from attacks import refusal, refused, run_sql, truncation
from billing.rows import NOON, Rows, make_rows
from pomost.remote.models import RemoteSession, SessionEvent
from pomost.worklog.models import Entry


@pytest.fixture
def rows(both_databases: object) -> Rows:
    return make_rows()


FORWARD = [
    "UPDATE remote_remotesession SET metered_ms = metered_ms + 1",
    "UPDATE remote_remotesession SET level = 'look'",
    "UPDATE remote_remotesession SET inputs_accepted = 7",
    "UPDATE remote_remotesession SET state = 'ended', ended_at = rung_at",
]
BACKWARD = [
    "UPDATE remote_remotesession SET metered_ms = metered_ms - 1",
    "UPDATE remote_remotesession SET state = 'ringing'",
    "UPDATE remote_remotesession SET ceiling = 'change-many'",
    "UPDATE remote_remotesession SET ticket_id = (SELECT MAX(id) FROM tickets_ticket)",
    "UPDATE remote_remotesession SET technician_id = (SELECT MAX(id) FROM people_technician)",
    "UPDATE remote_remotesession SET rung_at = answered_at",
    "DELETE FROM remote_remotesession",
]


@pytest.mark.parametrize("statement", FORWARD)
def test_an_open_session_goes_forward(rows: Rows, statement: str) -> None:
    rows.session(rows.ticket(), state="answered")

    assert run_sql(statement) == 1


@pytest.mark.parametrize("attack", BACKWARD)
def test_an_open_session_does_not_go_back(rows: Rows, attack: str) -> None:
    rows.session(rows.ticket(), state="answered")
    rows.ticket()

    assert "remote: " in refusal(attack)


@pytest.mark.parametrize("attack", FORWARD + BACKWARD)
def test_an_ended_session_is_not_changed_at_all(rows: Rows, attack: str) -> None:
    rows.session(rows.ticket())
    rows.ticket()

    assert "remote: " in refusal(attack)


def test_a_session_begins_with_a_ring(rows: Rows) -> None:
    ticket = rows.ticket()
    refused(
        "begins with a ring",
        lambda: RemoteSession.objects.create(
            vendor=rows.cast.vendor,
            technician=rows.cast.tess,
            ticket=ticket,
            state="answered",
            caller_name="Ada",
            language="en",
            rung_at=NOON,
        ),
    )


def test_nothing_is_recorded_after_the_end(rows: Rows) -> None:
    live, over = rows.session(rows.ticket(), state="answered"), rows.session(rows.ticket())

    SessionEvent.objects.create(session=live, kind="level.granted", at=NOON)
    refused("after the end", lambda: SessionEvent.objects.create(session=over, kind="level.granted", at=NOON))


@pytest.mark.parametrize(
    "attack",
    ["UPDATE remote_sessionevent SET kind = 'level.granted'", "DELETE FROM remote_sessionevent"],
)
def test_an_event_stays_as_it_is(rows: Rows, attack: str) -> None:
    live = rows.session(rows.ticket(), state="answered")
    SessionEvent.objects.create(session=live, kind="level.asked", at=NOON)

    assert "an event is never" in refusal(attack)


@pytest.mark.parametrize("which_database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", ["remote_remotesession", "remote_sessionevent", "worklog_entry"])
def test_no_record_is_emptied(rows: Rows, table: str) -> None:
    live = rows.session(rows.ticket(), state="answered")
    SessionEvent.objects.create(session=live, kind="level.asked", at=NOON)
    rows.entry(rows.ticket())

    assert "never" in truncation(table)


@pytest.mark.parametrize("which_database", ["sqlite"], indirect=True)
def test_replace_does_not_open_an_ended_session_again(rows: Rows) -> None:
    rows.session(rows.ticket())
    names = ", ".join(field.attname for field in RemoteSession._meta.concrete_fields)
    values = names.replace("state", "'ringing'").replace("ended_at", "NULL").replace("metered_ms", "0")
    attack = (
        f"INSERT OR REPLACE INTO remote_remotesession ({names}) SELECT {values} FROM remote_remotesession"  # noqa: S608 (our own column names)
    )

    assert "replaces none" in refusal(attack)


# --- worked time -----------------------------------------------------------------------------------------------------


def _enter(rows: Rows, session: RemoteSession, *, seconds: int) -> Entry:
    assert session.ticket is not None
    return Entry.objects.create(
        ticket=session.ticket,
        technician=session.technician,
        source=Entry.Source.SESSION,
        session=session,
        service="help",
        started_at=NOON,
        worked_seconds=seconds,
        recorded_at=NOON,
    )


def test_an_entry_claims_no_more_than_its_session_measured(rows: Rows) -> None:
    session = rows.session(rows.ticket(), metered_ms=60_999)

    refused("no more than it measured", lambda: _enter(rows, session, seconds=61))
    _enter(rows, session, seconds=60)


def test_an_open_session_is_not_entered(rows: Rows) -> None:
    session = rows.session(rows.ticket(), state="answered")

    refused("after its end", lambda: _enter(rows, session, seconds=60))


def test_a_session_is_entered_for_its_own_request(rows: Rows) -> None:
    session = rows.session(rows.ticket())
    session.ticket = rows.ticket()

    refused("its own ticket", lambda: _enter(rows, session, seconds=60))


def test_a_session_is_entered_once(rows: Rows) -> None:
    session = rows.session(rows.ticket())
    _enter(rows, session, seconds=60)

    refused(r"entered once|unique", lambda: _enter(rows, session, seconds=30))


@pytest.mark.parametrize(
    "attack", ["UPDATE worklog_entry SET worked_seconds = 1", "DELETE FROM worklog_entry"]
)
def test_an_entry_stays_as_it_is(rows: Rows, attack: str) -> None:
    rows.entry(rows.ticket())

    assert "never" in refusal(attack)
