"""The app's conversation with the desk and the technician: carries out what `session_flow` decides. No windows here.

It owns the link, the keys, the guard and the picture of the running session, all in one asyncio loop (a thread of its own; only `post` may be
called from elsewhere). It decides nothing that the customer has to decide. What is shown goes to `Face`, which must return at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from importlib.metadata import version
from typing import Protocol

from pomost.agent import views
from pomost.agent.bar_text import bar_of
from pomost.agent.desk_link import DeskLink, LinkLost, fetch_config, open_link
from pomost.agent.effects import (
    Acknowledge,
    Answer,
    Close,
    Decodes,
    Effect,
    Effects,
    Hands,
    Inject,
    MakeKeys,
    Picture,
    PointAt,
    RenewKeys,
    Say,
    Show,
    ShowBar,
    Tell,
)
from pomost.agent.guard_client import GuardClient
from pomost.agent.guard_pipe import Counted, Pointer, Ready, Stopped, StoppedBy
from pomost.agent.guard_pipe import Message as GuardMessage
from pomost.agent.pinned import (
    CONFIG_BYTES_MAX,
    BadConfig,
    DeskConfig,
    Memory,
    OtherDesk,
    Remembered,
    parsed_config,
)
from pomost.agent.screen import ScreenUnavailable
from pomost.agent.sealed_channel import SealedChannel
from pomost.agent.session_flow import Phase, SessionFlow
from pomost.agent.streamer import Streamer, warm_up
from pomost.agent.texts import OURS, Translate, language_of, translator
from pomost.wire import control, peer
from pomost.wire.clock import Clock
from pomost.wire.control import Language, Way
from pomost.wire.errors import RemoteProtocolError
from pomost.wire.levels import Level

BEAT_S = 5
TICK_S = 0.25
IN_SESSION_DELAYS_S = (0.0, 0.3, 0.6, 1.0)
IN_LOBBY_DELAYS_S = (1.0, 2.0, 5.0, 10.0)


class Face(Protocol):
    """The windows, as the conversation sees them; every call returns at once and may come from another thread than theirs."""

    def introduce(self, vendor_name: str, language: Language) -> None:
        """Speak `language` for this vendor from now on."""

    def show(self, view: views.View) -> None:
        """Show this."""

    def hot_key(self, name: str) -> None:
        """The key that stops everything."""

    def finished(self) -> None:
        """The conversation is over; close."""


class Conversation:
    """From the start of the app to its end."""

    def __init__(
        self,
        desk: str,
        clock: Clock,
        face: Face,
        memory: Memory,
        environment: dict[str, str],
        display_name: str | None = None,
    ) -> None:
        """Prepare; `run` begins."""
        self._desk, self._clock, self._face, self._memory = desk, clock, face, memory
        self._environment, self._display_name = environment, display_name
        self._loop: asyncio.AbstractEventLoop | None = None
        self._config: DeskConfig | None = None
        self._language = language_of(environment, OURS)
        self._: Translate = translator(self._language)
        self._people: tuple[control.Person, ...] = ()
        self._person: control.Person | None = None
        self._flow: SessionFlow | None = None
        self._channel: SealedChannel | None = None
        self._guard: GuardClient | None = None
        self._streamer: Streamer | None = None
        self._codecs: tuple[str, ...] = ()
        self._link: DeskLink | None = None
        self._unsent: list[control.Message] = []
        self._resuming = False
        self._quitting = asyncio.Event()
        self._counted = Counted(0, 0)
        self._meter_came_ms = 0
        self._notice = ""
        """The desk's last sentence, shown above the list until the next call."""
        self._leaving = False
        """We closed the line ourselves and open a new one."""
        self._reading_the_end = False
        """The customer reads how a session ended; the list waits for them."""
        self._tasks: set[asyncio.Task[None]] = set()

    # From the windows' thread.

    def post(self, action: Callable[[], None]) -> None:
        """Have `action` done in the conversation's thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(action)

    def question_seconds_left(self) -> int:
        """How long the open question waits for an answer."""
        left_ms = self._flow.silence_in_ms() if self._flow is not None else None
        return 0 if left_ms is None else (left_ms + 999) // 1000

    # What the customer does, in the conversation's thread.

    def call(self, person: control.Person, name: str) -> None:
        """Call this technician."""
        if self._config is None or self._link is None or self._flow is not None:
            return
        self._memory.write(Remembered(self._config.vendor, self._config.desk_key, name))
        self._person, self._notice = person, ""
        self._flow = SessionFlow(
            vendor=self._config.vendor,
            desk_key=self._config.key,
            person=person,
            clock=self._clock,
            language=self._language,
            _=self._,
        )
        self._do(self._flow.calling(name, None))

    def ask(self, question: Callable[[SessionFlow], Effects]) -> None:
        """Put the customer's answer to the session, if there is one."""
        if self._flow is not None:
            self._do(question(self._flow))

    def end(self) -> None:
        """The customer ends the session."""
        self.ask(lambda flow: flow.end(self._("The customer ended the session.")))

    def back(self) -> None:
        """Back to the list."""
        self._reading_the_end = False
        if self._flow is None:
            self._show_list("")

    def quit(self) -> None:
        """End the session and the app."""
        self.end()
        self._quitting.set()

    def cannot_show(self, view: views.View) -> None:
        """A window could not be drawn: whatever was asked, the answer is no."""
        match view:
            case views.Asked():
                self.ask(lambda flow: flow.answered(yes=False))
            case views.Estimate():
                self.ask(lambda flow: flow.decided(yes=False))
            case views.Before() | views.Words():
                self.ask(lambda flow: flow.end(self._("The app could not show its question.")))

    # The run.

    async def run(self) -> None:
        """Talk until the customer quits."""
        self._loop = asyncio.get_running_loop()
        conversing = asyncio.create_task(self._converse())
        quitting = asyncio.create_task(self._quitting.wait())
        await asyncio.wait((conversing, quitting), return_when=asyncio.FIRST_COMPLETED)
        if self._link is not None:
            await self._link.close()
        await asyncio.gather(*self._tasks)
        for task in (conversing, quitting):
            task.cancel()
        self._face.finished()
        if conversing.done() and not conversing.cancelled():
            conversing.result()  # a fault of our own must be seen, not end as a closed window

    async def _converse(self) -> None:
        self._config = await self._introduced()
        failed = 0
        while not self._quitting.is_set():
            try:
                self._link = await open_link(self._desk)
                failed = 0
                await self._listen(self._link)
            except LinkLost as lost:
                link, self._link = self._link, None
                if link is not None:
                    await link.close()
                self._lost(self._no_answer(lost))
            in_session = self._flow is not None
            delays_s = IN_SESSION_DELAYS_S if in_session or failed == 0 else IN_LOBBY_DELAYS_S
            await asyncio.sleep(delays_s[min(failed, len(delays_s) - 1)])
            failed += 1

    async def _introduced(self) -> DeskConfig:
        """agent.json, compared with what is remembered; tried until it is there."""
        self._face.show(views.Connecting(""))
        failed = 0
        while True:
            try:
                config = parsed_config(await fetch_config(self._desk, CONFIG_BYTES_MAX))
                break
            except (LinkLost, BadConfig) as wrong:
                self._face.show(views.Connecting(self._no_answer(wrong)))
                await asyncio.sleep(IN_LOBBY_DELAYS_S[min(failed, len(IN_LOBBY_DELAYS_S) - 1)])
                failed += 1
        self._language = language_of(self._environment, config.languages)
        self._ = translator(self._language)
        self._face.introduce(config.name, self._language)
        try:
            self._memory.check(config, "")
        except OtherDesk as other:
            why = self._(
                "This desk shows another key than the one known to this computer. Nothing was sent. Ask the vendor by phone; "
                "if the change is right, delete {file} and start again."
            )
            self._face.show(views.Barred(why.format(file=other.file)))
            await self._quitting.wait()
        return config

    async def _listen(self, link: DeskLink) -> None:
        flow = self._flow
        resume = control.Resume(flow.session, flow.resume_key) if flow is not None and flow.session else None
        self._resuming = resume is not None
        hello = control.Hello(control.PROTOCOL, self._language, version("pomost"), resume)
        link.put(control.dump(Way.AGENT_TO_DESK, hello))
        async for text in link.messages():
            try:
                self._heard(control.parse(Way.DESK_TO_AGENT, text))
            except RemoteProtocolError as wrong:
                self.ask(lambda flow, why=str(wrong): flow.end(why))  # type: ignore[misc]
                raise LinkLost(str(wrong)) from wrong

    def _heard(self, message: control.Message) -> None:
        match message:
            case control.People(technicians=people):
                self._people = people
                if self._flow is None and not self._reading_the_end:
                    self._show_list(self._notice)
            case control.Refused(why=why, because=because) if self._resuming:
                self._resuming = False
                self.ask(lambda flow: flow.heard(control.Ended(why, flow.shown_ms, because)))
            case control.Shown() if self._resuming:
                self._resuming = False
                unsent, self._unsent = self._unsent, []
                self._do([Tell(waiting) for waiting in unsent])
            case control.Refused(why=why) if self._flow is None:
                self._show_list(why)
            case _:
                if isinstance(message, control.MeterShown):
                    self._meter_came_ms = self._clock.monotonic_ms()
                self.ask(lambda flow: flow.heard(message))

    def _no_answer(self, wrong: Exception) -> str:
        return self._("{address} does not answer ({why}). The app tries again by itself.").format(
            address=self._desk, why=wrong
        )

    def _lost(self, why: str) -> None:
        flow = self._flow
        if flow is not None and flow.phase is Phase.CALLING:
            self._flow = None
            self._show_list(self._("The link to the desk was interrupted. Call again."))
        elif flow is not None:
            if self._channel is not None:
                self._channel.pause()
            self._do(flow.link_lost())
        elif self._leaving:
            self._leaving = False
        elif not self._reading_the_end:
            self._face.show(views.Connecting(why))

    # Carrying out.

    def _do(self, effects: Effects) -> None:
        for effect in effects:
            self._do_one(effect)

    def _do_one(self, effect: Effect) -> None:
        match effect:
            case Tell(message=message):
                self._tell(message)
            case Say(message=message):
                if self._channel is not None:
                    self._channel.send(message)
            case MakeKeys(session=session, offer=offer):
                self._make_keys(session, offer)
            case RenewKeys():
                if self._channel is not None and self._link is not None:
                    self._channel.renew(self._link.carrier)
            case Picture(on=on):
                self._picture(on=on)
            case Hands(on=on):
                if self._guard is not None:
                    (self._guard.open if on else self._guard.shut)()
            case Inject(event=event):
                if self._guard is not None:
                    self._guard.inject(event)
            case PointAt(x=x, y=y):
                if self._guard is not None and self._person is not None:
                    self._guard.show(Pointer(x, y, self._person.name))
            case Acknowledge(frame_id=frame_id):
                if self._streamer is not None:
                    self._streamer.acknowledged(frame_id)
            case Answer(echo=echo):
                if self._streamer is not None:
                    self._streamer.asked(echo)
            case Decodes(codecs=codecs):
                self._codecs = codecs
                if self._streamer is not None:
                    self._streamer.decodes(codecs)
            case Show(view=views.Choosing(notice=notice)):
                self._show_list(notice)
            case Show(view=view):
                self._reading_the_end = isinstance(view, views.Ended)
                self._face.show(view)
            case ShowBar():
                self._show_bar()
            case Close():
                self._close()

    def _tell(self, message: control.Message) -> None:
        if self._link is None or self._resuming:
            self._unsent.append(message)
        else:
            self._link.put(control.dump(Way.AGENT_TO_DESK, message))

    def _show_list(self, notice: str) -> None:
        self._notice = notice
        self._face.show(views.Choosing(self._people, notice))

    def _make_keys(self, session: str, offer: bytes) -> None:
        if self._link is None:
            return
        if self._channel is not None:
            self._channel.pause()
        self._channel = SealedChannel(
            session,
            offer,
            on_open=lambda numbers: self.ask(lambda flow: flow.keys_open(numbers)),
            on_message=lambda message: self.ask(lambda flow: flow.received(message)),
            on_broken=lambda why: self.ask(lambda flow: flow.end(why)),
        )
        self._channel.begin(self._link.carrier)
        if self._guard is None:
            self._guard = GuardClient(self._guard_said, self._guard_gone)
            self._spawn(self._guard.start(self._display_name))
            self._spawn(self._warm_up())
            self._spawn(self._tick(self._flow))

    async def _warm_up(self) -> None:
        try:
            await asyncio.to_thread(warm_up, self._display_name)
        except ScreenUnavailable as unavailable:
            why = str(unavailable)
            self.ask(lambda flow: flow.end(why))

    def _picture(self, *, on: bool) -> None:
        if self._streamer is not None:
            self._streamer.stop()
            self._streamer = None
        if on:
            streamer = Streamer(
                self._clock,
                lambda messages: self.post(lambda: self._deliver(streamer, messages)),
                lambda why: self.post(lambda: self._cannot_capture(streamer, why)),
                display_name=self._display_name,
            )
            self._streamer = streamer
            streamer.decodes(self._codecs)
            streamer.start()

    def _deliver(self, streamer: Streamer, messages: Sequence[peer.Message]) -> None:
        """Send pieces of the picture, unless it was stopped after they were made."""
        if streamer is not self._streamer or self._flow is None or self._channel is None:
            return
        for message in messages:
            if self._flow.may_send(message):
                self._channel.send(message)

    def _cannot_capture(self, streamer: Streamer, why: str) -> None:
        if streamer is self._streamer:
            self.ask(lambda flow: flow.end(why))

    def _guard_said(self, message: GuardMessage) -> None:
        match message:
            case Ready(hot_key=hot_key):
                self._face.hot_key(hot_key)
            case Counted():
                self._counted = message
            case Stopped(by=StoppedBy.HOT_KEY):
                self.ask(lambda flow: flow.lower(Level.NONE))
            case Stopped(by=StoppedBy.ONLY_LOOK):
                self.ask(lambda flow: flow.lower(Level.LOOK))
            case Stopped(by=StoppedBy.END):
                self.end()

    def _guard_gone(self, why: str) -> None:
        self.ask(lambda flow: flow.end(why))

    def _show_bar(self) -> None:
        flow = self._flow
        if self._guard is None or self._person is None or flow is None or flow.phase is not Phase.OPEN:
            return
        since_ms = self._clock.monotonic_ms() - self._meter_came_ms
        self._guard.show(bar_of(self._, self._person, flow.level, flow.meter, since_ms, flow.silent_ms))

    async def _tick(self, flow: SessionFlow | None) -> None:
        """While this session lives: questions lapse, the bar's clock runs, the desk hears a beat."""
        count = 0
        while flow is not None and self._flow is flow:
            await asyncio.sleep(TICK_S)
            if self._flow is not flow:
                return
            count += 1
            self._do(flow.lapsed())
            if count % round(1 / TICK_S) == 0:
                self._show_bar()
            if count % round(BEAT_S / TICK_S) == 0 and self._link is not None and not self._resuming:
                dropped = flow.dropped + self._counted.dropped + (self._guard.dropped if self._guard else 0)
                self._tell(control.Beat(self._counted.done, dropped))

    def _close(self) -> None:
        """Forget the session: its keys first."""
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.pause()
        self._picture(on=False)
        self._flow = None
        self._unsent.clear()
        self._counted = Counted(0, 0)
        guard, self._guard = self._guard, None
        if guard is not None:
            self._spawn(guard.close())
        if self._link is not None:
            self._leaving = True
            self._spawn(self._link.close())

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
