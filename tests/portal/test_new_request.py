"""A new request: what the form asks, what it foretells, what it refuses, what it writes."""

import re

import pytest
from django.test import Client

from moments import june
from people import Cast, ask
from pomost.people.models import Contact
from pomost.tickets.actions import Slot
from pomost.tickets.models import Booking, Consent, Message, Ticket
from portal.scene import browser_of, fields, hidden, page, post, queries_of, rows, slots, ticked, words

NEW = "requests/new/"


def foretold(browser: Client, address: str) -> str:
    """Return what the page says will happen, as words."""
    html = page(browser, address)
    return words(html[html.index("data-preview-part") :].partition('<button class="btn btn-primary')[0])


def the_ticket() -> Ticket:
    return Ticket.objects.get()


# What the form foretells ------------------------------------------------------------------------


def test_c1_the_reaction_to_a_critical_request_is_named_before_it_is_sent(centaur: Cast) -> None:
    seen = foretold(browser_of(centaur.ada), f"/centaur/{NEW}?service=error-diagnosis&severity=critical")

    assert "Notice of the number § 4.1 · from 1 Jan 2024 by 11:12 Promised: 1 hour" in seen
    assert "When it is solved no time is promised" in seen
    assert "What it costs § 2.5 0.00 RUB Included in the package. Package: Extended." in seen


def test_each_severity_stands_with_its_definition_and_its_hours(centaur: Cast) -> None:
    extended = words(page(browser_of(centaur.ada), f"/centaur/{NEW}"))
    basic = words(page(browser_of(centaur.boris), f"/centaur/{NEW}"))

    assert re.search(r"Low 8 hours .* Medium 4 hours .* Critical 1 hour ", extended)
    assert re.search(r"Low 24 hours .* Medium 8 hours .* Critical 4 hours ", basic)
    assert "You choose the level. We change it only with your consent. § 3.2" in extended


def test_c2_what_the_package_refuses_is_said_before_sending_with_the_row_as_the_reason(centaur: Cast) -> None:
    seen = foretold(browser_of(centaur.boris), f"/centaur/{NEW}?service=remote-connection&severity=low")

    assert "Not included" in seen
    assert "not in this package" in seen
    assert "§ 2.7" in seen


def test_s1_the_first_hour_and_a_longer_example_are_priced_net_and_gross(satisoft: Cast) -> None:
    seen = foretold(browser_of(satisoft.ada), f"/satisoft/{NEW}?family=subiekt")

    assert "200.00 PLN net" in seen
    assert "246.00 PLN with VAT. Covers: 1 hour." in seen
    assert "80 minutes cost 400.00 PLN net." in seen


def test_s5_what_a_no_costs_is_said_before_anything_is_asked(satisoft: Cast) -> None:
    seen = foretold(browser_of(satisoft.ada), f"/satisoft/{NEW}?family=subiekt")

    assert "we name a price, you decide" in seen
    assert "If you decline: 0.00 PLN, the time already worked included." in seen
    assert "Invoice § 6 only after the solution" in seen


def test_a_product_without_a_rate_gets_no_invented_one(satisoft: Cast) -> None:
    seen = foretold(browser_of(satisoft.ada), f"/satisoft/{NEW}?family=navireo")

    assert "price by quotation" in seen
    assert not re.search(r"\d PLN net", seen)


def test_b9_the_fee_for_joining_stands_beside_the_hour(bonus: Cast) -> None:
    seen = foretold(browser_of(bonus.ada), f"/bonus/{NEW}?service=direct-connection")

    assert "1,300.00 RUB, no VAT" in seen
    assert "4,000.00 RUB, no VAT Once for each customer." in seen
    assert "at the agreed time" in seen


def test_a_promise_that_begins_later_says_from_when_it_counts(kryzhik: Cast) -> None:
    seen = foretold(browser_of(kryzhik.ada), f"/kryzhik/{NEW}?service=solving")

    assert "by 10:42 Promised: 30 minutes" in seen
    assert "1 hour from the beginning of the work" in seen


