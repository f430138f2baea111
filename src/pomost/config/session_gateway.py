"""The desk as the engine sees it: each call of the engine is one transaction of the apps, in a thread of its own.

Owns the joining and nothing else: who is called, what is recorded and what it costs is decided by `people`, `remote`,
`worklog` and `billing`. The shape is engine/gateway.py's `Gateway`. Read next: docs/explain/architecture.md.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import singledispatchmethod
from importlib import import_module
from importlib.metadata import version
from typing import TypeVar

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections, transaction
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from pomost.billing import actions as billing
from pomost.billing.access import estimate as estimate_of
from pomost.billing.models import Estimate
from pomost.billing.queries import MeterView, allowed_ms, meter
from pomost.contracts.errors import NoTermsInForce
from pomost.contracts.queries import local_day, terms_in_force
from pomost.engine import gateway as engine
from pomost.people import access, keys
from pomost.people.actions import set_presence
from pomost.people.errors import NoAccess, NotFound, Refused
from pomost.people.models import Person, Technician, Vendor
from pomost.people.queries import on_call
from pomost.remote import actions as remote
from pomost.remote import record
from pomost.remote.models import RemoteSession
from pomost.remote.queries import find
from pomost.rules.levels import Level
from pomost.wire.clock import Clock
from pomost.wire.control import Cost, Language, Plank, Presence
from pomost.wire.control import Person as PersonShown
from pomost.worklog.actions import enter_session

T = TypeVar("T")

UNCHANGED = (Technician.Presence.BUSY,)
"""What a technician said by hand; opening and closing pages does not change it."""


class SessionGateway:
    """The desk for one engine. Told the time by `clock`, where the engine gives none."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def people(self, vendor: str, language: Language) -> Sequence[PersonShown]:
        """Return the technicians a customer may call, who can help first.

        Raises:
            engine.Refused: there is no such vendor.
        """

        def read() -> list[PersonShown]:
            return [_shown(technician) for technician in on_call(access.vendor(vendor))]

        return await _in_thread(read, language)

    async def agent_config(self, vendor: str) -> engine.AgentConfig | None:
        """Return what a new app is told, or None: no such vendor."""

        def read() -> engine.AgentConfig | None:
            found = Vendor.objects.filter(slug=vendor).first()
            if found is None:
                return None
            return engine.AgentConfig(
                vendor=found.slug,
                name=found.name,
                mark=found.mark,
                desk_key=base64.b64encode(keys.public_key(found)).decode("ascii"),
                languages=self._languages(found),
                version=version("pomost"),
            )

        return await _in_thread(read)

    def _languages(self, vendor: Vendor) -> tuple[Language, ...]:
        try:
            _version, terms = terms_in_force(vendor, local_day(vendor, self._clock.now()))
        except NoTermsInForce:
            return (Language(vendor.language),)
        return tuple(Language(language) for language in terms.vendor.languages)

    async def technician_of(self, vendor: str, cookies: Mapping[str, str]) -> engine.TechnicianSeen | None:
        """Return who is signed in by these cookies and works for the vendor, or None."""

        def read() -> engine.TechnicianSeen | None:
            person = _signed_in(cookies)
            if person is None:
                return None
            try:
                technician = access.technician(person, access.vendor(vendor))
            except (NotFound, NoAccess):
                return None
            return engine.TechnicianSeen(str(technician.pk), technician.person.name)

        return await _in_thread(read)

    async def call(self, vendor: str, technician: str, caller: engine.Caller, at: datetime) -> str:
        """Store a call and return its session's id.

        Raises:
            engine.Refused: that technician cannot be called now.
        """

        def change() -> str:
            called = _technician(vendor, technician)
            session = remote.ring(
                called,
                caller_name=caller.name,
                caller_company=caller.company or "",
                language=caller.language.value,
                at=at,
            )
            return str(session.pk)

        return await _in_thread(change, caller.language, writes=True)

    async def hung_up(self, session: str, at: datetime) -> None:
        """Store that a call ended before it was answered."""
        await _about(session, lambda held: remote.hang_up(held, at=at))

    async def viewer_may_join(self, session: str, technician: str) -> engine.Offered | None:
        """Return the offer of a session this technician answered; None: not theirs, or over."""

        def read() -> engine.Offered | None:
            held = find(session)
            if (
                held.state != RemoteSession.State.ANSWERED
                or str(held.technician_id) != technician
                or held.offer is None
                or held.offer_signature is None
            ):
                return None
            return engine.Offered(bytes(held.offer), bytes(held.offer_signature))

        return await _in_thread(read)

    async def record(self, session: str, event: engine.SessionEvent, at: datetime) -> None:
        """Store a fact of a session.

        Raises:
            engine.Refused: it must not happen: above the ceiling, before a gate, after the end.
        """
        await _about(session, lambda held: self._record(event, held, at))

    @singledispatchmethod
    def _record(self, event: engine.SessionEvent, session: RemoteSession, at: datetime) -> None:
        raise TypeError(f"The desk has no record for {type(event).__name__}. Add it beside the others here.")

    @_record.register
    def _(self, event: engine.ViewerJoined, session: RemoteSession, at: datetime) -> None:
        record.viewer_joined(session, at=at)

    @_record.register
    def _(self, event: engine.WordsCompared, session: RemoteSession, at: datetime) -> None:
        record.words_compared(session, side=event.side.value, match=event.match, at=at)

    @_record.register
    def _(self, event: engine.ConsentAnswered, session: RemoteSession, at: datetime) -> None:
        record.consent_answered(
            session, gate=event.gate, text_sha256=event.text_sha256, accepted=event.accepted, at=at
        )

    @_record.register
    def _(self, event: engine.LevelAsked, session: RemoteSession, at: datetime) -> None:
        record.level_asked(session, Level(event.level), at=at)

    @_record.register
    def _(self, event: engine.LevelGranted, session: RemoteSession, at: datetime) -> None:
        record.level_granted(session, Level(event.level), at=at)

    @_record.register
    def _(self, event: engine.LevelWithdrawn, session: RemoteSession, at: datetime) -> None:
        record.level_withdrawn(session, Level(event.level_now), at=at)

    @_record.register
    def _(self, event: engine.InputsCounted, session: RemoteSession, at: datetime) -> None:
        record.inputs_counted(session, counted=event.counted, dropped=event.dropped, at=at)

    @_record.register
    def _(self, event: engine.MeterHeld, session: RemoteSession, at: datetime) -> None:
        record.meter_held(session, at=at)

    @_record.register
    def _(self, event: engine.MeterReleased, session: RemoteSession, at: datetime) -> None:
        record.meter_released(session, at=at)

    @_record.register
    def _(self, event: engine.LinkLost, session: RemoteSession, at: datetime) -> None:
        record.link_lost(session, side=event.side.value, at=at)

    @_record.register
    def _(self, event: engine.LinkBack, session: RemoteSession, at: datetime) -> None:
        record.link_back(session, side=event.side.value, at=at)

    @_record.register
    def _(self, event: engine.Ended, session: RemoteSession, at: datetime) -> None:
        total_ms = _cut(session, event.metered_ms)
        side = event.by.value if event.by else ""
        enter_session(remote.end(session, why=event.why, total_ms=total_ms, side=side, at=at), at=at)

    async def metered(self, session: str, total_ms: int, at: datetime) -> engine.Metered:
        """Store the meter's reading and return what it costs, for each end in its language."""

        def change(held: RemoteSession) -> engine.Metered:
            held = remote.metered(held, _cut(held, total_ms), at=at)
            agent = _meter(held, held.language, at)
            viewer = _meter(held, held.technician.person.language, at)
            return engine.Metered(_bill(agent), _bill(viewer), agent.gate_reached)

        return await _about(session, change)

    async def decide_estimate(
        self, session: str, estimate: str, text_sha256: str, accepted: bool, at: datetime
    ) -> engine.Decided:
        """Store the customer's answer to an estimate and say whether the session goes on.

        Raises:
            engine.Refused: it is no estimate of this session's request, was answered before, or had another text.
        """

        def change(held: RemoteSession) -> engine.Decided:
            asked = estimate_of(held.technician, int(estimate)) if estimate.isdecimal() else None
            if asked is None or held.ticket is None or asked.ticket_id != held.ticket_id:
                raise NotFound(_("That estimate is not about this session."))
            decided = billing.decide_estimate(
                asked,
                accepted=accepted,
                text_sha256=text_sha256,
                contact=held.ticket.contact,
                channel="app",
                session=str(held.pk),
                by=f"contact:{held.ticket.contact_id}",
                at=at,
            )
            return after_the_answer(decided)

        return await _about(session, change)

    async def presence(self, vendor: str, technician: str, online: bool, at: datetime) -> None:
        """Store that a technician's first page opened, or that the last one is closed."""

        def change() -> None:
            who = _technician(vendor, technician)
            if who.presence in UNCHANGED:
                return
            in_session = RemoteSession.objects.filter(technician=who).exclude(state=RemoteSession.State.ENDED)
            here = Technician.Presence.CALL if in_session.exists() else Technician.Presence.FREE
            set_presence(who, here if online else Technician.Presence.OFF, by=f"technician:{who.pk}", at=at)

        await _in_thread(change, writes=True)

    @transaction.atomic
    def close_abandoned(self) -> None:
        """End the sessions that the last process left open, and enter their time. Called once, before the engine starts.

        Nobody is on line yet either: pages that are open tell so again.
        """
        at = self._clock.now()
        for session in remote.close_abandoned(at=at):
            enter_session(session, at=at)
        on_line = (Technician.Presence.FREE, Technician.Presence.CALL)
        for technician in Technician.objects.filter(presence__in=on_line):
            set_presence(technician, Technician.Presence.OFF, by="desk", at=at)


