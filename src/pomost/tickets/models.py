"""Tables of tickets. A ticket's next deadline is a column with an index; its clocks are rows; neither is a workflow."""

from django.db import models

from pomost.contracts.models import CalendarEdit, QuotaPeriod, TermsVersion
from pomost.people.models import Contact, Customer, Technician, Vendor


class Ticket(models.Model):
    """One request (обращение, zgłoszenie) of a customer, under a number of the vendor's pattern."""

    class State(models.TextChoices):
        INCOMPLETE = "incomplete"
        """Something the terms demand is missing; work does not start."""
        OPEN = "open"
        WAITING = "waiting"
        """For the customer; the terms may stop clocks meanwhile."""
        SOLVED = "solved"
        """A solution was given; the customer has not confirmed it yet."""
        CONFIRMED = "confirmed"
        """The customer confirmed, or was silent as long as the terms say."""
        CLOSED = "closed"
        """Without a solution: declined estimate, refused, withdrawn."""

    class Channel(models.TextChoices):
        PORTAL = "portal"
        PHONE = "phone"
        MAIL = "mail"

    class Notice(models.TextChoices):
        """How far the customer has been told the number."""

        SENDING = "sending"
        DELAYED = "delayed"
        """The receiving server put it off; the mail is tried again by itself."""
        REFUSED = "refused"
        """The receiving server will not take it: somebody has to call."""
        BY_HAND = "by-hand"
        """There is no mail address: somebody has to call."""
        TOLD = "told"

    class ToldHow(models.TextChoices):
        MAIL = "mail"
        """The receiving server took the mail."""
        PHONE = "phone"

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="tickets")
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=40)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="tickets")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="tickets")
    channel = models.CharField(max_length=6, choices=Channel.choices)
    subject = models.CharField(max_length=200)
    service = models.CharField(max_length=60)
    """Key of a service in the terms."""
    family = models.CharField(max_length=60, blank=True)
    """Key of a product family in the terms; empty where they know none."""
    product_version = models.CharField(max_length=40, blank=True)
    outdated = models.BooleanField(default=False)
    """Is that version outdated? The terms may then give known solutions only."""
    package_claimed = models.CharField(max_length=60, blank=True)
    """Key of the package that the customer says to have, by contract or by word."""
    package_shown = models.BooleanField(default=True)
    """Could the customer show it? Where not, the terms may serve them by another one."""
    package = models.CharField(max_length=60, blank=True)
    """Key of the package by which the ticket is served; empty where the terms know none."""
    severity = models.CharField(max_length=40, blank=True)
    """Key of a severity in the terms, as the customer set it or agreed to; empty where they know none."""
    severity_proposed = models.CharField(max_length=40, blank=True)
    """What staff proposes; changes nothing until the customer agrees."""
    terms = models.ForeignKey(TermsVersion, on_delete=models.PROTECT, related_name="tickets")
    verdict = models.JSONField()
    """The decision on registration, or when the package was judged anew: outcome, package, clause, ceiling, facts used, version."""
    state = models.CharField(max_length=10, choices=State.choices)
    missing = models.JSONField(default=list)
    """Keys of the parts the terms still demand."""
    received_at = models.DateTimeField()
    registered_at = models.DateTimeField()
    assigned_to = models.ForeignKey(
        Technician, on_delete=models.SET_NULL, null=True, blank=True, related_name="assigned"
    )
    notice = models.CharField(max_length=7, choices=Notice.choices, default=Notice.SENDING)
    notice_next_try_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    """When the customer was told the number; NULL again after a bounce."""
    told_how = models.CharField(max_length=5, choices=ToldHow.choices, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    # The next promise we can break, from the clocks. Kept so that one indexed query finds and sorts what falls due.
    # NULL: nothing runs (paused, met, or nothing is promised).
    due_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    silence_ends_at = models.DateTimeField(null=True, blank=True)
    """When silence counts as confirmation, where the terms say so."""
    counted_seconds = models.PositiveIntegerField(null=True, blank=True)
    """Work on the request's own service, as worklog last told; NULL: none. Quotas in hours are drawn by it."""
    split_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="split_off"
    )
    """The request whose message held this task as well."""
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    """The request that goes on for this one; set only on a closed one."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "sequence"], name="ticket_sequence_once"),
            models.UniqueConstraint(fields=["vendor", "number"], name="ticket_number_once"),
        ]
        indexes = [
            models.Index(
                fields=["vendor", "due_at"], name="ticket_due", condition=models.Q(due_at__isnull=False)
            ),
            models.Index(fields=["vendor", "state", "-sequence"], name="ticket_state"),
        ]

    def __str__(self) -> str:
        return self.number


class Message(models.Model):
    """What somebody wrote or said: the customer, staff, or staff to each other."""

    class Kind(models.TextChoices):
        REQUEST = "request"
        REPLY = "reply"
        NOTE = "note"
        """Internal: the customer never sees it."""
        CALL = "call"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    author = models.CharField(max_length=60)
    """As in the journal: "contact:8"."""
    author_name = models.CharField(max_length=120)
    text = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} by {self.author_name}"


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

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="clocks")
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


class QuotaDraw(models.Model):
    """What a ticket drew from a contract's quota, or what was given back. Never changed; triggers keep the sums.

    A period's `used` is the sum of its draws, and no draw makes it exceed what there is.
    """

    class Kind(models.TextChoices):
        DRAWN = "drawn"
        GIVEN_BACK = "given-back"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="quota_draws")
    period = models.ForeignKey(QuotaPeriod, on_delete=models.PROTECT, related_name="draws")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    decision = models.ForeignKey(DecisionKept, on_delete=models.PROTECT, related_name="+")
    """Why."""
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="quota_draw_of_something")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


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


class Booking(models.Model):
    """An agreed slot of a technician for a ticket."""

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="booking")
    technician = models.ForeignKey(Technician, on_delete=models.PROTECT, related_name="bookings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="booking_ends_after_it_begins"
            ),
            models.UniqueConstraint(fields=["technician", "starts_at"], name="booking_technician_once"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class Recomputation(models.Model):
    """The clocks that an edit of a calendar moved, as one piece of work that a restart goes on with."""

    edit = models.OneToOneField(CalendarEdit, on_delete=models.PROTECT, related_name="recomputation")
    started_at = models.DateTimeField()
    swept_at = models.DateTimeField(null=True)
    """When the last pass over all clocks began that reached its end."""
    finished_at = models.DateTimeField(null=True)
    """When nothing was left that could have been computed without the edit."""
    clocks = models.PositiveIntegerField(default=0)
    """How many moved."""

    def __str__(self) -> str:
        return f"{self.edit}: {self.clocks}"


class MovedClock(models.Model):
    """What a recomputation made of one clock: its due time before and after, and what was left at the edit."""

    recomputation = models.ForeignKey(
        Recomputation, on_delete=models.PROTECT, related_name="moved", db_index=False
    )
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="moved_clocks")
    key = models.CharField(max_length=60)
    left_seconds = models.PositiveIntegerField()
    """Working time that was left when the calendar was edited, by the calendar until then; the rest had been used."""
    due_before = models.DateTimeField(null=True)
    due_after = models.DateTimeField(null=True)
    """NULL: the holidays of that time are not confirmed yet."""

    def __str__(self) -> str:
        return f"{self.key}: {self.due_before} to {self.due_after}"