def test_before_the_choice_is_made_the_page_says_what_to_choose(centaur: Cast) -> None:
    assert "Choose how badly it hurts" in foretold(browser_of(centaur.ada), f"/centaur/{NEW}")


def test_the_part_that_a_script_asks_for_is_the_same_and_writes_nothing(centaur: Cast) -> None:
    browser, before = browser_of(centaur.ada), rows()

    part = page(browser, f"/centaur/{NEW}preview/?service=error-diagnosis&severity=critical")

    assert "by 11:12" in words(part)
    assert "<html" not in part
    assert rows() == before


def test_without_a_script_the_form_can_be_asked_what_would_happen(centaur: Cast) -> None:
    seen = post(
        browser_of(centaur.ada),
        f"/centaur/{NEW}",
        422,
        look="1",
        service="error-diagnosis",
        severity="critical",
        subject="Calls drop",
        text="Since Friday.",
    )

    assert "by 11:12" in words(seen)
    assert hidden(seen, "subject") == "Calls drop"
    assert "Since Friday." in seen
    assert Ticket.objects.count() == 0


def test_the_form_costs_the_same_queries_whatever_there_is_already(bonus: Cast) -> None:
    browser, address = browser_of(bonus.ada), f"/bonus/{NEW}?service=direct-connection"
    page(browser, address)
    before = queries_of(browser, address)
    for hour in range(9, 14):
        slot = Slot(bonus.tess, june(16, hour), june(16, hour + 1))
        ask(bonus.ada, "direct-connection", june(15, 9), slot=slot)

    assert queries_of(browser, address) == before


# What it writes ---------------------------------------------------------------------------------


def test_a_request_is_registered_and_its_page_is_shown(centaur: Cast) -> None:
    browser = browser_of(centaur.ada)
    answer = browser.post(
        f"/centaur/{NEW}",
        {
            "service": "error-diagnosis",
            "severity": "critical",
            "subject": " Calls  drop ",
            "text": "Since Friday.",
            "product_version": "3.15.2",
        },
        follow=True,
    )

    ticket = the_ticket()
    assert answer.redirect_chain[-1][1] == 302
    assert "Calls drop" in words(answer.content.decode())
    assert (ticket.subject, ticket.severity, ticket.product_version) == ("Calls drop", "critical", "3.15.2")
    assert (ticket.channel, ticket.package, ticket.contact) == ("portal", "extended", centaur.ada)
    assert ticket.due_at == june(15, 11, 12)
    assert Message.objects.get().text == "Since Friday."


def test_where_the_product_decides_it_names_the_service(satisoft: Cast) -> None:
    post(browser_of(satisoft.ada), f"/satisoft/{NEW}", family="database-repair", subject="Slow")

    assert the_ticket().service == "database-repair"


def test_b3_what_is_missing_is_registered_and_named_and_work_does_not_begin(bonus: Cast) -> None:
    browser = browser_of(bonus.ada)
    post(browser, f"/bonus/{NEW}", service="backup-by-mail", subject="Penalties twice")

    ticket = the_ticket()
    assert ticket.state == Ticket.State.INCOMPLETE
    assert ticket.missing == ["backup-file", "description", "consent-to-pay"]


def test_b3_a_complete_request_is_open_and_keeps_the_consent_with_its_price(bonus: Cast) -> None:
    browser = browser_of(bonus.ada)
    form = page(browser, f"/bonus/{NEW}?service=backup-by-mail")
    post(
        browser,
        f"/bonus/{NEW}",
        service="backup-by-mail",
        subject="Penalties twice",
        text="Since May.",
        part=["backup-file", "consent-to-pay"],
        **{"words-consent-to-pay": hidden(form, "words-consent-to-pay")},
    )

    consent = Consent.objects.get()
    assert the_ticket().state == Ticket.State.OPEN
    assert "1,300.00" in consent.text
    assert consent.accepted
    assert " ".join(consent.text.split()) in words(form)
    assert consent.text_sha256 == hidden(form, "words-consent-to-pay")


