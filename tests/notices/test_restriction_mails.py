"""Mails about a restriction: the customer hears why, until when and how to appeal; owners hear of the appeal. Each once."""

from datetime import timedelta

import pytest

from mail_server import MailServer, text_of
from moments import june
from people import Cast, ask, by, desk_of, with_package
from pomost.notices import sender
from pomost.notices.models import Mail
from pomost.people.actions import add_contact
from pomost.people.formats import NBSP
from pomost.people.models import Contact
from pomost.remote import actions as remote
from pomost.remote import record
from pomost.remote.models import RemoteSession
from pomost.rules.levels import LEVELS_BY_WORD
from pomost.tickets import actions
from pomost.tickets.links import restriction_link
from pomost.tickets.models import Restriction, Ticket


@pytest.fixture
def desk(mail_server: MailServer, db: None) -> Cast:
    made = desk_of("centaur")
    for each in (made.ada, made.boris):
        each.language = "en"
        each.save(update_fields=["language"])
    for person in (made.owen, made.dora, made.bela):
        person.person.language = "en"
        person.person.save(update_fields=["language"])
    return made


@pytest.fixture
def ticket(desk: Cast, mail_server: MailServer) -> Ticket:
    """A request whose number was told."""
    made = ask(desk.ada, "settings-advice", june(15, 9), severity="low")
    sender.run_once(june(15, 9, 1))
    mail_server.arrived.clear()
    return made


def restrict(desk: Cast, ticket: Ticket, *, endless: bool = False) -> Restriction:
    return actions.restrict(
        ticket,
        scope="customer",
        refusal="conduct",
        what_happened="Shouting at the specialist.",
        until_at=None if endless else june(23, 0),
        review_at=june(30, 0) if endless else None,
        technician=desk.dora,
        by=by(desk.dora),
        at=june(15, 10),
    )


def sent(mail_server: MailServer, minute: int) -> list[tuple[str, str]]:
    """Send what waits; return to whom each new mail went, and its text."""
    mail_server.arrived.clear()
    sender.run_once(june(15, 12, minute))
    return [(str(each["To"]), f"{each['Subject']}\n{text_of(each)}") for each in mail_server.arrived]


def test_the_customer_hears_why_until_when_and_how_to_appeal(
    desk: Cast, mail_server: MailServer, ticket: Ticket
) -> None:
    restrict(desk, ticket)

    ((to, text),) = sent(mail_server, 1)

    assert desk.ada.email in to
    for each in (
        "support is restricted",
        "Acme",
        "Offensive conduct",
        "§ 6.3",
        "Shouting at the specialist.",
    ):
        assert each in text
    assert "until the end of Mon" in text
    assert "https://desk.example.org/centaur/answers/restriction/" in text
    assert sent(mail_server, 2) == []


def test_the_mail_with_the_number_of_a_new_request_says_it_too(
    desk: Cast, mail_server: MailServer, ticket: Ticket
) -> None:
    restrict(desk, ticket)
    sent(mail_server, 1)
    new = ask(desk.ada, "settings-advice", june(15, 11), severity="critical")

    ((_to, text),) = sent(mail_server, 2)

    assert f"Request {new.number} registered; support is restricted" in text
    assert "https://desk.example.org/centaur/answers/restriction/" in text
    new.refresh_from_db()
    assert new.notice == "told", "the reaction clock stops with it as always"


def test_an_appeal_goes_to_the_owner_and_the_answer_to_the_customer(
    desk: Cast, mail_server: MailServer, ticket: Ticket
) -> None:
    row = restrict(desk, ticket)
    sent(mail_server, 1)
    appeal = actions.appeal_restriction(
        row, "It was not so.", contact=desk.ada, by=by(desk.ada), at=june(15, 11)
    )

    ((to, text),) = sent(mail_server, 2)
    assert desk.owen.person.email in to
    assert "It was not so." in text
    assert f"https://desk.example.org/centaur/console/restrictions/{row.pk}/" in text

    actions.decide_appeal(
        appeal,
        grant=False,
        reason="We listened to it.",
        technician=desk.owen,
        by=by(desk.owen),
        at=june(15, 12),
    )
    ((to, text),) = sent(mail_server, 3)
    assert desk.ada.email in to
    assert "We listened to it." in text
    assert "The restriction stays" in text


