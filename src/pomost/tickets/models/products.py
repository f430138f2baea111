"""The vendor's product: its releases, the errors that are known in it, which requests are about which error."""

from django.db import models
from django.db.models import Q

from pomost.people.models import Contact, Vendor
from pomost.tickets.models.requests import Ticket


class Release(models.Model):
    """A version of the product: to come while `published_at` is NULL, then out."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="releases")
    family = models.CharField(max_length=60, blank=True)
    """Key of a product family in the terms; empty where they know none."""
    version = models.CharField(max_length=40)
    canonical = models.CharField(max_length=120)
    """The version as rules.releases.canonical writes it: 3.16 and 3.16.0 are the same one."""
    planned_for = models.DateField(null=True, blank=True)
    """Day on which it is expected; NULL: not known, or nobody says."""
    released_on = models.DateField(null=True, blank=True)
    outdated_from = models.DateField(null=True, blank=True)
    """First day on which it is outdated; NULL: it is kept alive."""
    notes = models.JSONField(default=dict)
    """What is new, by language."""
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "family", "canonical"], name="release_once"),
            models.CheckConstraint(
                condition=Q(published_at=None, released_on=None, outdated_from=None, published_by="")
                | (Q(published_at__isnull=False, released_on__isnull=False) & ~Q(published_by="")),
                name="release_is_out_or_to_come",
            ),
            models.CheckConstraint(
                condition=Q(outdated_from=None) | Q(outdated_from__gt=models.F("released_on")),
                name="release_outdated_after_release",
            ),
        ]

    def __str__(self) -> str:
        return self.version


class KnownError(models.Model):
    """An error of the product: found in a request, confirmed, mended by a release."""

    class State(models.TextChoices):
        FOUND = "found"
        """Reported from a request; only staff see it."""
        CONFIRMED = "confirmed"
        """It is the product's error: customers can read it."""
        MENDED = "mended"
        """The release that mends it is out."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="known_errors")
    sequence = models.PositiveIntegerField()
    """The vendor's own count of errors; its name in addresses and letters."""
    family = models.CharField(max_length=60, blank=True)
    title = models.JSONField()
    """By language; never empty."""
    symptom = models.JSONField(default=dict)
    workaround = models.JSONField(default=dict)
    found_in = models.CharField(max_length=40, blank=True)
    """Version in which it was found, as it was named."""
    state = models.CharField(max_length=9, choices=State.choices, default=State.FOUND)
    release = models.ForeignKey(
        Release, on_delete=models.PROTECT, null=True, blank=True, related_name="errors"
    )
    """The release that mends it; still to come unless the error is mended."""
    reported_at = models.DateTimeField()
    reported_by = models.CharField(max_length=60)
    tickets = models.ManyToManyField(Ticket, through="ErrorLink", related_name="known_errors")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "sequence"], name="known_error_sequence_once"),
            models.CheckConstraint(
                condition=~Q(state="mended") | Q(release__isnull=False),
                name="known_error_mended_by_a_release",
            ),
        ]

    def __str__(self) -> str:
        return f"error {self.sequence}"


class ErrorLink(models.Model):
    """One request is about one known error."""

    error = models.ForeignKey(KnownError, on_delete=models.PROTECT, related_name="links")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="error_links")
    linked_by = models.CharField(max_length=60)
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["error", "ticket"], name="error_linked_once")]

    def __str__(self) -> str:
        return f"{self.error_id} in {self.ticket_id}"


class ReleaseTold(models.Model):
    """A contact hears of a release, once; the row is made with the fact that the mail is written from."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="told")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="releases_told")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="releases_told")
    """The request under which they hear of it."""
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "contact"], name="release_told_once")]

    def __str__(self) -> str:
        return f"{self.release_id} to {self.contact_id}"