def test_a_declaration_can_be_given_with_the_request(damal: Cast) -> None:
    browser = browser_of(damal.ada)
    form = page(browser, f"/damal/{NEW}?service=remote-consultation")
    post(
        browser,
        f"/damal/{NEW}",
        service="remote-consultation",
        subject="Backup fails",
        part=["declaration"],
        **{"words-declaration": hidden(form, "words-declaration")},
    )

    assert Consent.objects.get().kind == "declaration"


def test_no_box_is_ticked_beforehand(bonus: Cast) -> None:
    form = page(browser_of(bonus.ada), f"/bonus/{NEW}?service=backup-by-mail")

    assert len(fields(form, "part")) == 2
    assert ticked(form, "part") == []


def test_another_telephone_is_kept_for_the_next_time(satisoft: Cast) -> None:
    browser = browser_of(satisoft.ada)
    post(browser, f"/satisoft/{NEW}", family="subiekt", subject="Slow", phone="+48 000 000 777")

    assert Contact.objects.get(pk=satisoft.ada.pk).phone == "+48 000 000 777"
    assert hidden(page(browser, f"/satisoft/{NEW}"), "phone") == "+48 000 000 777"


# Times that are agreed beforehand ---------------------------------------------------------------


def test_b2_the_customers_own_consultant_is_offered_in_the_vendors_hours(bonus: Cast) -> None:
    bonus.acme.consultant = bonus.dora
    bonus.acme.save(update_fields=["consultant"])

    form = page(browser_of(bonus.ada), f"/bonus/{NEW}?service=direct-connection")

    assert {value.rpartition("/")[2] for value in slots(form)} == {str(bonus.dora.pk)}
    assert "At what time Dora" in words(form)
    assert "Mon 15 June 12:00 13:00 14:00 15:00 16:00 17:00 Tue 16 June 9:00" in words(form)


def test_b2_without_a_consultant_whoever_takes_calls_is_offered(bonus: Cast) -> None:
    form = page(browser_of(bonus.ada), f"/bonus/{NEW}?service=direct-connection")

    assert {value.rpartition("/")[2] for value in slots(form)} == {str(bonus.bela.pk)}


def test_a_taken_hour_goes_to_the_next_free_one(bonus: Cast) -> None:
    ask(
        bonus.boris,
        "direct-connection",
        june(15, 9),
        slot=Slot(bonus.bela, june(15, 12, 30), june(15, 13, 30)),
    )

    offered = slots(page(browser_of(bonus.ada), f"/bonus/{NEW}?service=direct-connection"))

    at_noon = [value for value in offered if value.startswith("2026-06-15T09:00")]
    assert [value.rpartition("/")[2] for value in at_noon] == [str(bonus.dora.pk)]


def test_a_chosen_time_is_booked_with_the_request(bonus: Cast) -> None:
    browser = browser_of(bonus.ada)
    slot = slots(page(browser, f"/bonus/{NEW}?service=direct-connection"))[0]
    post(browser, f"/bonus/{NEW}", service="direct-connection", subject="Move accounts", slot=slot)

    booking = Booking.objects.get()
    assert (booking.starts_at, booking.ends_at) == (june(15, 12), june(15, 13))
    assert booking.ticket == the_ticket()


def test_a_time_that_was_taken_meanwhile_is_refused_and_nothing_is_half_written(bonus: Cast) -> None:
    browser = browser_of(bonus.ada)
    bonus.acme.consultant = bonus.tess
    bonus.acme.save(update_fields=["consultant"])
    slot = slots(page(browser, f"/bonus/{NEW}?service=direct-connection"))[0]
    ask(bonus.boris, "direct-connection", june(15, 10), slot=Slot(bonus.tess, june(15, 12), june(15, 13)))
    before = rows()

    seen = post(
        browser,
        f"/bonus/{NEW}",
        422,
        service="direct-connection",
        subject="Move accounts",
        slot=slot,
        phone="+7 000 000-77-77",
    )

    assert "This time is not free any more." in words(seen)
    assert hidden(seen, "subject") == "Move accounts"
    assert rows() == before
    assert Contact.objects.get(pk=bonus.ada.pk).phone == bonus.ada.phone


