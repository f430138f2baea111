"""The table of outgoing mail: one row a fact that is to be told; claimed, sent, retried."""

from django.db import models

from pomost.journal.models import Fact
from pomost.people.models import Contact, Technician
from pomost.tickets.models import Ticket


class Mail(models.Model):
    """One mail to one address because of one fact. It is written when it is sent, from what is true then."""

    class State(models.TextChoices):
        WAITING = "waiting"
        ACCEPTED = "accepted"
        """By the receiving server (SMTP 250)."""
        REFUSED = "refused"
        """For good: a person must do something."""
        DROPPED = "dropped"
        """What it was to tell had been told or taken back before it left."""

    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="mails")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="mails")
    technician = models.ForeignKey(Technician, on_delete=models.PROTECT, null=True, related_name="mails")
    """To whom of the staff it goes; NULL: to the customer."""
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="mails")
    """To whom of the customer's people it goes because the fact names them; NULL: to the contact of the ticket."""
    kind = models.CharField(max_length=40)
    to = models.EmailField()
    language = models.CharField(max_length=2)
    message_id = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    next_try_at = models.DateTimeField(null=True)
    """While it waits; who tries it moves this ahead first, so that nobody else takes it at the same time."""
    tries = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(max_length=300, blank=True)
    """What the receiving server said last."""
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fact", "to"], name="mail_once_a_fact")]
        indexes = [
            models.Index(fields=["next_try_at"], name="mail_waiting", condition=models.Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to}"


class Cursor(models.Model):
    """How far the journal was read. One row."""

    sequence = models.BigIntegerField(default=0)
    """Place in the chain. Sealed facts only are read: their order is final, so none can slip in before it later."""

    def __str__(self) -> str:
        return str(self.sequence)
