"""G-C3 by mail: the letter names both moments, its link asks, and only a press of the button answers."""

import re

from mail_server import MailServer
from moments import june
from people import ask, by, desk_of, with_package
from pomost.journal.models import Fact
from pomost.notices import sender
from pomost.people.models import Contact
from pomost.tickets import actions
from pomost.tickets.models import Clock, Consent, Ticket
from portal.scene import hidden, page, post, stranger, words


def test_c3_by_mail_nothing_changes_until_the_customer_presses_the_button(
    db: None, mail_server: MailServer
) -> None:
    centaur = desk_of("centaur")
    Contact.objects.filter(pk=centaur.ada.pk).update(language="en", person=None)  # nobody who can sign in
    with_package(centaur.acme, "extended")
    critical = ask(centaur.ada, "remote-connection", june(11, 16, 30), severity="critical")
    sender.run_once(june(11, 16, 31))
    told = Clock.objects.get(ticket=critical)
    assert told.met is True  # the number was told in time
    actions.notice_bounced(critical, answer="550 no", by="desk", at=june(15, 9, 3))  # and then it was not
    actions.propose_severity(critical, "medium", by=by(centaur.tess), at=june(15, 9, 4))
    sender.run_once(june(15, 9, 5))

    mail = mail_server.arrived[-1].get_body(("plain",))
    assert mail is not None
    text = " ".join(mail.get_content().split())
    assert "Notice of the number, Critical: by Mon 15 June, 9:30" in text
    assert "Notice of the number, Medium: by Mon 15 June, 12:30" in text
    found = re.search(r"https://desk\.example\.org(/centaur/answers/severity/\S+)", text)
    assert found is not None

    browser = stranger(june(15, 9, 20))
    html = page(browser, found[1])
    assert "by Mon 15 June, 9:30" in words(html)
    assert "by Mon 15 June, 12:30" in words(html)
    assert Ticket.objects.get().severity == "critical"
    assert Clock.objects.get().due_at == june(15, 9, 30)

    post(browser, found[1], answer="yes", words=hidden(html, "words"))

    assert Ticket.objects.get().severity == "medium"
    clock = Clock.objects.get()
    assert (clock.started_at, clock.due_at) == (june(11, 16, 30), june(15, 12, 30))
    kept = Consent.objects.get(kind="severity")
    assert (kept.channel, kept.contact, kept.accepted, kept.by) == (
        "mail",
        centaur.ada,
        True,
        by(centaur.ada),
    )
    assert " ".join(kept.text.split()) in words(html)
    assert list(Fact.objects.filter(kind__contains="severity").values_list("kind", flat=True)) == [
        "ticket.severity-proposed",
        "ticket.severity-changed",
    ]
    assert "You agreed to the other severity" in words(page(browser, found[1]))