async def _in_thread(work: Callable[[], T], language: Language | None = None, *, writes: bool = False) -> T:
    """Run a piece of desk work beside the loop, in one transaction where it writes, and let its connection go.

    Raises:
        engine.Refused: the desk refused it; the sentence is in `language`.
    """

    def run() -> T:
        try:
            with translation.override(language.value if language else None):
                if not writes:
                    return work()
                with transaction.atomic():
                    return work()
        except Refused as refused:
            raise engine.Refused(str(refused)) from refused
        finally:
            close_old_connections()

    return await sync_to_async(run, thread_sensitive=False)()


async def _about(session: str, change: Callable[[RemoteSession], T]) -> T:
    """Change something about a session, in one transaction; refusals are in its customer's language."""

    def work() -> T:
        held = find(session)
        with translation.override(held.language):
            return change(held)

    return await _in_thread(work, writes=True)


def _technician(vendor: str, technician: str) -> Technician:
    """Return a technician of a vendor by the id that the engine knows.

    Raises:
        NotFound: there is none.
    """
    found = None
    if technician.isdecimal():
        found = (
            Technician.objects.select_related("person", "vendor")
            .filter(vendor__slug=vendor, pk=int(technician), person__is_active=True)
            .first()
        )
    if found is None:
        raise NotFound(_("There is no such person here. Choose somebody from the list."))
    return found


