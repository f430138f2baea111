"""What both ends see while time is counted."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import pytest
from django.utils import translation

from billing.rows import make_rows
from billing.stories import Story, story_of
from pomost.billing.costs import agreed_of
from pomost.billing.queries import allowed_ms, cost_so_far, cost_words, meter
from pomost.contracts.actions import add_contract
from pomost.tickets.models import Ticket

MINUTE_MS = 60_000


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def bonus() -> tuple[Story, datetime]:
    story = story_of("bonus")
    at = story.at("2026-06-16 10:00")
    began = story.at("2026-01-01 00:00")
    add_contract(
        customer=story.customer, number="L-1", package="licence", valid_from=began.date(), by="desk", at=began
    )
    return story, at


@pytest.mark.django_db
def test_the_minimum_fills_at_once_and_time_above_it_as_it_passes() -> None:
    story, at = bonus()
    ticket = story.ticket("direct-connection", at)

    first = meter(ticket, session_ms=MINUTE_MS, now=at, language="en")
    later = meter(ticket, session_ms=90 * MINUTE_MS, now=at, language="en")

    assert [plank.filled_percent for plank in first.planks] == [100, 0, 0, 0]
    assert [plank.filled_percent for plank in later.planks] == [100, 50, 0, 0]
    assert not any(plank.asks_before for plank in later.planks)
    assert (later.net.amount, later.gate_seconds, later.clause) == (Decimal(5950), None, "§ 3.3")
    assert later.text == "5,950.00\N{NO-BREAK SPACE}RUB, no VAT"


@pytest.mark.django_db
def test_before_the_first_second_nothing_is_due() -> None:
    story, at = bonus()

    shown = meter(story.ticket("direct-connection", at), session_ms=999, now=at, language="en")

    assert (shown.net.amount, [plank.filled_percent for plank in shown.planks]) == (Decimal(0), [0, 0, 0, 0])


@pytest.mark.django_db
def test_earlier_work_on_the_request_stands_in_its_planks() -> None:
    story = story_of("satisoft")
    at = story.at("2026-06-16 10:00")
    ticket = story.ticket("remote-help", at, family="subiekt")
    story.worked(ticket, at, 40)

    shown = meter(ticket, session_ms=10 * MINUTE_MS, now=at, language="en")

    assert (shown.worked_seconds, shown.net.amount) == (50 * 60, Decimal(200))
    assert (allowed_ms(ticket), shown.gate_reached) == (20 * MINUTE_MS, False)
    assert meter(ticket, session_ms=20 * MINUTE_MS, now=at, language="en").gate_reached


@pytest.mark.django_db
def test_after_a_yes_the_bound_is_what_the_accepted_sum_covers() -> None:
    story = story_of("satisoft")
    at = story.at("2026-06-16 10:00")
    ticket = story.ticket("remote-help", at, family="subiekt")
    story.measured(story.granted(ticket, at), 55)
    assert allowed_ms(ticket) == 60 * MINUTE_MS

    story.decided(story.estimate(ticket, at, more_minutes=60), at, accepted=True)

    shown = meter(ticket, session_ms=65 * MINUTE_MS, now=at, language="en")
    # 55 min and 60 min more are two started hours, so the second one is paid for to its end.
    assert (allowed_ms(ticket), shown.gate_seconds, shown.gate_reached) == (120 * MINUTE_MS, 7200, False)
    assert [plank.asks_before for plank in shown.planks][:3] == [False, False, True]


@pytest.mark.django_db
def test_an_included_service_says_so_and_costs_nothing() -> None:
    story, at = bonus()
    ticket = story.ticket("phone-line", at)

    shown = meter(ticket, session_ms=30 * MINUTE_MS, now=at, language="en")

    assert (shown.net.amount, shown.planks, shown.gate_reached) == (Decimal(0), (), False)
    assert shown.text.startswith("Included: 0.00")


@pytest.mark.django_db
def test_a_long_session_has_no_endless_row_of_planks() -> None:
    story, at = bonus()

    shown = meter(
        story.ticket("direct-connection", at), session_ms=200 * 60 * MINUTE_MS, now=at, language="en"
    )

    assert len(shown.planks) == 40


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ru", "pl", "en"])
def test_the_sum_is_named_in_each_language(language: str) -> None:
    story = story_of("satisoft")
    at = story.at("2026-06-16 10:00")
    ticket: Ticket = story.ticket("remote-help", at, family="subiekt")

    shown = meter(ticket, session_ms=MINUTE_MS, now=at, language=language)

    assert "200" in shown.text
    assert (
        shown.clause_text
        == {
            "ru": "Subiekt и Gestor: 200 злотых без НДС за каждый начатый час.",
            "pl": "Subiekt i Gestor: 200 zł netto za każdą rozpoczętą godzinę.",
            "en": "Subiekt and Gestor: 200 PLN net for each started hour.",
        }[language]
    )


@pytest.mark.django_db
def test_after_a_no_nothing_more_is_counted_until_a_yes() -> None:
    rows = make_rows()
    ticket = rows.ticket(Ticket.State.OPEN)

    rows.answered(rows.estimate(ticket, leaves_zero=False), accepted=False)
    assert agreed_of(ticket).answer == "declined"
    rows.estimate(ticket, leaves_zero=False)
    assert agreed_of(ticket).answer == "declined"
    rows.answered(ticket.estimates.get(state="proposed"), accepted=True)
    assert agreed_of(ticket).answer == "accepted"


@pytest.mark.django_db
def test_a_no_that_leaves_nothing_is_final() -> None:
    rows = make_rows()
    ticket = rows.ticket(Ticket.State.OPEN)
    rows.answered(rows.estimate(ticket), accepted=False)

    rows.answered(rows.estimate(ticket), accepted=True)

    found = agreed_of(ticket)
    assert (found.answer, found.quoted) == ("declined", None)


@pytest.mark.django_db
def test_a_paid_request_without_work_is_not_called_included() -> None:
    story = story_of("satisoft")
    at = story.at("2026-06-16 10:00")
    ticket = story.ticket("remote-help", at, family="subiekt")

    with translation.override("en"):
        assert cost_words(cost_so_far(ticket, now=at)).startswith("Nothing worked yet: 0.00")


@pytest.mark.django_db
def test_a_refused_request_is_not_called_included() -> None:
    story = story_of("centaur")
    at = story.at("2026-06-16 10:00")
    ticket = story.ticket("remote-connection", at, severity="low")
    assert ticket.verdict["outcome"] == "refused"

    with translation.override("en"):
        assert cost_words(cost_so_far(ticket, now=at)).startswith("Nothing worked yet: 0.00")


@pytest.mark.django_db
def test_an_example_rate_is_named_with_the_sum() -> None:
    story = story_of("damal")
    at = story.at("2026-06-16 10:00")

    shown = meter(story.ticket("remote-consultation", at), session_ms=10 * MINUTE_MS, now=at, language="en")

    assert shown.text.endswith("(example rate)")
