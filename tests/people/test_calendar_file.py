"""Calendar files: read back by another reader of the format, they say when, where, who and what is newer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.people.calendar_file import Agreed, Method, Party, calendar_file, media_type

SAID = datetime(2026, 6, 15, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
DESK = Party("Harbour", "support@harbour.example.org")
ADA = Party("Ada", "ada@acme.example.org")


def agreed(start: datetime, zone: str = "Europe/Warsaw", *, title: str = "Help", text: str = "") -> Agreed:
    return Agreed(
        uid="7@harbour.example.org",
        sequence=0,
        starts_at=start,
        ends_at=start + HOUR,
        zone=zone,
        title=title,
        organizer=DESK,
        attendees=(ADA,),
        text=text,
    )


def read(content: bytes) -> tuple[Any, Any]:
    """Return the file and its one event; their values are as many types as the format has."""
    made: Any = icalendar.Calendar.from_ical(content)
    (event,) = made.walk("VEVENT")
    return made, event


def span(event: Any) -> tuple[datetime, datetime]:
    """Return when it is, in UTC: a wall clock's double hour equals nothing of another zone (PEP 495)."""
    return event["dtstart"].dt.astimezone(UTC), event["dtend"].dt.astimezone(UTC)


def test_an_invitation_says_who_asks_whom_to_what() -> None:
    made, event = read(calendar_file([agreed(datetime(2026, 6, 16, 8, tzinfo=UTC))], Method.REQUEST, at=SAID))

    assert made["method"] == "REQUEST"
    assert event["uid"] == "7@harbour.example.org"
    assert event["sequence"] == 0
    assert event["dtstamp"].dt == SAID
    assert event["organizer"] == "mailto:support@harbour.example.org"
    assert event["attendee"] == "mailto:ada@acme.example.org"
    assert event["attendee"].params["rsvp"] == "TRUE"
    assert media_type(Method.REQUEST) == "text/calendar; method=REQUEST"


def test_a_withdrawal_cancels_and_asks_for_no_answer() -> None:
    made, event = read(calendar_file([agreed(SAID)], Method.CANCEL, at=SAID))

    assert (made["method"], event["status"]) == ("CANCEL", "CANCELLED")
    assert "rsvp" not in event["attendee"].params


@pytest.mark.parametrize("zone", ["Europe/Warsaw", "Europe/Moscow", "Asia/Kathmandu", "UTC"])
@pytest.mark.parametrize(
    "start",
    [datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC), SAID],
    ids=["the hour that is skipped", "the hour that comes twice", "June"],
)
def test_times_stand_by_the_wall_clock_with_the_rules_of_their_zone(zone: str, start: datetime) -> None:
    made, event = read(calendar_file([agreed(start, zone)], Method.REQUEST, at=SAID))

    assert span(event) == (start, start + HOUR)
    if zone == "Europe/Moscow":
        assert event["dtstart"].params["tzid"] == zone
        assert [each["tzid"] for each in made.walk("VTIMEZONE")] == [zone]


def test_the_second_of_two_equal_hours_is_written_in_utc_because_a_wall_clock_cannot_name_it() -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02:30 for the second time in Warsaw

    content = calendar_file([agreed(second)], Method.REQUEST, at=SAID).decode()

    assert "DTSTART:20261025T013000Z" in content
    assert span(read(content.encode())[1]) == (second, second + HOUR)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2036, 12, 31)),  # noqa: DTZ001 (naive bounds, as hypothesis wants them)
    st.sampled_from(["Europe/Warsaw", "Europe/Moscow", "America/New_York", "Australia/Lord_Howe"]),
)
def test_every_moment_comes_back_as_it_went(naive: datetime, zone: str) -> None:
    start = naive.replace(microsecond=0, tzinfo=UTC)

    _made, event = read(calendar_file([agreed(start, zone)], Method.PUBLISH, at=SAID))

    assert span(event) == (start, start + HOUR)


@given(st.text(), st.text())
def test_no_text_gets_out_of_its_place(title: str, text: str) -> None:
    """Hostile words stay words: no second event, no further attendee, whatever stands in them."""
    hostile = f"{title}\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nATTENDEE:mailto:eve@example.org{text}"
    event = agreed(SAID, title=hostile, text=hostile)
    hostile_party = Party(hostile, "x@example.org")

    content = calendar_file(
        [event], Method.REQUEST, at=SAID, name=hostile
    ) + calendar_file(  # names of people and of the calendar too
        [
            Agreed(
                "u@x",
                1,
                SAID,
                SAID + HOUR,
                "UTC",
                "t",
                organizer=hostile_party,
                attendees=(hostile_party,),
            )
        ],
        Method.REQUEST,
        at=SAID,
    )

    lines = content.split(b"\r\n")
    assert lines.count(b"BEGIN:VEVENT") == 2
    assert not [line for line in lines if line.startswith(b"ATTENDEE:mailto:eve")]
    assert all(len(line) <= 75 for line in lines)


def test_a_feed_has_a_name_and_as_many_events_as_there_are() -> None:
    events = [agreed(SAID), agreed(SAID + timedelta(days=200), "Europe/Moscow")]

    made: Any = icalendar.Calendar.from_ical(calendar_file(events, Method.PUBLISH, at=SAID, name="Tess"))

    assert made["x-wr-calname"] == "Tess"
    assert len(made.walk("VEVENT")) == 2
    assert len(made.walk("VTIMEZONE")) == 2
    assert icalendar.Calendar.from_ical(calendar_file([], Method.PUBLISH, at=SAID)).walk("VEVENT") == []
