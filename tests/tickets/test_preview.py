"""What the form shows before anything is sent is what registration then decides."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from people import Cast, ask, desk_of, with_package
from pomost.journal.models import Fact
from pomost.tickets.errors import TicketRefused
from pomost.tickets.judgement import verdict_from_json
from pomost.tickets.models import Ticket
from pomost.tickets.queries import preview

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 6, 11, 16, 30, tzinfo=MOSCOW)


@pytest.fixture
def centaur(db: None) -> Cast:
    made = desk_of("centaur")
    with_package(made.acme, "extended")
    return made


def test_the_preview_is_what_registration_decides(centaur: Cast) -> None:
    shown = preview(
        centaur.vendor,
        centaur.acme,
        service="remote-connection",
        severity="critical",
        received_at=NOW,
        now=NOW,
        language="en",
    )
    ticket = ask(centaur.ada, "remote-connection", NOW, severity="critical")

    assert shown.verdict == verdict_from_json(ticket.verdict)
    (promise,) = shown.promises
    assert (promise.label, promise.amount, promise.due_at) == (
        "Notice of the number",
        timedelta(hours=1),
        ticket.due_at,
    )
    assert promise.clause == "4.1"
    assert (shown.verdict_label, shown.package_label, shown.missing) == (
        "Included in the package",
        "Extended",
        (),
    )


def test_a_preview_writes_nothing(centaur: Cast) -> None:
    before = Fact.objects.count()

    preview(centaur.vendor, centaur.acme, service="visit", severity="low", received_at=NOW, now=NOW)

    assert (Ticket.objects.count(), Fact.objects.count()) == (0, before)


def test_a_package_by_word_alone_is_not_shown(centaur: Cast) -> None:
    shown = preview(
        centaur.vendor,
        centaur.borealis,
        service="remote-connection",
        severity="low",
        package_claimed="extended",
        received_at=NOW,
        now=NOW,
        language="en",
    )

    assert (shown.package_label, shown.verdict_label) == ("Basic", "Not included")


def test_what_is_missing_is_named_with_what_to_send_and_the_price(db: None) -> None:
    bonus = desk_of("bonus")
    with_package(bonus.acme, "licence")
    shown = preview(
        bonus.vendor,
        bonus.acme,
        service="backup-by-mail",
        text="",
        phone="",
        received_at=NOW,
        now=NOW,
        language="ru",
    )

    assert [part.key for part in shown.missing] == ["backup-file", "description", "phone", "consent-to-pay"]
    assert shown.missing[0].label == "файл резервной копии"
    assert "1\N{NO-BREAK SPACE}300,00\N{NO-BREAK SPACE}₽" in shown.missing[3].ask
    assert shown.tariff_label in shown.missing[3].ask


def test_choices_that_do_not_fit_are_refused_as_registration_would(centaur: Cast) -> None:
    with pytest.raises(TicketRefused, match="Choose how badly it hurts"):
        preview(centaur.vendor, centaur.acme, service="visit", received_at=NOW, now=NOW)
