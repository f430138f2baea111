"""Tables of people and firms. A vendor is a tenant: every other row leads to exactly one."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class Vendor(models.Model):
    """A software vendor that runs its support on this desk, at the address /slug/."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    mark = models.CharField(max_length=2)
    """One or two letters that stand for the vendor where a logo would."""
    language = models.CharField(max_length=2)
    zone = models.CharField(max_length=40)
    """IANA zone in which this vendor's times are shown and judged."""
    currency = models.CharField(max_length=3)
    sender = models.EmailField()
    phone = models.CharField(max_length=40, blank=True)
    address = models.TextField(blank=True)
    tax_id = models.CharField(max_length=20, blank=True)
    bank_account = models.CharField(max_length=60, blank=True)
    signing_key = models.BinaryField()
    """Ed25519 private key, 32 bytes: signs session offers; the customer's app pins its public half."""

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Finds a person by mail address, whatever the letters' case."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Return the person who signs in with this mail address."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who can sign in: a technician or a customer's contact."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=2)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "language"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_once")]

    def __str__(self) -> str:
        return self.name


class Technician(models.Model):
    """A person who works for one vendor. The roles only widen: an owner may do what a bookkeeper may."""

    class Role(models.TextChoices):
        TECHNICIAN = "technician"
        DISPATCHER = "dispatcher"
        BOOKKEEPER = "bookkeeper"
        OWNER = "owner"

    class Presence(models.TextChoices):
        OFF = "off"
        FREE = "free"
        CALL = "call"
        BUSY = "busy"

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="technicians")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="technician_of")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.TECHNICIAN)
    speciality = models.CharField(max_length=120, blank=True)
    """What the customer reads under the name in the app's list."""
    takes_calls = models.BooleanField(default=True)
    presence = models.CharField(max_length=4, choices=Presence.choices, default=Presence.OFF)
    presence_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor", "person"], name="technician_once_a_vendor")]

    def __str__(self) -> str:
        return self.person.name


class Customer(models.Model):
    """A firm (or a person) that a vendor supports."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="customers")
    name = models.CharField(max_length=160)
    language = models.CharField(max_length=2)
    """Language of its documents."""
    tax_id = models.CharField(max_length=20, blank=True)
    address = models.TextField(blank=True)
    product_version = models.CharField(max_length=40, blank=True)
    consultant = models.ForeignKey(
        Technician, on_delete=models.SET_NULL, null=True, blank=True, related_name="own_customers"
    )
    """The customer's own consultant or personal specialist, where the terms give one."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor", "name"], name="customer_once_a_vendor")]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """Somebody at a customer. With a person behind it, they can sign in to the portal."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contacts")
    person = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="contact_of"
    )
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=2)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(email="") | ~models.Q(phone=""), name="contact_can_be_reached"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Token(models.Model):
    """A key with which a program of the vendor's uses the API. Of its secret only a hash is kept."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    """What the journal and the timeline call it."""
    scopes = models.JSONField()
    """Some of people.tokens.SCOPES."""
    prefix = models.CharField(max_length=12, unique=True)
    """The part that is shown, and by which it is found."""
    secret_sha256 = models.CharField(max_length=64)
    created_by = models.ForeignKey(Technician, on_delete=models.PROTECT, related_name="tokens")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    """To the minute, so that reading writes nothing most of the time."""
    expires_at = models.DateTimeField(null=True)
    """NULL: never."""
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "name"],
                condition=models.Q(revoked_at=None),
                name="token_name_once_a_vendor",
            )
        ]

    def __str__(self) -> str:
        return self.name


class CalendarKey(models.Model):
    """The secret in the address of a technician's calendar for other programs. Of it only a hash is kept."""

    technician = models.OneToOneField(Technician, on_delete=models.CASCADE, related_name="calendar_key")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"of technician {self.technician_id}"
