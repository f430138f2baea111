"""The table of facts. Triggers (see the migration) refuse to change or delete a row; only the chain's columns are filled later."""

from django.db import models


class Fact(models.Model):
    """One thing that happened. Written once; sealed into the chain shortly after (journal/actions.py)."""

    vendor = models.SlugField(db_index=False)
    kind = models.CharField(max_length=60)
    """Noun and verb in the past: "ticket.registered"."""
    subject = models.CharField(max_length=60)
    """What it is about: "ticket:17"."""
    by = models.CharField(max_length=60)
    """Who did it: "technician:3", "contact:8", "token:2", "desk" (a sweep), "system"."""
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    # Filled by the sealer within a second of the commit, so that no write queues on the chain.
    sequence = models.BigIntegerField(null=True, unique=True)
    hash = models.CharField(max_length=64, default="")
    """SHA-256 over the previous hash and this fact's canonical JSON, in hex."""

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"], name="fact_subject"),
            models.Index(fields=["vendor", "id"], name="fact_vendor"),
            models.Index(fields=["id"], name="fact_unsealed", condition=models.Q(sequence=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} by {self.by} at {self.at:%Y-%m-%d %H:%M:%S}"
