"""The guard: a process of its own that alone can move the customer's mouse and press keys.

    python -m pomost.agent.guard        started by the app; talks on standard input and output (`guard_pipe`)

It owns the latch, the hot key, the bar and the technician's named pointer. It obeys the app when it says "shut" and the customer at any time;
"open" it obeys only while the session has not ended. It needs nobody to stop: the button and the hot key work while the app
hangs, is stopped or floods it. It ends when the pipe ends, and with it every way to inject: a new session has a new guard.

Threads: the main one draws (Tk); one reads the pipe and injects; one waits on the customer's own hands. They share the latch, which
has a lock, and nothing else.
"""

from __future__ import annotations

import os
import sys
import threading
import tkinter as tk
from collections import deque

from pomost.agent.environment import own_environment
from pomost.agent.guard_bar import BarWindow, PointerWindow
from pomost.agent.guard_ends import GuardEnds
from pomost.agent.guard_pipe import (
    Alive,
    BadPipe,
    Bar,
    Counted,
    Failed,
    Frames,
    Input,
    Message,
    Open,
    Pointer,
    Ready,
    Shut,
    Stopped,
    StoppedBy,
    framed,
)
from pomost.agent.input import Event, InputUnavailable
from pomost.agent.latch import Latch
from pomost.agent.system_input import Hands, Outline, SystemInjector
from pomost.agent.tk_wake import TkWake
from pomost.agent.windows.look import DARK, LIGHT, Look, wants_dark
from pomost.wire import peer
from pomost.wire.clock import SystemClock

TICK_MS = 500
"""How often silence of the app is looked for and the counts are told."""

SWITCH_S = 0.0005
"""How long a busy thread may keep the others waiting: the thread that stops must not queue behind the one that injects."""

WAITING_MAX = 20_000
"""Events that may wait behind a text that is being typed; more are dropped and counted."""


class Guard:
    """The process, apart from its entry point."""

    def __init__(self, ends: GuardEnds) -> None:
        """Take hold of mouse and keyboard and draw nothing yet.

        Raises:
            InputUnavailable: this system lets no program move them, such as an X server without XTEST.
        """
        self._ends = ends
        clock = SystemClock()
        self._latch = Latch(SystemInjector(), clock)
        self._told = (0, 0)
        self._hands = Hands(clock, on_hot_key=self._hot_key, on_own_hand=self._latch.own_hand)
        self._root = tk.Tk(className="Pomost")
        look = Look(self._root, DARK if wants_dark(own_environment()) else LIGHT)
        self._bar = BarWindow(self._root, look, on_only_look=self._only_look, on_end=self._end)
        self._pointer = PointerWindow(self._root, look, Outline())
        self._to_draw: dict[type[Bar] | type[Pointer], Bar | Pointer] = {}
        """The newest of each kind, which is enough."""
        self._wake = TkWake()

    def run(self) -> None:
        """Serve until the pipe ends. Does not return."""
        self._wake.attach(self._root)
        threading.Thread(target=self._read_pipe, name="pipe", daemon=True).start()
        threading.Thread(target=self._watch_hands, name="hands", daemon=True).start()
        self._tell(Ready(self._hands.hot_key))
        self._root.mainloop()
        self._leave()

    def _hot_key(self) -> None:
        self._latch.shut()
        self._tell(Stopped(StoppedBy.HOT_KEY))

    def _only_look(self) -> None:
        self._latch.shut()
        self._tell(Stopped(StoppedBy.ONLY_LOOK))

    def _end(self) -> None:
        self._latch.end()
        self._tell(Stopped(StoppedBy.END))
        self._leave()

    def _leave(self) -> None:
        """End the process, whatever thread notices first; nothing of it may linger."""
        self._latch.end()
        self._ends.last_words()
        os._exit(0)

    def _watch_hands(self) -> None:
        self._hands.watch(TICK_MS, self._tick)
        self._leave()

    def _tick(self) -> None:
        self._latch.check_silence()
        counts = (self._latch.done, self._latch.dropped)
        if counts != self._told:
            self._told = counts
            self._tell(Counted(*counts))

    def _read_pipe(self) -> None:
        """Read and inject in turns: while a long text is typed, the next message is still read at once."""
        frames = Frames()
        waiting: deque[Event] = deque()
        wait_ms = 0
        try:
            while True:
                data = self._ends.read(wait_ms / 1000 if waiting else None)
                if data is not None:
                    if not data:
                        break
                    self._latch.heard()
                    for message in frames.feed(data):
                        self._take(message, waiting)
                if waiting:
                    wait_ms = self._latch.carry_out(waiting[0])
                    if not wait_ms:
                        waiting.popleft()
        except BadPipe as broken:
            self._latch.end()
            self._tell(Failed(str(broken)))
        self._leave()

    def _take(self, message: Message, waiting: deque[Event]) -> None:
        match message:
            case Input() if not self._latch.is_open:
                self._latch.drop(1)  # not kept: what comes before “open” must not be carried out after it
            case Input(event=peer.TypedText(frame_id=frame_id, text=text)):
                waiting.extend(peer.TypedText(frame_id, character) for character in text)
            case Input(event=event):
                waiting.append(event)
            case Open():
                self._latch.open()
            case Shut():
                self._latch.shut()
                self._latch.drop(len(waiting))
                waiting.clear()
            case Bar() | Pointer():
                self._to_draw[type(message)] = message
                self._wake.post(self._draw)
            case Alive():
                pass
            case _:
                raise BadPipe(f"The app does not say {type(message).__name__} to the guard.")
        if len(waiting) > WAITING_MAX:
            self._latch.drop(len(waiting) - WAITING_MAX)
            while len(waiting) > WAITING_MAX:
                waiting.pop()

    def _draw(self) -> None:
        """Draw the newest bar and pointer; of several postings the first finds all there is."""
        for kind in (Bar, Pointer):
            drawn = self._to_draw.pop(kind, None)
            if isinstance(drawn, Bar):
                self._bar.show(drawn)
            elif isinstance(drawn, Pointer):
                self._pointer.show(drawn)

    def _tell(self, message: Message) -> None:
        """Tell the app, which may be stopped or gone; that does not hold up a stop."""
        self._ends.write(framed(message))


def main() -> int:
    """Run the guard on standard input and output."""
    pipe_in, pipe_out = os.dup(0), os.dup(1)
    os.dup2(2, 1)  # a stray print must not get into the pipe
    sys.setswitchinterval(SWITCH_S)
    ends = GuardEnds(pipe_in, pipe_out)
    try:
        guard = Guard(ends)
    except (InputUnavailable, tk.TclError) as missing:
        ends.write(framed(Failed(str(missing))))
        ends.last_words()
        return 3
    guard.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
