"""The page of absences: one's own, or everybody's for the dispatcher; collisions lead to their request."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from console.scene import NOW, SignIn, page, post
from moments import june
from people import Cast, ask, by
from pomost.people.formats import NBSP
from pomost.tickets import actions
from pomost.tickets.actions import Place, Slot
from pomost.tickets.models import Absence

WHOLE_DAY: Any = {"first_day": "2026-06-16", "reason": "Leave"}


def test_a_whole_day_lasts_from_midnight_to_midnight_by_the_vendors_clock(desk: Cast, tess: Client) -> None:
    post(tess, "absences/", technician=desk.tess.pk, **WHOLE_DAY)

    absence = Absence.objects.get()
    assert (absence.starts_at, absence.ends_at) == (june(16, 0), june(17, 0))
    assert absence.by == by(desk.tess)
    assert "Leave" in page(tess, "absences/")


def test_hours_of_a_day_and_days_in_a_row(desk: Cast, tess: Client) -> None:
    post(
        tess,
        "absences/",
        technician=desk.tess.pk,
        first_day="2026-06-16",
        from_time="13:00",
        last_day="2026-06-18",
        to_time="10:30",
    )

    absence = Absence.objects.get()
    assert (absence.starts_at, absence.ends_at) == (june(16, 13), june(18, 10, 30))


def test_what_is_booked_meanwhile_is_named_with_the_way_to_it(desk: Cast, tess: Client) -> None:
    ticket = ask(desk.ada, "settings-advice", NOW, severity="low")
    actions.book(ticket, Slot(desk.tess, june(16, 10), june(16, 11)), by="x", at=NOW)

    post(tess, "absences/", technician=desk.tess.pk, **WHOLE_DAY)

    text = page(tess, "absences/")
    assert quote(ticket.number) in text
    assert "Acme" in text


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (june(16, 0), june(17, 0), "Tue 16 June"),
        (june(16, 0), june(19, 0), "Tue 16 June to Thu 18 June"),
        (june(16, 13), june(18, 10, 30), "Tue 13:00 to Thu 10:30"),
        (june(16, 0), june(16, 12), "Tue 16 June, 0:00\N{EN DASH}12:00"),
    ],
)
def test_whole_days_are_named_as_days(
    desk: Cast, tess: Client, start: datetime, end: datetime, words: str
) -> None:
    actions.note_absence(desk.tess, start, end, by="x", at=NOW)

    assert f"<span>{words}</span>" in page(tess, "absences/").replace(NBSP, " ")


def test_a_visit_meanwhile_is_named_with_the_way_to_it(desk: Cast, tess: Client) -> None:
    ticket = ask(desk.ada, "visit", NOW, severity="low")
    slot = Slot(desk.tess, june(16, 10), june(16, 12))
    actions.propose_visit(ticket, Place("Kazan"), slot, reason="New.", by=by(desk.tess), at=NOW)

    post(tess, "absences/", technician=desk.tess.pk, **WHOLE_DAY)

    text = page(tess, "absences/")
    assert f'href="/centaur/console/tickets/{quote(ticket.number)}/visits/"' in text
    assert "Visit" in text
    actions.cancel_visit(ticket, by=by(desk.tess), at=NOW)
    assert quote(ticket.number) not in page(tess, "absences/")


def test_a_technician_notes_and_takes_back_only_their_own(desk: Cast, tess: Client, sign_in: SignIn) -> None:
    dispatcher = sign_in(desk.dora)
    post(tess, "absences/", status=422, technician=desk.dora.pk, **WHOLE_DAY)
    post(dispatcher, "absences/", technician=desk.dora.pk, **WHOLE_DAY)
    absence = Absence.objects.get()

    post(tess, f"absences/{absence.pk}/withdraw/", status=403)
    assert Absence.objects.count() == 1

    post(dispatcher, f"absences/{absence.pk}/withdraw/")
    assert Absence.objects.count() == 0


def test_the_neighbours_absences_are_not_there(desk: Cast, tess: Client) -> None:
    theirs = actions.note_absence(desk.nils, june(16, 0), june(17, 0), by="x", at=NOW)

    post(tess, f"absences/{theirs.pk}/withdraw/", status=404)
    post(tess, "absences/", status=422, technician=desk.nils.pk, **WHOLE_DAY)

    assert Absence.objects.count() == 1


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"first_day": "yesterday"},
        {"first_day": "2026-02-30"},
        {"first_day": "2026-06-16", "from_time": "25:00"},
        {"first_day": "9999-12-31"},
        {"first_day": "9999-12-30"},
        {"first_day": "0001-01-01", "last_day": "0001-01-01"},
        {"first_day": "2026-06-16", "last_day": "2028-06-16"},
        {"first_day": "2026-06-16", "reason": "x" * 121},
        {"first_day": "2026-06-16", "reason": "\x00"},
        {"technician": "1e9", "first_day": "2026-06-16"},
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field_and_nothing_is_kept(
    desk: Cast, tess: Client, typed: Mapping[str, str]
) -> None:
    answer = tess.post("/centaur/console/absences/", {"technician": str(desk.tess.pk), **typed})

    assert answer.status_code in {409, 422, 400}, answer.status_code
    assert Absence.objects.count() == 0


def test_an_absence_that_is_past_is_refused_above_the_form(desk: Cast, tess: Client) -> None:
    text = post(tess, "absences/", status=409, technician=desk.tess.pk, first_day="2026-06-01")

    assert "This time is past" in text
