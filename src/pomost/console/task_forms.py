"""The forms for a second task in a message, and for two requests about one task."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pomost.console.forms import DeskForm
from pomost.contracts.queries import terms_of
from pomost.rules.terms.model import said
from pomost.tickets.models import Message, Ticket
from pomost.tickets.tasks import sentences_of

SENTENCES_SHOWN: Final = 60
"""Of all messages together, the newest last; more than that nobody reads in a list."""


class SplitForm(DeskForm):
    """Which sentences of which message are the second task."""

    sentences = forms.MultipleChoiceField(
        label=_("Sentences of the second task"),
        error_messages={"required": _("Pick the sentences of the second task.")},
    )
    subject = forms.CharField(
        label=_("Its subject"), max_length=200, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    service = forms.ChoiceField(label=_("Its service"), widget=forms.Select(attrs={"class": "form-select"}))

    def __init__(
        self,
        *args: Any,
        sentences: Sequence[tuple[str, str]],
        services: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sentences"].choices = sentences  # type: ignore[attr-defined]
        self.fields["service"].choices = services  # type: ignore[attr-defined]

    def clean_sentences(self) -> list[str]:
        """Refuse sentences of two messages: each task is told in one."""
        picked: list[str] = self.cleaned_data["sentences"]
        if len({each.partition("-")[0] for each in picked}) > 1:
            raise ValidationError(_("Pick sentences of one message; split the others after it."))
        return picked

    def picked(self) -> tuple[int, list[int]]:
        """Return the message's key and the places of its sentences."""
        pairs = [each.split("-") for each in self.cleaned_data["sentences"]]
        return int(pairs[0][0]), [int(place) for _message, place in pairs]


class MergeForm(DeskForm):
    """The earlier request of the same customer that is about the same task."""

    number = forms.CharField(
        label=_("Number of the earlier request"),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )


def split_form(
    ticket: Ticket, messages: Iterable[Message], language: str, data: Any = None
) -> SplitForm | None:
    """Return the form for a ticket; None where none of the customer's messages has two sentences to tell apart.

    `messages` are what was read for the ticket, the oldest first; those of a request merged into it stay whole.
    """
    sentences: list[tuple[str, str]] = []
    for message in messages:
        is_customers = message.author.startswith("contact:") and message.kind != Message.Kind.NOTE
        if message.ticket_id != ticket.pk or not is_customers:
            continue
        said_there = sentences_of(message.text)
        if len(said_there) > 1:
            sentences += [(f"{message.pk}-{place}", text) for place, text in enumerate(said_there)]
    if not sentences:
        return None
    services = [(each.id, said(each.name, language)) for each in terms_of(ticket.terms).services]
    return SplitForm(
        data,
        sentences=sentences[-SENTENCES_SHOWN:],
        services=services,
        initial={"service": ticket.service},
    )
