"""One request: what waits for an answer and how it is given, the promises, the talk, the money so far."""

from decimal import Decimal
from urllib.parse import quote

import pytest
from django.test import Client

from moments import june
from people import BEFORE, Cast, ask, by
from pomost.billing.actions import propose_estimate
from pomost.billing.models import Estimate
from pomost.people.actions import add_contact, add_person
from pomost.tickets import actions
from pomost.tickets.actions import Slot
from pomost.tickets.models import Booking, Consent, Message, Ticket
from pomost.worklog.actions import enter_call
from portal.scene import browser_of, hidden, page, post, queries_of, rows, slots, ticked, words


def address(ticket: Ticket, then: str = "") -> str:
    return f"/{ticket.vendor.slug}/requests/{quote(ticket.number)}/{then}"


@pytest.fixture
def critical(centaur: Cast) -> Ticket:
    return ask(centaur.ada, "error-diagnosis", june(15, 9, 40), severity="critical")


@pytest.fixture
def incomplete(bonus: Cast) -> Ticket:
    """G-B1: a backup by mail without file and consent."""
    return ask(bonus.ada, "backup-by-mail", june(15, 9))


@pytest.fixture
def solved(centaur: Cast, critical: Ticket) -> Ticket:
    return actions.propose_solution(
        critical, "Install 3.16.1.", technician=centaur.tess, by=by(centaur.tess), at=june(15, 10)
    )


@pytest.fixture
def estimate(satisoft: Cast) -> Estimate:
    """G-S2: after 55 minutes three hours more are quoted."""
    ticket = ask(satisoft.ada, "remote-help", june(15, 8), family="subiekt")
    ticket = actions.take(ticket, satisoft.tess, by=by(satisoft.tess), at=june(15, 8))
    ticket = actions.begin_work(ticket, by=by(satisoft.tess), at=june(15, 8, 5))
    enter_call(
        ticket,
        technician=satisoft.tess,
        worked_seconds=55 * 60,
        started_at=june(15, 8, 5),
        by=by(satisoft.tess),
        at=june(15, 9),
    )
    return propose_estimate(
        ticket,
        technician=satisoft.tess,
        more_seconds=3 * 3600,
        reason="Three months have to be counted anew.",
        by=by(satisoft.tess),
        at=june(15, 9, 1),
    )