def _signed_in(cookies: Mapping[str, str]) -> Person | None:
    """Return whom the session cookie belongs to, checked as Django's own middleware does it."""
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    return user if isinstance(user, Person) else None


def _shown(technician: Technician) -> PersonShown:
    name = technician.person.name
    return PersonShown(
        id=str(technician.pk),
        name=name,
        initials="".join(part[0] for part in name.split()[:2]).upper() or "?",
        what=technician.speciality,
        presence=Presence(technician.presence),
    )


def after_the_answer(estimate: Estimate) -> engine.Decided:
    """Return whether a session goes on after the customer's answer, and what is said when it does not."""
    if estimate.state == Estimate.State.ACCEPTED:
        return engine.Decided(go_on=True, why="")
    if estimate.decline_leaves_zero:
        return engine.Decided(go_on=False, why=_("The estimate was declined. There is nothing to pay."))
    return engine.Decided(go_on=False, why=_("The estimate was declined. Only the time worked is paid."))


def _cut(session: RemoteSession, total_ms: int) -> int:
    """Return a reading without what the terms do not allow to be counted before the customer is asked."""
    bound = allowed_ms(session.ticket) if session.ticket else None
    return total_ms if bound is None else min(total_ms, bound)


def _meter(session: RemoteSession, language: str, at: datetime) -> MeterView:
    assert session.ticket is not None  # noqa: S101 (remote.metered refuses a session that was never answered)
    return meter(session.ticket, session_ms=session.metered_ms, now=at, language=language)


def _bill(view: MeterView) -> engine.Bill:
    cost = Cost(net=str(view.net.amount), currency=view.net.currency, text=view.text, clause=view.clause)
    planks = (Plank(plank.text, plank.filled_percent, plank.asks_before) for plank in view.planks)
    return engine.Bill(cost, tuple(planks))
