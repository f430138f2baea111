"""One room is one session: its two lines, its life, its meter, and what is told to whom.

Order of every change: the life allows it (wire/life.py) → the desk has stored it (gateway) → the
ends are told. Changes of one room happen one after another, under its lock; sealed frames pass
beside the lock and only in states that have both ends.

Enforced here: nothing passes before both ends are there; no grant before both people said that the
words match; frames too large for the level are refused (relay.py); a lost end comes back within its
grace or not at all; a room that ended stays ended. Not enforceable here, because the engine holds no
key: what a sealed frame contains. That is the app's part.
"""

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Final

from pomost.wire import control
from pomost.wire.clock import Clock
from pomost.wire.control import REASONS, Because, EstimateState, Language
from pomost.wire.errors import RemoteProtocolError
from pomost.wire.levels import Level, Side
from pomost.wire.life import LOST, METERED, WITH_BOTH_ENDS, State, Step, after, can
from pomost.wire.meter import Meter

from . import gateway as desk
from .gateway import Gateway, Offered, Refused
from .line import Line
from .live import CALL, SESSION, Live
from .relay import Relay

RING_MS: Final = 120_000
"""A call nobody takes is given up; people wait about two minutes on a telephone."""
JOIN_MS: Final = 120_000
"""After the answer the technician's page must open."""
GRACE_MS: Final = {Side.AGENT: 30_000, Side.VIEWER: 20_000}
"""How long a lost end may stay away. A router restarts its link in about 20 s; the page reconnects at once."""
SILENCE_MS: Final = 20_000
"""The app sends a beat every 5 s; after four missing ones its line is taken for dead."""
STALL_MS: Final = 2_000
"""A turn of the engine that comes so late means that the engine stood still, not that the ends were silent."""
METER_EVERY_MS: Final = 4_000
"""How often a running meter is stored: a killed server loses less than 5 s."""