def again(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


# What the page shows ----------------------------------------------------------------------------


def test_the_promise_and_its_clause_stand_on_the_page(centaur: Cast, critical: Ticket) -> None:
    seen = words(page(browser_of(centaur.ada), address(critical)))

    assert "9:40 Received" in seen
    assert "10:40 Notice of the number § 4.1" in seen
    assert "Included. § 2.5" in seen
    assert "Extended · Critical" in seen


def test_what_staff_say_to_each_other_is_not_shown(centaur: Cast, critical: Ticket) -> None:
    actions.note(
        critical, "He always calls on Mondays.", technician=centaur.tess, by=by(centaur.tess), at=june(15, 10)
    )
    actions.reply(
        critical, "We look into it.", technician=centaur.tess, by=by(centaur.tess), at=june(15, 10, 1)
    )

    seen = words(page(browser_of(centaur.ada), address(critical)))

    assert "We look into it." in seen
    assert "Mondays" not in seen


@pytest.mark.parametrize("then", ["", "reply/", "severity/", "confirm/"])
def test_another_customers_contact_learns_nothing_not_even_that_it_exists(
    centaur: Cast, critical: Ticket, then: str
) -> None:
    browser = browser_of(centaur.boris)
    there = (
        browser.get(address(critical)) if not then else browser.post(address(critical, then), {"text": "x"})
    )
    nowhere_number = "Ц-9999"
    nowhere = f"/centaur/requests/{nowhere_number}/{then}"
    absent = browser.get(nowhere) if not then else browser.post(nowhere, {"text": "x"})

    assert there.status_code == absent.status_code == 404
    assert words(there.content.decode()).replace(critical.number, "") == words(
        absent.content.decode()
    ).replace(nowhere_number, "")
    assert Message.objects.count() == 1


def test_a_longer_talk_costs_no_more_queries(centaur: Cast, critical: Ticket) -> None:
    browser = browser_of(centaur.ada)
    actions.reply(critical, "One.", technician=centaur.tess, by=by(centaur.tess), at=june(15, 10))
    page(browser, address(critical))
    before = queries_of(browser, address(critical))
    for minute in range(12):
        actions.reply(
            critical, "More.", technician=centaur.tess, by=by(centaur.tess), at=june(15, 10, minute)
        )
        actions.customer_wrote(
            critical, "And more.", contact=centaur.ada, by=by(centaur.ada), at=june(15, 10, minute)
        )

    assert queries_of(browser, address(critical)) == before


def test_the_ladder_shows_how_far_the_service_may_go_and_what_it_locks(
    satisoft: Cast, estimate: Estimate
) -> None:
    html = page(browser_of(satisoft.ada), address(estimate.ticket))

    assert html.count('class="off" data-level="change-many"') == 1
    assert 'class="off" data-level="act"' not in html


def test_work_so_far_stands_with_time_and_price(satisoft: Cast, estimate: Estimate) -> None:
    assert "Costs so far, 0:55 200.00 PLN net" in words(
        page(browser_of(satisoft.ada), address(estimate.ticket))
    )


# Writing ----------------------------------------------------------------------------------------


def test_what_is_written_stands_on_the_page_and_ends_the_waiting(centaur: Cast, critical: Ticket) -> None:
    actions.wait_for_customer(
        critical, question="Which queue?", technician=centaur.tess, by=by(centaur.tess), at=june(15, 9, 50)
    )
    browser = browser_of(centaur.ada)
    assert "We need your answer to go on." in words(page(browser, address(critical)))

    post(browser, address(critical, "reply/"), text="The one called “Warehouse”.")

    assert "The one called “Warehouse”." in words(page(browser, address(critical)))
    assert again(critical).state == Ticket.State.OPEN


@pytest.mark.parametrize("text", ["", "   ", "x" * 20_001], ids=["nothing", "blanks", "too much"])
def test_a_text_that_cannot_be_is_refused_with_a_sentence_and_kept(
    centaur: Cast, critical: Ticket, text: str
) -> None:
    before = rows()

    seen = post(browser_of(centaur.ada), address(critical, "reply/"), 422, text=text)

    assert 'role="status"' in seen
    assert f'rows="3" required>{text}</textarea>' in seen
    assert rows() == before


def test_a_request_that_is_over_takes_no_more_messages_and_shows_the_way_to_a_new_one(
    centaur: Cast, critical: Ticket
) -> None:
    actions.close(critical, "Withdrawn.", by=by(centaur.tess), at=june(15, 10))
    browser, before = browser_of(centaur.ada), rows()

    assert 'href="/centaur/requests/new/"' in page(browser, address(critical))
    seen = post(browser, address(critical, "reply/"), 422, text="One more thing")

    assert "is over. Report it in a new request." in words(seen)
    assert rows() == before


# What is missing --------------------------------------------------------------------------------


def test_b1_the_page_names_what_is_missing_and_asks_for_each(bonus: Cast, incomplete: Ticket) -> None:
    seen = words(page(browser_of(bonus.ada), address(incomplete)))

    assert "Something is missing" in seen
    assert "Sent by mail: the backup file. Send it to support@bonus.example.org" in seen
    assert f"Write {incomplete.number} in the subject." in seen
    assert "Confirm that you agree to pay for the work: 1,300.00 RUB an hour" in seen


def test_b1_one_thing_after_the_other_until_nothing_is_missing(bonus: Cast, incomplete: Ticket) -> None:
    browser = browser_of(bonus.ada)
    post(browser, address(incomplete, "complete/"), part=["backup-file"])
    assert again(incomplete).missing == ["consent-to-pay"]

    form = page(browser, address(incomplete))
    post(
        browser,
        address(incomplete, "complete/"),
        part=["consent-to-pay"],
        **{"words-consent-to-pay": hidden(form, "words-consent-to-pay")},
    )

    assert again(incomplete).missing == []
    assert again(incomplete).state == Ticket.State.OPEN
    assert Consent.objects.get().text_sha256 == hidden(form, "words-consent-to-pay")
    assert "This is still missing." not in words(page(browser, address(incomplete)))


def test_a_description_and_a_telephone_are_given_on_the_page(bonus: Cast) -> None:
    bonus.ada.phone = ""
    bonus.ada.save(update_fields=["phone"])
    browser = browser_of(bonus.ada)
    post(browser, "/bonus/requests/new/", service="backup-by-mail", subject="Penalties twice")
    ticket = Ticket.objects.get()
    assert ticket.missing == ["backup-file", "description", "phone", "consent-to-pay"]

    post(
        browser,
        address(ticket, "complete/"),
        **{"given-description": "Since May, for flat 12.", "given-phone": "+7 000 000-11-22"},
    )

    assert again(ticket).missing == ["backup-file", "consent-to-pay"]
    assert "Since May, for flat 12." in words(page(browser, address(ticket)))


def test_one_wrong_thing_among_several_leaves_nothing_half_written(bonus: Cast) -> None:
    bonus.ada.phone = ""
    bonus.ada.save(update_fields=["phone"])
    browser = browser_of(bonus.ada)
    post(browser, "/bonus/requests/new/", service="backup-by-mail", subject="Penalties twice")
    ticket, before = Ticket.objects.get(), rows()

    seen = post(
        browser,
        address(ticket, "complete/"),
        422,
        part=["backup-file"],
        **{"given-description": "Since May, for flat 12.", "given-phone": "ask Eva"},
    )

    assert "“ask Eva” is not a telephone number." in words(seen)
    assert "Since May, for flat 12.</textarea>" in seen
    assert hidden(seen, "given-phone") == "ask Eva"
    assert ticked(seen, "part") == ["backup-file"]
    assert rows() == before
    assert again(ticket).missing == ticket.missing


def test_words_that_changed_since_they_were_read_are_not_agreed_to(bonus: Cast, incomplete: Ticket) -> None:
    seen = post(
        browser_of(bonus.ada),
        address(incomplete, "complete/"),
        422,
        part=["consent-to-pay", "backup-file"],
        **{"words-consent-to-pay": "0" * 64},
    )

    assert "The words you agree to have changed" in words(seen)
    assert Consent.objects.count() == 0
    assert "backup-file" in again(incomplete).missing


# Severity ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "severity"), [("yes", "medium"), ("no", "critical")])
def test_c3_the_severity_changes_by_the_customers_yes_and_not_by_a_no(
    centaur: Cast, critical: Ticket, answer: str, severity: str
) -> None:
    actions.propose_severity(critical, "medium", by=by(centaur.tess), at=june(15, 9, 50))
    assert again(critical).severity == "critical"

    browser = browser_of(centaur.ada)
    shown = hidden(page(browser, address(critical)), "words")

    post(browser, address(critical, "severity/"), answer=answer, words=shown)

    assert again(critical).severity == severity
    assert again(critical).severity_proposed == ""
    assert Consent.objects.get().accepted == (answer == "yes")


@pytest.mark.parametrize("language", ["en", "pl", "ru"])
def test_the_words_that_are_kept_are_those_that_stood_on_the_page(
    centaur: Cast, critical: Ticket, language: str
) -> None:
    actions.propose_severity(critical, "medium", by=by(centaur.tess), at=june(15, 9, 50))
    browser = browser_of(centaur.ada, language)
    html = page(browser, address(critical))

    post(browser, address(critical, "severity/"), answer="yes", words=hidden(html, "words"))

    consent = Consent.objects.get()
    assert " ".join(consent.text.split()) in words(html)
    assert consent.language == language


def test_words_that_have_changed_since_are_not_agreed_to(centaur: Cast, critical: Ticket) -> None:
    actions.propose_severity(critical, "medium", by=by(centaur.tess), at=june(15, 9, 50))
    browser = browser_of(centaur.ada)
    shown = hidden(page(browser, address(critical)), "words")
    actions.number_told(
        critical, how="phone", at_told=june(15, 10), by=by(centaur.tess), at=june(15, 10)
    )  # the clock has stopped: nothing would move any more

    post(browser, address(critical, "severity/"), answer="yes", words=shown)

    assert "Something has changed since the question was shown" in words(page(browser, address(critical)))
    assert again(critical).severity_proposed == "medium"
    assert not Consent.objects.exists()


def test_a_consent_names_who_gave_it_and_not_who_reported_the_request(
    bonus: Cast, incomplete: Ticket
) -> None:
    colleague = add_contact(
        customer=bonus.acme, name="Cleo", language="en", email="cleo@acme.example.org", by="system", at=BEFORE
    )
    colleague.person = add_person(
        email="cleo@acme.example.org", name="Cleo", language="en", password=None, by="system", at=BEFORE
    )
    colleague.save(update_fields=["person"])
    browser = browser_of(colleague)
    form = page(browser, address(incomplete))

    post(
        browser,
        address(incomplete, "complete/"),
        part=["consent-to-pay"],
        **{"words-consent-to-pay": hidden(form, "words-consent-to-pay")},
    )

    assert Consent.objects.get().contact == colleague


def test_an_answer_that_is_neither_yes_nor_no_is_no_answer(centaur: Cast, critical: Ticket) -> None:
    actions.propose_severity(critical, "medium", by=by(centaur.tess), at=june(15, 9, 50))
    browser = browser_of(centaur.ada)

    post(browser, address(critical, "severity/"), answer="perhaps")

    assert "Choose yes or no." in words(page(browser, address(critical)))
    assert again(critical).severity_proposed == "medium"
    assert Consent.objects.count() == 0


def test_a_question_that_nobody_asked_is_refused_on_the_page(centaur: Cast, critical: Ticket) -> None:
    browser, before = browser_of(centaur.ada), rows()

    post(browser, address(critical, "severity/"), answer="yes")

    assert "No other severity is proposed for this request." in words(page(browser, address(critical)))
    assert rows() == before


# A price ----------------------------------------------------------------------------------------


def answer_estimate(browser: Client, estimate: Estimate, answer: str, text_sha256: str = "") -> None:
    said = text_sha256 or hidden(page(browser, address(estimate.ticket)), "words")
    post(browser, address(estimate.ticket, f"estimates/{estimate.pk}/"), answer=answer, words=said)


def test_both_results_of_a_price_stand_side_by_side_before_the_answer(
    satisoft: Cast, estimate: Estimate
) -> None:
    html = page(browser_of(satisoft.ada), address(estimate.ticket))

    assert "Three months have to be counted anew." in words(html)
    assert html.count('class="sum"') == 2
    assert html.index("800,00") < html.index("0,00", html.index('class="sum"', html.index("800,00")))


def test_a_yes_is_kept_with_the_words_that_were_shown(satisoft: Cast, estimate: Estimate) -> None:
    answer_estimate(browser_of(satisoft.ada), estimate, "yes")

    estimate.refresh_from_db()
    consent = Consent.objects.get()
    assert estimate.state == Estimate.State.ACCEPTED
    assert (consent.text, consent.accepted) == (estimate.text, True)
    assert estimate.net_if_accepted == Decimal("800.00")


def test_s2_a_no_closes_the_request_and_nothing_is_to_be_paid(satisoft: Cast, estimate: Estimate) -> None:
    browser = browser_of(satisoft.ada)
    answer_estimate(browser, estimate, "no")

    assert again(estimate.ticket).state == Ticket.State.CLOSED
    assert "Cost, 0:55 0.00 PLN net" in words(page(browser, address(estimate.ticket)))


def test_the_first_answer_holds(satisoft: Cast, estimate: Estimate) -> None:
    browser = browser_of(satisoft.ada)
    answer_estimate(browser, estimate, "yes")
    answer_estimate(browser, estimate, "no", estimate.text_sha256)

    estimate.refresh_from_db()
    assert estimate.state == Estimate.State.ACCEPTED
    assert "This estimate was answered before." in words(page(browser, address(estimate.ticket)))


def test_a_yes_to_another_text_is_no_yes(satisoft: Cast, estimate: Estimate) -> None:
    answer_estimate(browser_of(satisoft.ada), estimate, "yes", "0" * 64)

    estimate.refresh_from_db()
    assert estimate.state == Estimate.State.PROPOSED
    assert Consent.objects.count() == 0


def test_a_price_is_answered_by_its_own_customer_and_on_its_own_request_only(
    satisoft: Cast, estimate: Estimate
) -> None:
    other = ask(satisoft.ada, "remote-help", june(15, 9), family="gestor")
    foreign = ask(satisoft.boris, "remote-help", june(15, 9), family="gestor")
    answer = {"answer": "yes", "words": estimate.text_sha256}

    post(browser_of(satisoft.boris), address(estimate.ticket, f"estimates/{estimate.pk}/"), 404, **answer)
    post(browser_of(satisoft.boris), address(foreign, f"estimates/{estimate.pk}/"), 404, **answer)
    post(browser_of(satisoft.ada), address(other, f"estimates/{estimate.pk}/"), 404, **answer)

    estimate.refresh_from_db()
    assert estimate.state == Estimate.State.PROPOSED


# A solution -------------------------------------------------------------------------------------


def test_a_yes_ends_the_request(centaur: Cast, solved: Ticket) -> None:
    browser = browser_of(centaur.ada)
    assert "Without an answer by the end of Thu 18 June it counts as solved." in words(
        page(browser, address(solved))
    )

    post(browser, address(solved, "confirm/"))

    assert again(solved).state == Ticket.State.CONFIRMED
    assert "Thank you. The request is solved." in words(page(browser, address(solved)))


def test_a_no_needs_a_reason_and_opens_the_request_again(centaur: Cast, solved: Ticket) -> None:
    browser = browser_of(centaur.ada)
    before = rows()
    seen = post(browser, address(solved, "reject/"), 422, text="  ")
    assert "There is no text." in words(seen)
    assert rows() == before

    post(browser, address(solved, "reject/"), text="The calls still drop.")

    assert again(solved).state == Ticket.State.OPEN
    assert "The calls still drop." in words(page(browser, address(solved)))


def test_a_solution_cannot_be_confirmed_before_there_is_one(centaur: Cast, critical: Ticket) -> None:
    browser = browser_of(centaur.ada)

    post(browser, address(critical, "confirm/"))

    assert "this fits only once a solution was given" in words(page(browser, address(critical)))
    assert again(critical).state == Ticket.State.OPEN


# A time -----------------------------------------------------------------------------------------


def test_a_time_is_agreed_on_the_page_and_then_shown(bonus: Cast) -> None:
    ticket = ask(bonus.ada, "direct-connection", june(15, 9))
    browser = browser_of(bonus.ada)
    first = slots(page(browser, address(ticket)))[0]

    post(browser, address(ticket, "book/"), slot=first)

    assert Booking.objects.get().ticket == ticket
    assert "Agreed time Mon 15 June, 12:00–13:00" in words(page(browser, address(ticket)))


@pytest.mark.parametrize("slot", ["", "tomorrow", "2026-06-15T03:00:00+00:00/1"])
def test_a_time_that_is_not_offered_is_refused(bonus: Cast, slot: str) -> None:
    ticket = ask(bonus.ada, "direct-connection", june(15, 9))

    post(browser_of(bonus.ada), address(ticket, "book/"), slot=slot)

    assert Booking.objects.count() == 0


def test_a_time_that_somebody_else_took_is_refused_with_a_sentence(bonus: Cast) -> None:
    bonus.acme.consultant = bonus.tess
    bonus.acme.save(update_fields=["consultant"])
    ticket = ask(bonus.ada, "direct-connection", june(15, 9))
    browser = browser_of(bonus.ada)
    slot = slots(page(browser, address(ticket)))[0]
    ask(bonus.boris, "direct-connection", june(15, 9), slot=Slot(bonus.tess, june(15, 12), june(15, 13)))

    post(browser, address(ticket, "book/"), slot=slot)

    assert Booking.objects.get().ticket != ticket
    assert "This time is not free any more." in words(page(browser, address(ticket)))