def test_a_service_that_is_had_at_once_offers_no_times(centaur: Cast) -> None:
    assert slots(page(browser_of(centaur.ada), f"/centaur/{NEW}?service=error-diagnosis")) == []


# What it refuses --------------------------------------------------------------------------------


def test_without_a_subject_nothing_is_sent_and_what_was_typed_stays(centaur: Cast) -> None:
    seen = post(
        browser_of(centaur.ada),
        f"/centaur/{NEW}",
        422,
        service="error-diagnosis",
        severity="medium",
        text="Since Friday, on all lines.",
    )

    assert "Say in a few words what happened." in words(seen)
    assert "Since Friday, on all lines." in seen
    assert ticked(seen, "severity") == ["medium"]
    assert "by 14:12" in words(seen)
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"service": "error-diagnosis"}, "Choose how badly it hurts"),
        ({"service": "error-diagnosis", "severity": "apocalyptic"}, "Choose how badly it hurts"),
        ({"service": "free-lunch", "severity": "low"}, "Choose what you need."),
        ({"severity": "low"}, "Choose what you need."),
    ],
    ids=["no severity", "an unknown severity", "an unknown service", "no service"],
)
def test_a_choice_that_the_terms_do_not_know_is_refused(
    centaur: Cast, sent: dict[str, str], sentence: str
) -> None:
    seen = post(browser_of(centaur.ada), f"/centaur/{NEW}", 422, subject="Calls drop", **sent)

    assert sentence in words(seen)
    assert hidden(seen, "subject") == "Calls drop"
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize("family", ["", "solitaire"])
def test_a_product_that_the_terms_do_not_know_is_refused(satisoft: Cast, family: str) -> None:
    seen = post(browser_of(satisoft.ada), f"/satisoft/{NEW}", 422, subject="Slow", family=family)

    assert "Choose the product that this is about." in words(seen)
    assert Ticket.objects.count() == 0


def test_a_telephone_that_nobody_could_dial_is_refused_beside_its_field(satisoft: Cast) -> None:
    seen = post(
        browser_of(satisoft.ada), f"/satisoft/{NEW}", 422, family="subiekt", subject="Slow", phone="12"
    )

    assert "“12” is not a telephone number." in words(seen)
    assert 'aria-invalid="true"' in seen
    assert Ticket.objects.count() == 0


def test_nobody_agrees_to_words_that_changed_in_between(bonus: Cast) -> None:
    seen = post(
        browser_of(bonus.ada),
        f"/bonus/{NEW}",
        422,
        service="backup-by-mail",
        subject="Penalties twice",
        part=["consent-to-pay"],
        **{"words-consent-to-pay": "0" * 64},
    )

    assert "The words you agree to have changed" in words(seen)
    assert Ticket.objects.count() == 0
    assert Consent.objects.count() == 0


def test_an_endless_text_is_refused_and_kept(centaur: Cast) -> None:
    seen = post(
        browser_of(centaur.ada),
        f"/centaur/{NEW}",
        422,
        service="error-diagnosis",
        severity="low",
        subject="Calls drop",
        text="x" * 20_001,
    )

    assert "x" * 20_001 in seen
    assert Ticket.objects.count() == 0


def test_markup_in_a_subject_is_text(centaur: Cast) -> None:
    browser = browser_of(centaur.ada)
    answer = browser.post(
        f"/centaur/{NEW}",
        {"service": "error-diagnosis", "severity": "low", "subject": "<script>alert(1)</script>"},
        follow=True,
    )

    assert "<script>alert(1)" not in answer.content.decode()
    assert the_ticket().subject == "<script>alert(1)</script>"


def test_who_answers_is_the_contact_who_is_signed_in(centaur: Cast) -> None:
    browser = browser_of(centaur.boris)
    post(
        browser,
        f"/centaur/{NEW}",
        service="error-diagnosis",
        severity="low",
        subject="Calls drop",
        contact=str(centaur.ada.pk),
        customer=str(centaur.acme.pk),
    )

    assert the_ticket().customer == centaur.borealis
    assert the_ticket().contact == centaur.boris
