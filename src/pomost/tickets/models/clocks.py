"""Promises: the events, the clocks computed from them, the alerts told, and what an edit of a calendar moved."""

from django.db import models

from pomost.contracts.models import CalendarEdit
from pomost.tickets.models.requests import Ticket


class ClockEvent(models.Model):
    """An event that clocks of this ticket start, stop, pause or reopen on. The clocks are computed from these rows."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="clock_events")
    name = models.CharField(max_length=40)
    """One of rules.clocks.EVENTS."""
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    """When the desk learned of it; later than `at` when a call is noted afterwards."""
    once = models.CharField(max_length=80, null=True)  # noqa: DJ001 (NULLs never collide, empty texts would)
    """Names the happening where whoever tells of it may tell twice: "bounce:<message id>". NULL: nobody does."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "once"], name="clock_event_told_once"),
        ]
        indexes = [models.Index(fields=["ticket", "at"], name="clock_event_order")]
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


class Clock(models.Model):
    """One promise of the terms for one ticket, with what the events made of it. Recomputed whole, never patched."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="clocks", db_index=False)
    """Found by `clock_once_a_ticket`: each index more is one more to keep when a million clocks move."""
    key = models.CharField(max_length=60)
    clause = models.CharField(max_length=60)
    amount_seconds = models.PositiveIntegerField()
    then = models.CharField(max_length=40, blank=True)
    """What the terms say happens when it runs out ("agree-paid-work"); empty: the promise is merely broken."""
    started_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    paused_since = models.DateTimeField(null=True)
    used_seconds = models.PositiveIntegerField(default=0)
    """Counted until it stopped or paused; while it runs, as of the last recomputation."""
    met = models.BooleanField(null=True)
    """NULL while it runs or has not begun."""
    unpromised = models.TextField(blank=True)
    """Why nothing is due although it runs: the calendar is not confirmed that far."""
    edition = models.BigIntegerField(default=0)
    """The last `contracts.CalendarEdit` of the vendor that it was computed with; 0: none."""
    tell_at = models.DateTimeField(null=True)
    """When staff are to be told about it next: a warning or an escalation that nobody was told yet. NULL: never."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "key"], name="clock_once_a_ticket")]
        indexes = [
            models.Index(fields=["tell_at"], name="clock_to_tell", condition=models.Q(tell_at__isnull=False)),
            models.Index(
                fields=["due_at"],
                name="clock_open",
                condition=models.Q(met=None, stopped_at=None, due_at__isnull=False),
            ),
            models.Index(
                fields=["ticket"],
                name="clock_unpromised",
                condition=models.Q(met=None, stopped_at=None, due_at=None) & ~models.Q(unpromised=""),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class AlertTold(models.Model):
    """A warning or an escalation that staff were told of. The row is why nobody hears of the same moment twice."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="alerts_told")
    clock = models.CharField(max_length=60)
    step = models.CharField(max_length=40)
    """Of the promise's alerts: `warning:25%`."""
    due_at = models.DateTimeField()
    """When the promise was due as it stood then."""
    at = models.DateTimeField()
    """The moment from which it was to be told."""
    told_at = models.DateTimeField()
    technicians = models.JSONField(default=list)
    """Keys of those who were told; empty: there was nobody of that role."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "clock", "step", "at"], name="alert_told_once")
        ]

    def __str__(self) -> str:
        return f"{self.clock} {self.step}"


class Recomputation(models.Model):
    """The clocks that an edit of a calendar moved, as one piece of work that a restart goes on with.

    Once it is finished its row never changes: held by triggers, as is what it made of the clocks.
    """

    edit = models.OneToOneField(CalendarEdit, on_delete=models.PROTECT, related_name="recomputation")
    started_at = models.DateTimeField()
    swept_at = models.DateTimeField(null=True)
    """When the last pass over all clocks began that reached its end."""
    finished_at = models.DateTimeField(null=True)
    """When nothing was left that could have been computed without the edit."""
    clocks = models.PositiveIntegerField(default=0)
    """How many moved."""
    to_look_at = models.PositiveIntegerField(default=0)
    """Open clocks that the present pass has to look at."""
    looked_at = models.PositiveIntegerField(default=0)
    """How many of these it has."""

    def __str__(self) -> str:
        return f"{self.edit}: {self.clocks}"


class MovedClock(models.Model):
    """What a recomputation made of one clock: its due time before and after, and what was left at the edit.

    The rows are made from clocks by the database itself, so it need not look up again, a million times, that their
    tickets exist.
    """

    recomputation = models.ForeignKey(
        Recomputation, on_delete=models.PROTECT, related_name="moved", db_index=False, db_constraint=False
    )
    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="moved_clocks", db_constraint=False
    )
    key = models.CharField(max_length=60)
    left_seconds = models.PositiveIntegerField()
    """Working time that was left when the calendar was edited, by the calendar until then; the rest had been used."""
    due_before = models.DateTimeField(null=True)
    due_after = models.DateTimeField(null=True)
    """NULL: the holidays of that time are not confirmed yet."""

    def __str__(self) -> str:
        return f"{self.key}: {self.due_before} to {self.due_after}"