@pytest.fixture
def cyril(desk: Cast) -> Contact:
    """A colleague of Ada."""
    return add_contact(
        customer=desk.acme,
        name="Cyril",
        email="cyril@acme.example.org",
        language="pl",
        by="system",
        at=june(15, 8),
    )


@pytest.mark.parametrize("grant", [False, True])
def test_who_appealed_gets_the_answer_in_their_language_whoever_reported(
    desk: Cast, mail_server: MailServer, ticket: Ticket, cyril: Contact, grant: bool
) -> None:
    row = restrict(desk, ticket)
    appeal = actions.appeal_restriction(row, "To nieprawda.", contact=cyril, by=by(cyril), at=june(15, 11))
    sent(mail_server, 1)

    actions.decide_appeal(
        appeal, grant=grant, reason="Listened.", technician=desk.owen, by=by(desk.owen), at=june(15, 12)
    )
    told = dict(sent(mail_server, 2))

    (to_cyril,) = (text for to, text in told.items() if cyril.email in to)
    to_ada = [text for to, text in told.items() if desk.ada.email in to]
    assert "Listened." in to_cyril
    if grant:
        assert "uwzględnion" in to_cyril
        assert len(to_ada) == 1, "support was restricted for Ada as well"
        assert "support is not restricted any more" in to_ada[0]
        assert "appeal" not in to_ada[0]
    else:
        (address,) = (word for word in to_cyril.split() if "/answers/restriction/" in word)
        token = address.rstrip("/").rpartition("/")[2]
        assert restriction_link(token, desk.vendor).contact == cyril
        assert to_ada == []


def test_who_reported_and_appealed_hears_of_the_grant_once(
    desk: Cast, mail_server: MailServer, ticket: Ticket
) -> None:
    row = restrict(desk, ticket)
    appeal = actions.appeal_restriction(row, "Not so.", contact=desk.ada, by=by(desk.ada), at=june(15, 11))
    sent(mail_server, 1)
    actions.decide_appeal(
        appeal, grant=True, reason="Right.", technician=desk.owen, by=by(desk.owen), at=june(15, 12)
    )

    ((to, text),) = sent(mail_server, 2)

    assert desk.ada.email in to
    assert "Your appeal was granted." in text


def test_each_reader_of_one_fact_gets_a_mail_of_their_own_that_still_threads(
    desk: Cast, mail_server: MailServer, ticket: Ticket, cyril: Contact
) -> None:
    row = restrict(desk, ticket, endless=True)
    appeal = actions.appeal_restriction(row, "Not so.", contact=cyril, by=by(cyril), at=june(15, 11))
    sent(mail_server, 1)
    actions.decide_appeal(
        appeal, grant=True, reason="Right.", technician=desk.owen, by=by(desk.owen), at=june(15, 12)
    )
    sent(mail_server, 2)
    to_ada, to_cyril = (
        next(each for each in mail_server.arrived if who.email in str(each["To"]))
        for who in (desk.ada, cyril)
    )
    restrict(desk, ticket, endless=True)
    actions.sweep(june(30, 0))
    mail_server.arrived.clear()
    sender.run_once(june(30, 0, 1))

    assert to_ada["Message-ID"] != to_cyril["Message-ID"]
    to_staff = [each for each in mail_server.arrived if "Look at" in str(each["Subject"])]
    assert len({each["Message-ID"] for each in to_staff}) == len(to_staff) == 3
    # Everybody's mails of a request hang together by what they themselves were sent before.
    to_owen = next(each for each in to_staff if desk.owen.person.email in str(each["To"]))
    appealed = Mail.objects.get(to=desk.owen.person.email, kind="appeal")
    assert appealed.message_id in str(to_owen["References"])
    assert len(Mail.objects.values_list("message_id", flat=True).distinct()) == Mail.objects.count()


def restrict_ada(desk: Cast, ticket: Ticket) -> Restriction:
    """Restrict Ada herself, longer than her firm."""
    return actions.restrict(
        ticket,
        scope="contact",
        refusal="against-the-manual",
        what_happened="An old system.",
        until_at=june(30, 0),
        technician=desk.dora,
        by=by(desk.dora),
        at=june(15, 10),
    )