class Room:
    """One session in this process. It is made by a call and forgotten after its end."""

    def __init__(
        self,
        session: str,
        vendor: str,
        technician: str,
        language: Language,
        *,
        gateway: Gateway,
        live: Live,
        clock: Clock,
        forget: Callable[["Room"], None],
        people_changed: Callable[[str], None],
    ) -> None:
        self.session = session
        self.vendor = vendor
        self.technician = technician
        self.state = State.RINGING
        self.resume_key = secrets.token_hex(32)
        """Told to the app once; whoever knows it is that app."""
        self._language = language
        self._gateway = gateway
        self._live = live
        self._clock = clock
        self._forget = forget
        self._people_changed = people_changed
        self._lock = asyncio.Lock()
        self._lines: dict[Side, Line] = {}
        self._lost_at_ms: dict[Side, int] = {}
        self._began_ms = self._ticked_at_ms = clock.monotonic_ms()
        self._page = ""
        self._offered: Offered | None = None
        self._relay = Relay()
        self._meter = Meter()
        self._metered_at_ms = 0
        self._shown: dict[Side, control.MeterShown] = {}
        self._estimate: control.AskEstimate | None = None
        self._last_beat = control.Beat(counted_inputs=0, dropped_inputs=0)

    # The two ends come and go.

    def ring(self, line: Line, caller_name: str, *, declined: Callable[[], None]) -> None:
        """The app that called; its line belongs to the room from now on, and the technician's pages ring.

        Args:
            line: of the app.
            caller_name: as they named themselves.
            declined: called when nobody takes the call, and the line is free again.
        """
        self._lines[Side.AGENT] = line
        self._declined = declined
        line.tell(control.Ringing(self.session, self.resume_key))
        self._live.publish(
            self.vendor, CALL, {"session": self.session, "caller": caller_name}, self.technician
        )

    async def agent_returned(self, line: Line, key: str) -> None:
        """The app is back on a new line.

        Raises:
            Refused: it cannot prove that it is the same app, or the session is over.
        """
        async with self._lock:
            known = hashlib.sha256(self.resume_key.encode()).digest()
            if not hmac.compare_digest(hashlib.sha256(key.encode()).digest(), known):
                raise Refused("This is not the app that began the session.")
            await self._took_place(Side.AGENT, line)

    async def viewer_came(self, line: Line, page: str, offered: Offered) -> None:
        """The technician's page is there, or there again.

        Raises:
            Refused: another page holds the session's keys, or the session is over.
        """
        async with self._lock:
            if self._page and not hmac.compare_digest(page.encode(), self._page.encode()):
                raise Refused("Another page holds the keys of this session; only that page can show it.")
            if self.state is State.RINGING:
                self._answer(offered)
            self._page = page
            await self._took_place(Side.VIEWER, line)

    async def _took_place(self, side: Side, line: Line) -> None:
        if self.state is State.ENDED:
            raise over()
        earlier = self._lines.get(side)
        if earlier is not None:
            earlier.refuse("The same end opened a newer line.")
            await self._lost(side, earlier)
        if self._lost_at_ms.pop(side, None) is not None:
            await self._record(desk.LinkBack(side))
        self._lines[side] = line
        line.tell(self._where_it_stands())
        if self._offered is not None:
            line.tell(_offer_message(self._offered))
        if side in self._shown:
            line.tell(self._shown[side])
        if side is Side.AGENT and self._estimate is not None:
            line.tell(self._estimate)
        if len(self._lines) == len(Side):
            await self._meet()

    async def _meet(self) -> None:
        """Both ends are there: for the first time, or again."""
        if self.state in LOST:
            self._step(Step.RETURN)
        resumed = self.state is not State.ANSWERED
        if not resumed:
            await self._record(desk.ViewerJoined(self.technician))
            self._step(Step.JOIN)
        self._tell(control.Peer(joined=True, resumed=resumed))
        await self._changed()

    async def lost(self, side: Side, line: Line) -> None:
        """A line is gone. If it was this end's line, the grace begins."""
        async with self._lock:
            await self._lost(side, line)

    async def _lost(self, side: Side, line: Line) -> None:
        if self._lines.get(side) is not line or self.state is State.ENDED:
            return
        if self.state is State.RINGING:
            await self._end(Because.HUNG_UP, Side.AGENT)
            return
        del self._lines[side]
        self._lost_at_ms[side] = self._clock.monotonic_ms()
        if can(self.state, Step.LOSE):
            self._step(Step.LOSE)
        await self._record(desk.LinkLost(side))
        self._tell(control.Peer(joined=False, resumed=False))
        await self._changed()

    def relay(self, sender: Side, frame: bytes) -> None:
        """Pass a sealed frame on, unopened.

        A frame that was on its way while the other end was lost is let fall: the keys are renewed
        when that end returns.

        Raises:
            RemoteProtocolError: no frame may come now, or not this one.
        """
        if self.state in LOST or self.state is State.ENDED:
            return
        if self.state not in WITH_BOTH_ENDS:
            raise RemoteProtocolError(
                f"A sealed frame while the session is “{self.state}”; nobody is across."
            )
        self._relay.check(sender, len(frame))
        self._lines[sender.other].relay(frame)

    # What the ends say.

    async def consent(self, message: control.Consent) -> None:
        """The customer answered a gate."""
        async with self._lock:
            await self._record(desk.ConsentAnswered(message.gate, message.text_sha256, message.accepted))

    async def grant(self, level: Level) -> None:
        """The customer allowed a level.

        Raises:
            Refused: not now, or the desk says no.
        """
        async with self._lock:
            if not can(self.state, Step.GRANT):
                raise Refused("Nothing can be allowed while the other end is not there.")
            if not self._relay.words_match:
                raise Refused("Nothing can be allowed before both sides said that the words match.")
            await self._record(desk.LevelGranted(level))
            self._relay.set_level(level)
            self._step(Step.GRANT)
            if self._estimate is not None:
                await self._hold()
            self._tell_one(Side.VIEWER, control.Grant(level))
            await self._changed()

    async def withdraw(self, level_now: Level) -> None:
        """The level went down; recorded in any state, because it has happened already."""
        async with self._lock:
            if level_now > self._relay.level:
                raise RemoteProtocolError(
                    f"Withdrawing from {self._relay.level.word} cannot lead up to {level_now.word}."
                )
            self._relay.set_level(level_now)
            await self._record(desk.LevelWithdrawn(level_now))
            self._tell_one(Side.VIEWER, control.Withdraw(level_now))

    async def asked(self, level: Level) -> None:
        """The technician asked for a level, end to end; it stands in the record."""
        async with self._lock:
            await self._record(desk.LevelAsked(level))

    async def words(self, side: Side, match: bool) -> None:
        """The person at one end compared the words."""
        async with self._lock:
            if self.state not in WITH_BOTH_ENDS:
                raise Refused("The words can be compared while both ends are there.")
            await self._record(desk.WordsCompared(side, match))
            if not match:
                await self._end(Because.WORDS_DIFFER, side)
                return
            self._relay.match(side)
            self._tell_one(side.other, control.Words(match=True))

    async def estimate_answered(self, message: control.EstimateAnswer) -> None:
        """The customer's yes or no to a price."""
        async with self._lock:
            asked = self._estimate
            if (
                asked is None
                or asked.estimate != message.estimate
                or asked.text_sha256 != message.text_sha256
            ):
                raise Refused("That estimate is not the one that waits for an answer.")
            decided = await self._gateway.decide_estimate(
                self.session, message.estimate, message.text_sha256, message.accepted, self._clock.now()
            )
            await self._decided(asked, decided, accepted=message.accepted, by=Side.AGENT)

    async def estimate_decided(self, estimate: str, decided: desk.Decided, *, accepted: bool) -> None:
        """The customer answered elsewhere: in the portal, or on the phone. What the app asks is answered with it."""
        async with self._lock:
            asked = self._estimate
            if asked is not None and asked.estimate == estimate:
                await self._decided(asked, decided, accepted=accepted, by=None)

    async def _decided(
        self, asked: control.AskEstimate, decided: desk.Decided, *, accepted: bool, by: Side | None
    ) -> None:
        self._estimate = None
        stands = EstimateState.ACCEPTED if accepted else EstimateState.DECLINED
        self._tell_one(Side.VIEWER, control.EstimateShown(asked.estimate, stands))
        if not decided.go_on:
            await self._end(decided.why, by)
        elif can(self.state, Step.GO_ON):
            await self._record(desk.MeterReleased(self._counted_ms()))
            self._step(Step.GO_ON)
            await self._changed()

    async def beat(self, message: control.Beat) -> None:
        """The app is alive; what its guard counted goes to the record."""
        async with self._lock:
            if message != self._last_beat:
                self._last_beat = message
                await self._record(desk.InputsCounted(message.counted_inputs, message.dropped_inputs))

    async def end(self, why: str | Because, by: Side | None) -> None:
        """End for good; saying it twice changes nothing.

        Args:
            why: one of the engine's reasons, or somebody's own words.
            by: the end that wants it; None: the desk.
        """
        async with self._lock:
            await self._end(why, by)

    # What the desk says.

    async def answered(self, offered: Offered) -> None:
        """The technician took the call."""
        async with self._lock:
            if self.state is State.RINGING:
                self._answer(offered)

    def _answer(self, offered: Offered) -> None:
        self._offered = offered
        self._began_ms = self._clock.monotonic_ms()
        self._step(Step.ANSWER)
        self._tell_one(Side.AGENT, _offer_message(offered))

    async def declined(self, why: str) -> None:
        """The technician does not take it; the app goes back to its list."""
        async with self._lock:
            self._decline(why, None)

    def _decline(self, why: str, because: Because | None) -> None:
        if self.state is State.RINGING:
            self._step(Step.END)
            self._forget(self)
            self._tell_one(Side.AGENT, control.Declined(why, because))
            self._declined()
            self._publish(0)
            self._people_changed(self.vendor)

    async def estimate_asked(self, estimate: control.AskEstimate) -> None:
        """The desk wants the customer's answer to a price; until then no time is counted."""
        async with self._lock:
            if self.state is State.ENDED:
                return
            self._estimate = estimate
            await self._hold()
            self._tell_one(Side.VIEWER, control.EstimateShown(estimate.estimate, EstimateState.ASKED))
            self._tell_one(Side.AGENT, estimate)
            await self._changed()

    # Time passes.

    async def tick(self) -> None:
        """Do what is due by now; called a few times a second."""
        async with self._lock:
            now_ms = self._clock.monotonic_ms()
            since_last_ms, self._ticked_at_ms = now_ms - self._ticked_at_ms, now_ms
            if self.state is State.RINGING and now_ms - self._began_ms >= RING_MS:
                await self._gateway.hung_up(self.session, self._clock.now())
                self._decline(REASONS[Because.NOT_TAKEN], Because.NOT_TAKEN)
            elif self.state in NOT_JOINED and not self._page and now_ms - self._began_ms >= JOIN_MS:
                await self._end(Because.PAGE_DID_NOT_OPEN, None)
            elif overdue := [s for s, lost_ms in self._lost_at_ms.items() if now_ms - lost_ms >= GRACE_MS[s]]:
                await self._end(DID_NOT_RETURN[overdue[0]], None)
            elif self._meter.running and now_ms - self._metered_at_ms >= METER_EVERY_MS:
                await self._changed()
            if self.state not in (State.RINGING, State.ENDED):
                await self._miss_the_beat(now_ms, since_last_ms)

    async def _miss_the_beat(self, now_ms: int, since_last_ms: int) -> None:
        agent = self._lines.get(Side.AGENT)
        if agent is not None and since_last_ms >= STALL_MS:
            agent.heard_at_ms += since_last_ms
        if agent is not None and now_ms - agent.heard_at_ms >= SILENCE_MS:
            agent.refuse(f"Nothing was heard from the app for {SILENCE_MS // 1000} s.")
            await self._lost(Side.AGENT, agent)

    # Inside, under the lock.

    def _step(self, step: Step) -> None:
        self.state = after(self.state, step)
        self._meter.run(self.state in METERED, self._clock.monotonic_ms())

    async def _hold(self) -> None:
        if can(self.state, Step.HOLD):
            if self.state is not State.HELD:
                await self._record(desk.MeterHeld(self._counted_ms()))
            self._step(Step.HOLD)

    async def _changed(self) -> None:
        """Have the meter stored and show it to both ends."""
        self._publish(await self._measure())

    def _publish(self, counted_ms: int) -> None:
        """Tell the technician's other pages how the session stands."""
        stands = {"session": self.session, "state": self.state.value, "metered_ms": counted_ms}
        self._live.publish(self.vendor, SESSION, stands, self.technician)

    async def _measure(self) -> int:
        counted_ms = self._counted_ms()
        self._metered_at_ms = self._clock.monotonic_ms()
        metered = await self._gateway.metered(self.session, counted_ms, self._clock.now())
        if metered.gate_reached and self._meter.running:
            await self._hold()
            counted_ms = self._counted_ms()
        held = self.state in (State.HELD, State.HELD_LOST)
        for side, bill in ((Side.AGENT, metered.agent), (Side.VIEWER, metered.viewer)):
            shown = control.MeterShown(counted_ms, self._meter.running, held, bill.cost, bill.planks)
            self._shown[side] = shown
            self._tell_one(side, shown)
        return counted_ms

    async def _end(self, why: str | Because, by: Side | None) -> None:
        if self.state is State.ENDED:
            return
        because = why if isinstance(why, Because) else None
        sentence = REASONS[because] if because else why
        was_ringing = self.state is State.RINGING
        self._step(Step.END)
        counted_ms = self._counted_ms()
        self._forget(self)
        try:
            if was_ringing:
                await self._gateway.hung_up(self.session, self._clock.now())
            else:
                await self._measure()
                await self._record(desk.Ended(sentence, by, counted_ms, because))
        finally:
            # Whatever became of the record, both ends hear of the end and lose their lines.
            self._tell(control.Ended(sentence, counted_ms, because))
            for line in self._lines.values():
                line.close()
            self._publish(counted_ms)
            self._people_changed(
                self.vendor
            )  # not before the end is stored: only then the technician is free

    async def _record(self, event: desk.SessionEvent) -> None:
        await self._gateway.record(self.session, event, self._clock.now())

    def _counted_ms(self) -> int:
        return self._meter.counted_ms(self._clock.monotonic_ms())

    def _tell(self, message: control.Peer | control.Ended) -> None:
        for line in self._lines.values():
            line.tell(message)

    def _tell_one(self, side: Side, message: control.Message) -> None:
        if side in self._lines:
            self._lines[side].tell(message)

    def _where_it_stands(self) -> control.Shown:
        said = {side: self._relay.has_said(side) for side in Side}
        return control.Shown(
            self.state, self._relay.level, self._language, said[Side.AGENT], said[Side.VIEWER]
        )


NOT_JOINED: Final = frozenset({State.ANSWERED, State.ANSWERED_LOST})
"""The technician took the call, but the page has not come."""

DID_NOT_RETURN: Final = {Side.AGENT: Because.APP_LOST, Side.VIEWER: Because.TECHNICIAN_LOST}


def over() -> Refused:
    """Return the refusal of a session that ended, or never was."""
    return Refused(REASONS[Because.OVER], Because.OVER)


def _offer_message(offered: Offered) -> control.OfferSent:
    return control.OfferSent(
        base64.b64encode(offered.offer).decode("ascii"), base64.b64encode(offered.signature).decode("ascii")
    )
