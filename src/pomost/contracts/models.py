"""Tables of terms and contracts. A version of the terms is never edited: a newer one takes its place from a day on."""

from django.db import models

from pomost.people.models import Customer, Vendor


class TermsVersion(models.Model):
    """One terms file as it was published. Old work is judged by the version that was in force on its day."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="terms_versions")
    version = models.CharField(max_length=40)
    valid_from = models.DateField()
    text = models.TextField()
    """The TOML file, byte for byte (UTF-8)."""
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "version"], name="terms_version_once"),
            models.UniqueConstraint(fields=["vendor", "valid_from"], name="terms_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.vendor.slug} {self.version}"


class Contract(models.Model):
    """What a customer has: a package of the terms, for a time. `kind` is the terms' own word where they know contracts."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contracts")
    number = models.CharField(max_length=40)
    package = models.CharField(max_length=60, blank=True)
    """Key of a package in the terms; empty where the terms know none."""
    kind = models.CharField(max_length=60, blank=True)
    """Key of a contract kind in the terms ("sla"); empty where the terms know none."""
    shown = models.BooleanField(default=True)
    """Has the customer been able to show this package? Who cannot is served by the base package, where the terms say so."""
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "number"], name="contract_number_once"),
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("valid_from")),
                name="contract_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.number
