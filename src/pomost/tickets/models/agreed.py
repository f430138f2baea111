"""What was decided and what was agreed: consents, decisions, proposals of severity, stopped work."""

from django.db import models

from pomost.people.models import Contact, Vendor
from pomost.tickets.models.requests import Ticket


class Consent(models.Model):
    """A yes or no of the customer, with the exact words that were shown. Never changed, never deleted."""

    class Channel(models.TextChoices):
        PORTAL = "portal"
        APP = "app"
        PHONE = "phone"
        MAIL = "mail"

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="consents")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="consents")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=40)
    """Key of a gate in the terms, or "estimate", "severity", "solution", "level:act"."""
    accepted = models.BooleanField()
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    text_version = models.CharField(max_length=40)
    """Version of the terms that the text comes from."""
    language = models.CharField(max_length=2)
    channel = models.CharField(max_length=6, choices=Channel.choices)
    by = models.CharField(max_length=60)
    """Who recorded it: the contact, or the technician who noted the call."""
    session = models.CharField(max_length=36, blank=True)
    """Id of the remote session in which it was given."""
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind}: {'yes' if self.accepted else 'no'}"


class DecisionKept(models.Model):
    """What was decided about a ticket, by which clause and because of which facts. Never changed, never deleted."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="decisions")
    subject = models.CharField(max_length=20)
    """One of rules.decision.Subject."""
    outcome = models.CharField(max_length=40)
    clause = models.CharField(max_length=60, blank=True)
    version = models.CharField(max_length=40)
    """Version of the terms by which it was decided; older work keeps the older one."""
    body = models.JSONField()
    """The whole of it, as rules.decision.Decision.as_json gives it."""
    by = models.CharField(max_length=60)
    """Who decided, or whose act made the desk decide, as in the journal."""
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ticket", "subject", "id"], name="decision_of_ticket")]

    def __str__(self) -> str:
        return f"{self.subject}: {self.outcome}"


class SeverityProposal(models.Model):
    """Another severity that staff proposed: answered once by the customer, or superseded by the next proposal."""

    class State(models.TextChoices):
        OPEN = "open"
        AGREED = "agreed"
        REFUSED = "refused"
        SUPERSEDED = "superseded"
        """Staff proposed something else before the customer answered."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="severity_proposals")
    before = models.CharField(max_length=40)
    after = models.CharField(max_length=40)
    proposed_by = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    consent = models.OneToOneField(
        Consent, on_delete=models.PROTECT, null=True, related_name="severity_proposal"
    )
    """The customer's answer, with the words it was given to."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(state="open"), name="severity_one_open_proposal"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("open", "superseded"), consent=None)
                | models.Q(state__in=("agreed", "refused"), consent__isnull=False),
                name="severity_answer_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before} to {self.after}: {self.state}"


class Overrun(models.Model):
    """The time of a promise ran out and the terms then stop the work: what lets it go on, and how far that has come."""

    class State(models.TextChoices):
        PRICE_DUE = "price-due"
        """The terms let work go on only at an agreed price, and none is named yet."""
        PRICE_ASKED = "price-asked"
        """The price is before the customer."""
        PRICE_AGREED = "price-agreed"
        """Work goes on under the paid service."""
        PRICE_DECLINED = "price-declined"
        PERSON_DUE = "person-due"
        """The terms are silent: a person decides."""
        GOES_ON = "goes-on"
        """A person decided that work goes on as before."""

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="overrun")
    clock = models.CharField(max_length=60)
    """Key of the promise whose time ran out."""
    clause = models.CharField(max_length=60)
    """What the terms say happens then."""
    service = models.CharField(max_length=60, blank=True)
    """Key of the paid service; empty while a person has not chosen one."""
    state = models.CharField(max_length=14, choices=State.choices)
    stopped_at = models.DateTimeField()
    """When the time ran out."""

    def __str__(self) -> str:
        return f"{self.clock}: {self.state}"