def test_where_another_one_stands_lifting_says_which(
    desk: Cast, mail_server: MailServer, ticket: Ticket
) -> None:
    row = restrict(desk, ticket)
    restrict_ada(desk, ticket)
    sent(mail_server, 1)
    actions.lift_restriction(row, "They said sorry.", technician=desk.dora, by=by(desk.dora), at=june(15, 12))

    ((_to, text),) = sent(mail_server, 2)

    assert "not restricted any more" not in text
    assert "go on as before" not in text
    for each in (
        "They said sorry.",
        "another restriction",
        "§ 6.2",
        "An old system.",
        "/answers/restriction/",
    ):
        assert each in text


def test_and_a_colleague_reads_nothing_of_why_ada_is_restricted(
    desk: Cast, mail_server: MailServer, ticket: Ticket, cyril: Contact
) -> None:
    Contact.objects.filter(pk=cyril.pk).update(language="en")
    row = restrict(desk, ticket)
    restrict_ada(desk, ticket)
    appeal = actions.appeal_restriction(row, "Not so.", contact=cyril, by=by(cyril), at=june(15, 11))
    sent(mail_server, 1)
    actions.decide_appeal(
        appeal, grant=True, reason="Right.", technician=desk.owen, by=by(desk.owen), at=june(15, 12)
    )

    (text,) = (text for to, text in sent(mail_server, 2) if cyril.email in to)

    assert "Your appeal was granted." in text
    assert "restricted for who reported this request" in text
    assert "An old system." not in text
    assert "/answers/restriction/" not in text


def test_what_lapses_while_another_stands_says_so_too(
    desk: Cast, mail_server: MailServer, ticket: Ticket
) -> None:
    restrict(desk, ticket)
    restrict_ada(desk, ticket)
    sent(mail_server, 1)
    mail_server.arrived.clear()
    actions.sweep(june(23, 0))
    sender.run_once(june(23, 0, 1))

    texts = [text_of(each) for each in mail_server.arrived]
    assert any("another restriction" in each for each in texts)
    assert not any("go on as before" in each for each in texts)


def ended_by_terms(desk: Cast, ticket: Ticket, *, shown: bool) -> RemoteSession:
    """Run a session, end it for conduct as the desk does, and end what ran."""
    at, who = june(15, 12), by(desk.tess)
    remote.choose_presence(desk.tess, "free", by=who, at=at)
    call = remote.ring(desk.tess, caller_name="Ada", language="en", at=at)
    session = remote.answer(call, ticket, technician=desk.tess, fees_paid=(), by=who, at=at)
    if shown:
        for gate in record.offer_of(session).gates:
            record.consent_answered(
                session, gate=gate.key, text_sha256=gate.text_sha256, accepted=True, at=at
            )
        session = record.level_granted(session, LEVELS_BY_WORD["look"], at=at)
    why = remote.end_by_terms(session, "conduct", "Insults.", technician=desk.tess, by=who, at=at)
    return remote.end(session, why=why, total_ms=60_000 if shown else 0, side="viewer", at=june(15, 12, 1))


@pytest.mark.parametrize("shown", [False, True])
def test_a_session_ended_by_the_terms_is_told_once_with_the_clause_and_its_facts(
    desk: Cast, mail_server: MailServer, shown: bool
) -> None:
    with_package(desk.acme, "extended")
    ticket = ask(desk.ada, "remote-connection", june(15, 11), severity="low")
    sent(mail_server, 0)
    ended_by_terms(desk, ticket, shown=shown)

    ((to, text),) = sent(mail_server, 2)

    assert desk.ada.email in to
    for each in ("ended by the terms", "§ 6.3", "Insults.", "Nobody can return without your consent."):
        assert each in text
    assert ("Time counted: 0:01:00" in text) is shown


REFUSAL = """
[[refusal]]
id = "conduct"
effect = "may-refuse"
clause = "2.1"
name = { ru = "Оскорбления", pl = "Obelgi", en = "Insults" }
"""


def test_a_restricted_request_that_lacks_something_hears_of_both(mail_server: MailServer, db: None) -> None:
    desk = desk_of("bonus", lambda text: text + REFUSAL)
    desk.ada.language = "en"
    desk.ada.save(update_fields=["language"])
    parts = ["backup-file"]
    restrict(desk, ask(desk.ada, "backup-by-mail", june(15, 9), parts=parts))
    sent(mail_server, 1)
    new = ask(desk.ada, "backup-by-mail", june(15, 11), parts=parts)

    ((_to, text),) = sent(mail_server, 2)

    assert f"Request {new.number} registered; support is restricted" in text
    assert "Missing: the consent to pay. We have the rest." in text
    assert "/answers/restriction/" in text


