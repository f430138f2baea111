"""A request keeps the version of its day: a newer file changes nothing that was decided, and decides what comes after."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from people import Cast, ask, by, desk_of, newer_terms, with_package
from pomost.billing.actions import make_invoice
from pomost.billing.queries import cost_so_far
from pomost.contracts.errors import TermsRefused
from pomost.contracts.models import TermsVersion
from pomost.tickets import actions
from pomost.tickets.actions import SeverityAnswer
from pomost.tickets.models import Ticket
from pomost.worklog.actions import enter_call

MOSCOW, WARSAW = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Warsaw")
FASTER = ('critical = "1h"', 'critical = "30m"')
DEARER = ('rate_per_hour = "200.00"', 'rate_per_hour = "220.00"')


def moscow(day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=MOSCOW)


def warsaw(day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=WARSAW)


@pytest.fixture
def centaur(db: None) -> Cast:
    made = desk_of("centaur")
    with_package(made.acme, "extended")
    return made


@pytest.fixture
def satisoft(db: None) -> Cast:
    return desk_of("satisoft")


def due(ticket: Ticket) -> datetime | None:
    return ticket.clocks.get(key="reaction").due_at


def everything(ticket: Ticket) -> tuple[object, ...]:
    """What was decided about a request."""
    kept = Ticket.objects.get(pk=ticket.pk)
    clocks = kept.clocks.order_by("key").values_list("key", "due_at", "clause", "met")
    return kept.verdict, kept.terms_id, kept.package, kept.severity, kept.missing, list(clocks)


def test_a_newer_version_leaves_an_open_request_as_it_was_and_decides_the_next_one(centaur: Cast) -> None:
    old = ask(centaur.ada, "error-diagnosis", moscow(30, 16), severity="critical")
    before = everything(old)

    newer_terms(centaur.vendor, "2026-07-01", FASTER)
    new = ask(centaur.ada, "error-diagnosis", moscow(1, 9, month=7), severity="critical")

    assert everything(old) == before
    assert due(old) == moscow(30, 17)
    assert due(new) == moscow(1, 9, 30, month=7)
    assert (old.terms.version, new.terms.version) == ("1", "2")


def test_what_happens_later_to_an_old_request_is_still_judged_by_its_own_version(centaur: Cast) -> None:
    old = ask(centaur.ada, "error-diagnosis", moscow(30, 16, 30), severity="medium")
    newer_terms(centaur.vendor, "2026-07-01", FASTER)

    staff = by(centaur.tess)
    later = moscow(1, 9, 5, month=7)
    actions.propose_severity(old, "critical", by=staff, at=later)
    answer = SeverityAnswer(agreed=True, contact=centaur.ada, channel="phone")
    actions.answer_severity(old, answer, by=staff, at=later + timedelta(minutes=1))

    # 30 minutes on the day of receipt and 30 more the next morning: an hour, as version 1 promised.
    assert due(Ticket.objects.get(pk=old.pk)) == moscow(1, 9, 30, month=7)


def test_each_piece_of_work_has_the_price_of_its_day_also_across_versions(satisoft: Cast) -> None:
    ticket = ask(satisoft.ada, "remote-help", warsaw(30, 9), family="subiekt")
    newer_terms(satisoft.vendor, "2026-07-01", DEARER)
    _work(ticket, satisoft, warsaw(30, 10), minutes=30)
    dearer = ask(satisoft.ada, "remote-help", warsaw(1, 9, month=7), family="subiekt")
    _work(dearer, satisoft, warsaw(1, 10, month=7), minutes=30)
    solved = [_confirmed(each, satisoft, warsaw(2, 9, month=7)) for each in (ticket, dearer)]

    invoice = make_invoice(solved, by=by(satisoft.bela), at=warsaw(3, 9, month=7))

    lines = invoice.lines.order_by("position").values_list("net", "clause", "clause_from")
    assert [(net, str(day)) for net, _clause, day in lines] == [
        (Decimal("200.00"), "2024-01-01"),
        (Decimal("220.00"), "2026-07-01"),
    ]


def test_work_after_a_price_change_within_one_version_has_the_new_price(db: None) -> None:
    lists = "[[price_list]]"
    made = desk_of("satisoft", edit=lambda text: _with_second_list(text, lists))
    june = ask(made.ada, "remote-help", warsaw(30, 9), family="subiekt")
    _work(june, made, warsaw(30, 10), minutes=30)
    july = ask(made.ada, "remote-help", warsaw(1, 9, month=7), family="subiekt")
    _work(july, made, warsaw(1, 10, month=7), minutes=30)
    now = warsaw(1, 12, month=7)

    assert june.terms_id == july.terms_id
    assert cost_so_far(june, now=now).bill.net.amount == Decimal("200.00")
    assert cost_so_far(july, now=now).bill.net.amount == Decimal("220.00")


def test_a_version_cannot_begin_before_what_was_decided_already(satisoft: Cast) -> None:
    ask(satisoft.ada, "remote-help", warsaw(15, 9), family="subiekt")

    with pytest.raises(TermsRefused, match="handled up to 2026-06-15"):
        newer_terms(satisoft.vendor, "2026-06-15", DEARER)

    assert TermsVersion.objects.filter(vendor=satisoft.vendor).count() == 1
    assert newer_terms(satisoft.vendor, "2026-06-16", DEARER).version == "2"


def _with_second_list(text: str, heading: str) -> str:
    head, _, rest = text.partition(heading)
    body, _, after = rest.partition("[estimate]")
    later = body.replace('id = "2024"', 'id = "2026"').replace("from = 2024-01-01", "from = 2026-07-01")
    return f"{head}{heading}{body}{heading}{later.replace(*DEARER)}[estimate]{after}"


def _work(ticket: Ticket, desk: Cast, began: datetime, *, minutes: int) -> None:
    ended = began + timedelta(minutes=minutes)
    staff = by(desk.tess)
    enter_call(
        ticket, technician=desk.tess, worked_seconds=minutes * 60, started_at=began, by=staff, at=ended
    )


def _confirmed(ticket: Ticket, desk: Cast, at: datetime) -> Ticket:
    solved = actions.propose_solution(
        Ticket.objects.get(pk=ticket.pk), "Done.", technician=desk.tess, by=by(desk.tess), at=at
    )
    return actions.confirm_solution(
        solved, contact=desk.ada, channel="portal", by=by(desk.ada), at=at + timedelta(hours=1)
    )
