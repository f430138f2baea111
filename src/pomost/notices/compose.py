"""From a letter to the bytes of a mail: text and HTML that say the same, and the headers that keep a request together.

Every mail of a request names the first one, so that mail programs show them as one conversation; automatic ones say so
(RFC 3834), so that no robot answers them.
"""

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime, formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from pomost.notices.letter import Attachment, Letter
from pomost.notices.letters import Writer
from pomost.notices.models import Mail
from pomost.notices.writers import TO_CONTACTS, TO_NAMED_CONTACTS, TO_STAFF
from pomost.people.calendar_file import MEDIA_TYPE as CALENDAR_TYPE
from pomost.people.models import Contact, Technician
from pomost.tickets.models import Ticket

SUBJECT_CHARACTERS_MAX = 150


def message_id(ticket: Ticket, sequence: int, reader: Technician | Contact | None = None) -> str:
    """Return the id of the mail that a fact causes; the same however often it is tried.

    `reader` is whom the fact names; None: the contact of the request. Each reader's mail has an id of its own, since
    a mailbox that gets two mails of one id shows one of them.
    """
    domain = ticket.vendor.sender.rpartition("@")[2]
    whose = "" if reader is None else f".{reader._meta.model_name}-{reader.pk}"
    return f"<{ticket.vendor.slug}.{ticket.pk}.{sequence}{whose}@{domain}>"


def compose(mail: Mail, at: datetime) -> EmailMultiAlternatives | None:
    """Return the mail ready to be sent; None when there is nothing left to tell."""
    ticket, vendor = mail.ticket, mail.ticket.vendor
    reader = mail.contact or ticket.contact
    name = mail.technician.person.name if mail.technician else reader.name
    _kind, write = _table(mail)[mail.fact.kind]
    with translation.override(mail.language), timezone.override(vendor.zone):
        letter = write(mail.fact, ticket)
        if letter is None:
            return None
        context = {
            "letter": letter,
            "ticket": ticket,
            "vendor": vendor,
            "language": mail.language,
            "url": _url(ticket, letter, reader),
        }
        text = render_to_string("notices/letter.txt", context)
        html = render_to_string("notices/letter.html", context)
    message = EmailMultiAlternatives(
        subject=_subject(letter, ticket),
        body=text.strip() + "\n",
        from_email=formataddr((_one_line(vendor.name), vendor.sender)),
        to=[formataddr((_one_line(name), mail.to))],
        headers=_headers(mail, letter, at),
    )
    message.attach_alternative(html, "text/html")
    if letter.attachment is not None:
        _attach(message, letter.attachment)
    return message


def _table(mail: Mail) -> Mapping[str, tuple[str, Writer]]:
    if mail.technician is not None:
        return TO_STAFF
    return TO_CONTACTS if mail.contact is None else TO_NAMED_CONTACTS


def _attach(message: EmailMultiAlternatives, file: Attachment) -> None:
    """Add a file; an invitation also as another form of the mail itself, by which programs offer to accept it."""
    media_type, _semicolon, _parameters = file.media_type.partition(";")
    if media_type == CALENDAR_TYPE:
        message.attach_alternative(file.content.decode(), file.media_type)
    message.attach(file.name, file.content, media_type)


def _url(ticket: Ticket, letter: Letter, reader: Contact) -> str:
    if letter.address:
        return f"{settings.PUBLIC_URL}{letter.address}"
    can_sign_in = reader.person_id is not None
    return request_url(ticket) if can_sign_in and letter.button else ""


def request_url(ticket: Ticket) -> str:
    """Return the address of the request in the portal."""
    address = reverse("portal:request", args=[ticket.vendor.slug, ticket.number])
    return f"{settings.PUBLIC_URL}{address}"


def _subject(letter: Letter, ticket: Ticket) -> str:
    title = letter.title if ticket.number in letter.title else f"{letter.title} · {ticket.number}"
    subject = f"{title} · {ticket.subject}"
    return subject if len(subject) <= SUBJECT_CHARACTERS_MAX else subject[: SUBJECT_CHARACTERS_MAX - 1] + "…"


def _headers(mail: Mail, letter: Letter, at: datetime) -> dict[str, str]:
    headers = {"Message-ID": mail.message_id, "Date": format_datetime(at)}
    if not letter.is_from_a_person:
        headers["Auto-Submitted"] = "auto-generated"
    earlier = list(
        Mail.objects.filter(ticket=mail.ticket, to=mail.to, pk__lt=mail.pk)
        .order_by("pk")
        .values_list("message_id", flat=True)
    )
    if earlier:
        headers["In-Reply-To"] = earlier[-1]
        headers["References"] = " ".join(dict.fromkeys([earlier[0], earlier[-1]]))
    return headers


def _one_line(name: str) -> str:
    return " ".join(name.split())