def test_lifting_is_told_with_its_reason(desk: Cast, mail_server: MailServer, ticket: Ticket) -> None:
    row = restrict(desk, ticket)
    sent(mail_server, 1)
    actions.lift_restriction(row, "They said sorry.", technician=desk.dora, by=by(desk.dora), at=june(15, 12))

    ((_to, text),) = sent(mail_server, 2)

    assert "support is not restricted any more" in text
    assert "They said sorry." in text


def test_what_was_lifted_before_the_mail_left_is_not_imposed_by_mail(
    desk: Cast, mail_server: MailServer, ticket: Ticket
) -> None:
    row = restrict(desk, ticket)
    actions.lift_restriction(row, "A slip.", technician=desk.dora, by=by(desk.dora), at=june(15, 10, 1))

    texts = [text for _to, text in sent(mail_server, 1)]

    assert len(texts) == 1
    assert "not restricted any more" in texts[0]


def test_one_without_an_end_reminds_staff(desk: Cast, mail_server: MailServer, ticket: Ticket) -> None:
    row = restrict(desk, ticket, endless=True)
    sent(mail_server, 1)
    actions.sweep(june(30, 0))
    mail_server.arrived.clear()
    sender.run_once(june(30, 0) + timedelta(minutes=1))

    about = [each for each in mail_server.arrived if "Look at the restriction again" in str(each["Subject"])]

    assert sorted(str(each["To"]) for each in about)
    assert len(about) == 3, "dispatcher, bookkeeper, owner"
    assert all(f"/console/restrictions/{row.pk}/" in text_of(each) for each in about)


EXTENDED = {
    "ru": ("срок ограничения изменён", "Почему срок изменён: It went on.", "вт 30 июня", "§ 6.3"),
    "pl": (
        "zmiana czasu ograniczenia",
        "Dlaczego termin się zmienił: It went on.",
        "wt. 30 czerwca",
        "§ 6.3",
    ),
    "en": (
        "the restriction lasts otherwise",
        "Why it lasts otherwise now: It went on.",
        "Tue 30 June",
        "§ 6.3",
    ),
}
LAPSED = {
    "ru": ("поддержка больше не ограничена", "Ограничение (Acme) больше не действует", "всё идёт как раньше"),
    "pl": ("wsparcie nie jest już ograniczone", "Ograniczenie (Acme) już nie obowiązuje", "jak dotąd"),
    "en": ("support is not restricted any more", "The restriction for Acme holds no more", "go on as before"),
}


def speaking(desk: Cast, language: str) -> None:
    desk.ada.language = language
    desk.ada.save(update_fields=["language"])


@pytest.mark.parametrize("language", ["ru", "pl", "en"])
def test_that_it_lasts_otherwise_is_told_with_why_and_the_way_to_appeal(
    desk: Cast, mail_server: MailServer, ticket: Ticket, language: str
) -> None:
    speaking(desk, language)
    row = restrict(desk, ticket)
    sent(mail_server, 1)
    actions.extend_restriction(
        row,
        "It went on.",
        until_at=june(30, 0) + timedelta(days=1),
        technician=desk.dora,
        by=by(desk.dora),
        at=june(15, 12, 1),
    )

    ((to, text),) = sent(mail_server, 2)

    assert desk.ada.email in to
    for each in (*EXTENDED[language], "/answers/restriction/"):
        assert each in text.replace(NBSP, " ")


@pytest.mark.parametrize("language", ["ru", "pl", "en"])
def test_that_its_time_is_over_is_told_by_itself(
    desk: Cast, mail_server: MailServer, ticket: Ticket, language: str
) -> None:
    speaking(desk, language)
    restrict(desk, ticket)
    sent(mail_server, 1)
    mail_server.arrived.clear()

    actions.sweep(june(23, 0))
    sender.run_once(june(23, 0, 1))

    ((subject, text),) = (
        (str(each["Subject"]), text_of(each))
        for each in mail_server.arrived
        if desk.ada.email in str(each["To"])
    )
    for each in LAPSED[language]:
        assert each in f"{subject}\n{text}".replace(NBSP, " ")
    assert "/answers/restriction/" not in text
