"""Support restricted for misuse or conduct: what stands, everything that was done about it, and what the customer said."""

from django.db import models
from django.db.models import F, Q

from pomost.contracts.models import TermsVersion
from pomost.people.models import Contact, Customer, Vendor
from pomost.tickets.models.requests import Ticket


class Restriction(models.Model):
    """Support is refused for a time, by a reason of the terms.

    What it was imposed for never changes, its end is the last step's, and once ended it stays so: triggers hold it.
    """

    class Scope(models.TextChoices):
        """As rules.restriction.Scope."""

        REQUEST = "request"
        CONTACT = "contact"
        CUSTOMER = "customer"

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="restrictions")
    occasion = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="restrictions")
    """The request in which it came up; the customer and the contact are this one's."""
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="restrictions")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="restrictions")
    scope = models.CharField(max_length=8, choices=Scope.choices)
    refusal = models.CharField(max_length=60)
    """Key of the reason in the terms."""
    clause = models.CharField(max_length=60)
    terms = models.ForeignKey(TermsVersion, on_delete=models.PROTECT, related_name="restrictions")
    what_happened = models.TextField()
    """In the words that the customer reads."""
    imposed_by = models.CharField(max_length=60)
    """Whose decision it is, as in the journal."""
    starts_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    """The first moment at which it holds no more; NULL: without an end, to be looked at by `review_at`."""
    review_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """When it was lifted or lapsed."""
    # When the sweep has something to do: it lapses, or its review is due. NULL: nothing any more.
    next_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at=None, review_at__isnull=False)
                | Q(until_at__isnull=False, review_at=None),
                name="restriction_ends_or_is_looked_at",
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gt=F("starts_at")),
                name="restriction_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(next_at=None), name="restriction_ended_waits_for_nothing"
            ),
        ]
        indexes = [
            models.Index(fields=["customer"], name="restriction_stands", condition=Q(ended_at=None)),
            models.Index(fields=["next_at"], name="restriction_next", condition=Q(next_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.refusal} in {self.occasion_id}"


class RestrictionStep(models.Model):
    """One thing that was done about a restriction, with how long it lasts after it. Never changed, never deleted."""

    class Kind(models.TextChoices):
        IMPOSED = "imposed"
        EXTENDED = "extended"
        LIFTED = "lifted"
        LAPSED = "lapsed"
        """Its time was over."""
        REVIEW_DUE = "review-due"
        """It has no end, and somebody has to look at it again."""
        APPEALED = "appealed"
        UPHELD = "upheld"
        """An appeal was answered with a no."""

    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    person = models.CharField(max_length=60, blank=True)
    """Whose decision or words it is, as in the journal; empty: the desk's own, by the time."""
    text = models.TextField(blank=True)
    """The reason, or what the customer said."""
    until_at = models.DateTimeField(null=True)
    review_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["restriction", "id"], name="restriction_step_order")]

    def __str__(self) -> str:
        return self.kind


class RestrictionAppeal(models.Model):
    """What the customer said against a restriction, and what somebody else than who restricted decided. Once."""

    class State(models.TextChoices):
        WAITING = "waiting"
        UPHELD = "upheld"
        """The restriction stays."""
        GRANTED = "granted"
        """It was lifted."""
        OVERTAKEN = "overtaken"
        """The restriction ended before anybody decided."""

    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="appeals")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="restriction_appeals")
    text = models.TextField()
    appealed_at = models.DateTimeField()
    by = models.CharField(max_length=60)
    """Who noted it: the contact, a technician on the phone, a program."""
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    decided_by = models.CharField(max_length=60, blank=True)
    alone = models.BooleanField(default=False)
    """Decided by who had restricted, because there was nobody else."""
    reason = models.TextField(blank=True)
    """In the words that the customer reads."""
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["restriction"], condition=Q(state="waiting"), name="restriction_one_open_appeal"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None, decided_by="", reason="")
                | Q(state="overtaken", decided_at__isnull=False, decided_by="")
                | (
                    Q(state__in=("upheld", "granted"), decided_at__isnull=False)
                    & ~Q(decided_by="")
                    & ~Q(reason="")
                ),
                name="restriction_appeal_is_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"appeal: {self.state}"
