"""The app: windows in the thread that calls `run`, the conversation in another, and two wires between them.

It owns the two threads and nothing else. To start it with a clock of one's own (the demo's, a test's):

    App("http://127.0.0.1:8000/vendor/", clock, display_name=":41", environment={...}).run()

Environment variables that matter: LANG (language), XDG_CONFIG_HOME or HOME (where the desk's key is kept), GTK_THEME (dark).
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from pomost.agent import views
from pomost.agent.conversation import Conversation
from pomost.agent.effects import Effects
from pomost.agent.environment import own_environment
from pomost.agent.pinned import Memory, config_folder
from pomost.agent.session_flow import SessionFlow
from pomost.agent.texts import OURS, language_of, translator
from pomost.agent.tk_wake import TkWake
from pomost.agent.windows.look import DARK, LIGHT, wants_dark
from pomost.agent.windows.stage import CannotShow, Stage
from pomost.wire import control
from pomost.wire.clock import Clock
from pomost.wire.control import Language

log = logging.getLogger(__name__)


class App:
    """The whole app for one desk."""

    def __init__(
        self,
        desk: str,
        clock: Clock,
        *,
        display_name: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Prepare; nothing is drawn or connected yet.

        Args:
            desk: the vendor's address at the desk, such as https://help.example/vendor/.
            clock: for offers, questions, pace and the meter on the bar.
            display_name: the X server to show, drive and draw on; None means $DISPLAY.
            environment: instead of the process's own.
        """
        env = own_environment() if environment is None else dict(environment)
        memory = Memory(desk, config_folder(env))
        self._conversation = Conversation(desk, clock, self, memory, env, display_name)
        known = memory.recall()
        name = (known.customer_name if known is not None else "") or env.get("USER", "")
        self._tokens = DARK if wants_dark(env) else LIGHT
        self._language, self._name, self._display_name = language_of(env, OURS), name, display_name
        self._wake = TkWake()
        self._stage: Stage | None = None

    def run(self) -> int:
        """Run until the customer closes the app; returns the exit code.

        Raises:
            CannotShow: there is no display to draw on.
        """
        stage = Stage(
            self._tokens,
            translator(self._language),
            self,
            title="Pomost",
            name=self._name,
            question_seconds_left=self._conversation.question_seconds_left,
            display_name=self._display_name,
        )
        self._stage = stage
        self._wake.attach(stage.root)
        if sys.platform != "win32" and threading.current_thread() is threading.main_thread():
            signal.set_wakeup_fd(self._wake.signal_fd)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, lambda *_signal: self.quit())
        with ThreadPoolExecutor(1, "conversation") as pool:
            talking = pool.submit(asyncio.run, self._conversation.run())
            talking.add_done_callback(lambda _done: self.finished())
            stage.root.mainloop()
            stage.root.destroy()
            talking.result()  # a fault in the other thread is raised here
        # What Tk made has to end in the thread that made it; in another one Python complains and Tcl may abort.
        self._stage = None
        del stage
        gc.collect()
        return 0

    # What the conversation says (Face).

    def introduce(self, vendor_name: str, language: Language) -> None:
        """Speak this language, for this vendor."""
        _ = translator(language)
        self._wake.post(
            lambda: self._on_stage(
                lambda stage: stage.introduce(_("{vendor} · remote help").format(vendor=vendor_name), _)
            )
        )

    def show(self, view: views.View) -> None:
        """Show this; a question that cannot be shown is answered with no."""
        self._wake.post(lambda: self._on_stage(lambda stage: self._show(stage, view)))

    def hot_key(self, name: str) -> None:
        """The key that stops everything."""
        self._wake.post(lambda: self._on_stage(lambda stage: setattr(stage, "hot_key", name)))

    def finished(self) -> None:
        """Close."""
        self._wake.post(lambda: self._on_stage(lambda stage: stage.root.quit()))

    def _on_stage(self, action: Callable[[Stage], None]) -> None:
        if self._stage is not None:
            action(self._stage)

    def _show(self, stage: Stage, view: views.View) -> None:
        try:
            stage.show(view)
        except CannotShow:
            log.exception("A window could not be shown (%s), so the answer is no", type(view).__name__)
            self._conversation.post(lambda: self._conversation.cannot_show(view))

    # What the customer does (Actions).

    def call(self, person: control.Person, name: str) -> None:
        """Call this technician, under this name."""
        self._conversation.post(lambda: self._conversation.call(person, name))

    def hang_up(self) -> None:
        """Give up what is going on before the session."""
        self._ask(lambda flow: flow.hung_up())

    def accept(self, ticked: frozenset[str]) -> None:
        """Agree to what was shown before the connection."""
        self._ask(lambda flow: flow.accepted_before(ticked))

    def compare(self, match: bool) -> None:
        """The words are the same, or not."""
        self._ask(lambda flow: flow.compared(match=match))

    def answer(self, yes: bool, ticked: frozenset[str]) -> None:
        """Allow the level that was asked for, or not."""
        self._ask(lambda flow: flow.answered(yes=yes, ticked=ticked))

    def decide(self, yes: bool) -> None:
        """Accept the estimate, or not."""
        self._ask(lambda flow: flow.decided(yes=yes))

    def end(self) -> None:
        """End the session."""
        self._conversation.post(self._conversation.end)

    def back(self) -> None:
        """Back to the list."""
        self._conversation.post(self._conversation.back)

    def quit(self) -> None:
        """Close the app."""
        self._conversation.post(self._conversation.quit)

    def _ask(self, question: Callable[[SessionFlow], Effects]) -> None:
        self._conversation.post(lambda: self._conversation.ask(question))
