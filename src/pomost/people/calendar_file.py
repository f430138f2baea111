"""From an agreed time to a calendar file (.ics): an invitation, its change, its withdrawal, or a feed of many.

Owns the file alone (RFC 5545, RFC 5546): who is invited to what is the caller's. The same event keeps its `uid` for life and
each change of it has a higher `sequence`, by which calendars know what is newer. Times stand by the wall clock of the
event's zone, with that zone's rules in the file; the hour that a clock shows twice is written in UTC, which has it once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from unicodedata import category
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress

MAKER: Final = "-//Pomost//Pomost//EN"
MEDIA_TYPE: Final = "text/calendar"
A_YEAR: Final = timedelta(days=366)


class Method(StrEnum):
    """What the file asks the calendar that reads it to do."""

    PUBLISH = "PUBLISH"
    """Show it: a feed, or a file that somebody fetched."""
    REQUEST = "REQUEST"
    """An invitation, or the newer state of one; mail programs offer to accept it."""
    CANCEL = "CANCEL"
    """Take it away."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody with a mail address."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """One agreed time, as a calendar shows it."""

    uid: str
    """Unique in the world and the same for the life of the event."""
    sequence: int
    """0 for the first word of it; higher with each change."""
    starts_at: datetime
    ends_at: datetime
    zone: str
    """IANA name of the zone in which it was agreed."""
    title: str
    text: str = ""
    """Shown below the title."""
    place: str = ""
    url: str = ""
    organizer: Party | None = None
    attendees: Sequence[Party] = ()


def calendar_file(events: Sequence[Agreed], method: Method, *, at: datetime, name: str = "") -> bytes:
    """Return the file; the same bytes whenever it is made of the same.

    Args:
        events: one for an invitation or its withdrawal, any number to publish.
        method: what is asked of the calendar.
        at: when this was said; aware.
        name: of the whole calendar, for a feed.
    """
    made = Calendar()
    made.add("prodid", MAKER)
    made.add("version", "2.0")
    made.add("method", method.value)
    if name:
        made.add("x-wr-calname", _line(name))
    for event in events:
        made.add_component(_event(event, method, at))
    if events:
        made.add_missing_timezones(
            first_date=(min(each.starts_at for each in events) - A_YEAR).date(),
            last_date=(max(each.ends_at for each in events) + A_YEAR).date(),
        )
    content: bytes = made.to_ical()
    return content


def media_type(method: Method) -> str:
    """Return the type of the file in a mail, by which mail programs know what to offer."""
    return f"{MEDIA_TYPE}; method={method.value}"


def _event(agreed: Agreed, method: Method, at: datetime) -> Event:
    event = Event()
    event.add("uid", agreed.uid)
    event.add("sequence", agreed.sequence)
    event.add("dtstamp", at)
    event.add("dtstart", _wall(agreed.starts_at, agreed.zone))
    event.add("dtend", _wall(agreed.ends_at, agreed.zone))
    event.add("summary", _line(agreed.title))
    if agreed.text:
        event.add("description", _clean(agreed.text))
    if agreed.place:
        event.add("location", _line(agreed.place))
    if agreed.url:
        event.add("url", agreed.url)
    event.add("status", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    if agreed.organizer is not None:
        event.add("organizer", _address(agreed.organizer))
    for each in agreed.attendees:
        attendee = _address(each)
        attendee.params["ROLE"] = "REQ-PARTICIPANT"
        attendee.params["PARTSTAT"] = "NEEDS-ACTION"
        if method is Method.REQUEST:
            attendee.params["RSVP"] = "TRUE"
        event.add("attendee", attendee, encode=False)
    return event


def _wall(at: datetime, zone: str) -> datetime:
    local = at.astimezone(ZoneInfo(zone))
    return at.astimezone(ZoneInfo("UTC")) if local.fold else local


def _address(party: Party) -> vCalAddress:
    address = vCalAddress(f"mailto:{party.email}")
    address.params["CN"] = _line(party.name).replace('"', "'")
    return address


def _line(text: str) -> str:
    return " ".join(_clean(text).split())


def _clean(text: str) -> str:
    """Drop what a calendar file may not hold: control characters that are no line break."""
    return "".join(sign for sign in text if sign == "\n" or category(sign) != "Cc")
