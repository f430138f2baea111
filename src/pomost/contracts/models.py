"""Tables of terms and contracts. A version of the terms is never edited: a newer one takes its place from a day on."""

from django.db import models

from pomost.people.models import Customer, Vendor
from pomost.rules.quota import Beyond, Carry, Period


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


class TermsDraft(models.Model):
    """The next version of a vendor's terms while it is written; it may be wrong in every line. A desk has one at a time."""

    vendor = models.OneToOneField(Vendor, on_delete=models.PROTECT, related_name="terms_draft")
    based_on = models.ForeignKey(TermsVersion, on_delete=models.PROTECT, related_name="drafts")
    text = models.TextField()
    edition = models.PositiveIntegerField(default=1)
    """Grows with every change; who saves says which one they had before them."""
    edited_at = models.DateTimeField()
    edited_by = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.vendor_id} draft {self.edition}"


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
    visits_per_incident = models.PositiveSmallIntegerField(null=True, blank=True)
    """How often a technician comes for one request; NULL: the contract does not say, so a person is asked."""

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


class Unit(models.TextChoices):
    """What use is counted in, in the words of the terms."""

    REQUESTS = "requests"
    HOURS = "hours"


class Allowance(models.Model):
    """How much a contract gives of one unit from a day on. Never changed: the newest that has begun holds."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="allowances")
    unit = models.CharField(max_length=8, choices=Unit.choices)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    period = models.CharField(max_length=7, choices=[(each.value, each.name) for each in Period])
    carry = models.CharField(max_length=9, choices=[(each.value, each.name) for each in Carry])
    beyond = models.CharField(max_length=4, choices=[(each.value, each.name) for each in Beyond])
    """What follows when it is used up."""
    valid_from = models.DateField()
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="allowance_not_negative")
        ]
        indexes = [models.Index(fields=["contract", "unit", "valid_from", "id"], name="allowance_in_order")]

    def __str__(self) -> str:
        return f"{self.amount} {self.unit} a {self.period}"


class QuotaPeriod(models.Model):
    """One period of one unit of a contract, with what is used of it: the row that every draw locks.

    `used` is the sum of the draws, kept by their trigger (tickets' migration); no draw can make it exceed what there is.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="quota_periods")
    unit = models.CharField(max_length=8, choices=Unit.choices)
    first_day = models.DateField()
    last_day = models.DateField(null=True)
    granted = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    """NULL: the contract names no amount, so use is counted and not limited."""
    carried = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    used = models.DecimalField(max_digits=10, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "unit", "first_day"], name="quota_period_once"),
            models.CheckConstraint(
                condition=models.Q(used__gte=0, carried__gte=0)
                & (models.Q(granted=None) | models.Q(granted__gte=0)),
                name="quota_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(granted=None)
                | models.Q(used__lte=models.F("granted") + models.F("carried")),
                name="quota_never_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(last_day=None) | models.Q(last_day__gte=models.F("first_day")),
                name="quota_period_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} from {self.first_day}"


class CalendarEdit(models.Model):
    """A change that the desk made to a calendar of its terms while it was in force. Never changed, never deleted."""

    class Kind(models.TextChoices):
        EXCEPTION = "exception"
        """Some days have other hours than the terms say, or none."""
        WITHDRAWAL = "withdrawal"
        """An exception holds no longer."""
        YEAR = "year"
        """The public holidays of a further year are known: its `holiday_year`."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="calendar_edits")
    calendar = models.CharField(max_length=60)
    """Key of a [[calendar]] in the terms; empty for a year, which concerns all calendars of its country."""
    kind = models.CharField(max_length=10, choices=Kind.choices)
    first_day = models.DateField()
    last_day = models.DateField()
    """The days of the exception, both included; a withdrawal repeats them."""
    hours = models.JSONField(default=list)
    """Intervals in minutes from midnight, [[540, 780]]; empty: closed. Of a withdrawal: what held until then."""
    note = models.CharField(max_length=120, blank=True)
    """What the day is, in the words of whoever changed it."""
    withdraws = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="withdrawal"
    )
    at = models.DateTimeField()
    """From this moment on it holds; what passed before is counted as it was."""
    by = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["vendor", "at", "id"], name="calendar_edit_order")]
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="calendar_edit_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.calendar} {self.first_day}"


class HolidayYear(models.Model):
    """The public holidays of one year, as a desk took them for a country.

    Never changed, never deleted: what is different later is an exception to a calendar.
    """

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="holiday_years")
    country = models.CharField(max_length=2)
    """ISO 3166-1."""
    subdivision = models.CharField(max_length=6, blank=True)
    """Second half of the ISO 3166-2 code; empty: the whole country."""
    year = models.PositiveSmallIntegerField()
    days_off = models.JSONField(default=list)
    """[["2026-01-01", "Nowy Rok"]], in order."""
    working_days = models.JSONField(default=list)
    """["2025-11-01"], in order: days of a weekend that an official transfer makes working days."""
    proposed_by = models.CharField(max_length=40)
    """The catalogue that was looked through and its version; empty: none was."""
    edit = models.OneToOneField(
        CalendarEdit, on_delete=models.PROTECT, null=True, blank=True, related_name="holiday_year"
    )
    """From when on it holds, for a year confirmed by itself; NULL: taken with the first terms that ask for the country."""
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    """Who confirmed it: whoever published those terms, or looked through the year."""

    class Meta:
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "country", "subdivision", "year"], name="holiday_year_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country}{self.subdivision and '-' + self.subdivision} {self.year}"
