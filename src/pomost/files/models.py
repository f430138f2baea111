"""Tables of files. Triggers (see the migrations) hold that versions and receipts stay and that an upload ends once.

Content is in the store (store.py), in pieces; a row of `Piece` is what makes a piece count.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from pomost.people.models import Customer, Vendor


class File(models.Model):
    """Something with versions: a backup that goes out and comes back corrected, or a plain attachment."""

    class Kind(models.TextChoices):
        BACKUP = "backup"
        ATTACHMENT = "attachment"

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="files")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="files")
    subject = models.CharField(max_length=60)
    """What it is about, as in the journal: "ticket:17"."""
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "id"], name="file_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} of {self.subject}"


class Upload(models.Model):
    """Content on its way. `offset` counts only what has reached the disk."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        DAMAGED = "damaged"
        """All bytes came, and their SHA-256 is not the one that was announced."""
        CANCELLED = "cancelled"
        EXPIRED = "expired"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="uploads")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="uploads")
    subject = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=File.Kind.choices)
    parent = models.ForeignKey(
        "files.Version", on_delete=models.PROTECT, null=True, related_name="uploads_after"
    )
    """The version that this one corrects; NULL begins a file."""
    name = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    size = models.BigIntegerField()
    """In bytes, as announced; never changes."""
    sha256 = models.CharField(max_length=64, blank=True)
    """As the sender announced it, in hex; empty where the sender did not say."""
    offset = models.BigIntegerField(default=0)
    by = models.CharField(max_length=60)
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.RUNNING)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(offset__gte=0) & Q(offset__lte=F("size")), name="upload_offset_within"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(offset=F("size")), name="upload_done_is_whole"
            ),
            models.CheckConstraint(
                condition=Q(state="running", ended_at=None)
                | (~Q(state="running") & Q(ended_at__isnull=False)),
                name="upload_ended_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="upload_running", condition=Q(state="running")),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.offset} of {self.size}"


class Piece(models.Model):
    """A part of an upload's content that lies in the store under `key`."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="pieces")
    offset = models.BigIntegerField()
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    """Of the piece before encryption, so that no piece is mistaken for another one."""
    key = models.CharField(max_length=40, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "offset"], name="piece_once")]

    def __str__(self) -> str:
        return f"{self.size} bytes at {self.offset}"


class Version(models.Model):
    """One state of a file, with its own name and SHA-256. Never changed or deleted; only its content is erased in time."""

    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    parent = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="next_version")
    upload = models.OneToOneField(Upload, on_delete=models.PROTECT, related_name="version")
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    """Of the whole content, computed by the desk, in hex."""
    announced = models.BooleanField()
    """The sender computed the same SHA-256 before the first byte left."""
    note = models.TextField(blank=True)
    """What changed, in the words of whoever returned it."""
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    link = models.CharField(max_length=64)
    """The chain: SHA-256 over the version before and this one (chain.py), in hex."""
    keep_until = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    """The content is gone; what was said of it stays."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="version_number_once"),
            models.CheckConstraint(
                condition=Q(number=1, parent=None) | Q(number__gt=1, parent__isnull=False),
                name="version_follows_one",
            ),
        ]
        indexes = [
            models.Index(fields=["keep_until"], name="version_kept", condition=Q(erased_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"


class Receipt(models.Model):
    """Somebody at the customer says that they have a version, whole. Never changed, never deleted."""

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="receipt")
    sha256 = models.CharField(max_length=64)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"receipt for {self.version_id} by {self.by}"
