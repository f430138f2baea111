"""The table of answers that are kept for a day, so that a request sent twice is done once."""

from django.db import models

from pomost.people.models import Token


class KeptAnswer(models.Model):
    """What was answered to a request with an idempotency key; written in the transaction of what the request did."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="kept_answers")
    key = models.CharField(max_length=200)
    request_sha256 = models.CharField(max_length=64)
    """Over method, address and body."""
    status = models.PositiveSmallIntegerField(default=0)
    """0 only inside the transaction that is still at work."""
    body = models.TextField(default="")
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="kept_answer_once_a_key")]

    def __str__(self) -> str:
        return f"{self.status} for {self.key}"
