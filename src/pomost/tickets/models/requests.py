"""Requests and what was written in them."""

from datetime import datetime

from django.db import models

from pomost.contracts.models import TermsVersion
from pomost.people.models import Contact, Customer, Technician, Vendor


class Ticket(models.Model):
    """One request (обращение, zgłoszenie) of a customer, under a number of the vendor's pattern."""

    class State(models.TextChoices):
        INCOMPLETE = "incomplete"
        """Something the terms demand is missing; work does not start."""
        OPEN = "open"
        WAITING = "waiting"
        """For the customer; the terms may stop clocks meanwhile."""
        SOLVED = "solved"
        """A solution was given; the customer has not confirmed it yet."""
        CONFIRMED = "confirmed"
        """The customer confirmed, or was silent as long as the terms say."""
        CLOSED = "closed"
        """Without a solution: declined estimate, refused, withdrawn."""

    class Channel(models.TextChoices):
        PORTAL = "portal"
        PHONE = "phone"
        MAIL = "mail"

    class Notice(models.TextChoices):
        """How far the customer has been told the number."""

        SENDING = "sending"
        DELAYED = "delayed"
        """The receiving server put it off; the mail is tried again by itself."""
        REFUSED = "refused"
        """The receiving server will not take it: somebody has to call."""
        BY_HAND = "by-hand"
        """There is no mail address: somebody has to call."""
        TOLD = "told"

    class ToldHow(models.TextChoices):
        MAIL = "mail"
        """The receiving server took the mail."""
        PHONE = "phone"

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="tickets")
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=40)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="tickets")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="tickets")
    channel = models.CharField(max_length=6, choices=Channel.choices)
    subject = models.CharField(max_length=200)
    service = models.CharField(max_length=60)
    """Key of a service in the terms."""
    family = models.CharField(max_length=60, blank=True)
    """Key of a product family in the terms; empty where they know none."""
    product_version = models.CharField(max_length=40, blank=True)
    outdated = models.BooleanField(default=False)
    """Is that version outdated? The terms may then give known solutions only."""
    package_claimed = models.CharField(max_length=60, blank=True)
    """Key of the package that the customer says to have, by contract or by word."""
    package_shown = models.BooleanField(default=True)
    """Could the customer show it? Where not, the terms may serve them by another one."""
    package = models.CharField(max_length=60, blank=True)
    """Key of the package by which the ticket is served; empty where the terms know none."""
    severity = models.CharField(max_length=40, blank=True)
    """Key of a severity in the terms, as the customer set it or agreed to; empty where they know none."""
    severity_proposed = models.CharField(max_length=40, blank=True)
    """What staff proposes; changes nothing until the customer agrees."""
    terms = models.ForeignKey(TermsVersion, on_delete=models.PROTECT, related_name="tickets")
    verdict = models.JSONField()
    """The decision on registration, or when the package was judged anew: outcome, package, clause, ceiling, facts used, version."""
    state = models.CharField(max_length=10, choices=State.choices)
    missing = models.JSONField(default=list)
    """Keys of the parts the terms still demand."""
    received_at = models.DateTimeField()
    registered_at = models.DateTimeField()
    assigned_to = models.ForeignKey(
        Technician, on_delete=models.SET_NULL, null=True, blank=True, related_name="assigned"
    )
    notice = models.CharField(max_length=7, choices=Notice.choices, default=Notice.SENDING)
    notice_next_try_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    """When the customer was told the number; NULL again after a bounce."""
    told_how = models.CharField(max_length=5, choices=ToldHow.choices, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    silence_ends_at = models.DateTimeField(null=True, blank=True)
    """When silence counts as confirmation, where the terms say so."""
    counted_seconds = models.PositiveIntegerField(null=True, blank=True)
    """Work on the request's own service, as worklog last told; NULL: none. Quotas in hours are drawn by it."""
    split_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="split_off"
    )
    """The request whose message held this task as well."""
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    """The request that goes on for this one; set only on a closed one."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "sequence"], name="ticket_sequence_once"),
            models.UniqueConstraint(fields=["vendor", "number"], name="ticket_number_once"),
        ]
        indexes = [
            models.Index(fields=["vendor", "state", "-sequence"], name="ticket_state"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def due_at(self) -> datetime | None:
        """The next promise we can break, by the clocks; None: nothing runs. Lists prefetch `clocks`."""
        if self.state == self.State.CLOSED:
            return None
        running = (clock.due_at for clock in self.clocks.all() if clock.stopped_at is None)
        return min((due_at for due_at in running if due_at is not None), default=None)


class Message(models.Model):
    """What somebody wrote or said: the customer, staff, or staff to each other."""

    class Kind(models.TextChoices):
        REQUEST = "request"
        REPLY = "reply"
        NOTE = "note"
        """Internal: the customer never sees it."""
        CALL = "call"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    author = models.CharField(max_length=60)
    """As in the journal: "contact:8"."""
    author_name = models.CharField(max_length=120)
    text = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} by {self.author_name}"
