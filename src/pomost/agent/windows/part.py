"""What every window is made with: looks, words, and whom to tell of a click.

It owns the bundle that the drawing functions get and the few shapes that several windows share: the row of buttons, the head with a face,
a text that may be long. It decides nothing.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from tkinter import ttk
from typing import Protocol

from pomost.agent.texts import Translate
from pomost.agent.windows.look import Look
from pomost.wire.control import Person

WIDTH_PX = 420
MARGIN_PX = 16
TEXT_PX = WIDTH_PX - 2 * MARGIN_PX - 4
LONG_TEXT = 260
"""Characters from which a text gets a box of its own that scrolls."""


class Actions(Protocol):
    """What the customer can do; each is called in Tk's thread."""

    def call(self, person: Person, name: str) -> None:
        """Call this technician, under this name."""

    def hang_up(self) -> None:
        """Give up what is going on before the session."""

    def accept(self, ticked: frozenset[str]) -> None:
        """Agree to what was shown before the connection."""

    def compare(self, match: bool) -> None:
        """The words are the same, or not."""

    def answer(self, yes: bool, ticked: frozenset[str]) -> None:
        """Allow the level that was asked for, or not."""

    def decide(self, yes: bool) -> None:
        """Accept the estimate, or not."""

    def end(self) -> None:
        """End the session."""

    def back(self) -> None:
        """Back to the list after the end."""

    def quit(self) -> None:
        """Close the app."""


@dataclass(frozen=True, slots=True)
class Part:
    """One window's content while it is being drawn."""

    body: tk.Frame
    look: Look
    translate: Translate
    actions: Actions
    hot_key: str
    """As the guard grabbed it, such as "Ctrl+Alt+Pause"."""
    begin_with: Callable[[tk.Misc], None]
    """Names the widget that has the focus when the window appears."""

    def _(self, text: str) -> str:
        return self.translate(text)

    def title(self, text: str, note: str = "") -> None:
        """The head of the window and, smaller, what it is about."""
        self.look.label(self.body, text, 17, "bold", wrap=TEXT_PX)
        if note:
            self.look.label(self.body, note, 13, fg=self.look.tokens.ink2, wrap=TEXT_PX, pady=(4, 0))

    def head(self, initials: str, person: str, text: str, note: str) -> None:
        """The head of a question: a face, the question, what follows from it."""
        row = self.look.frame(self.body)
        self.look.face(row, initials, person).pack(side="left", anchor="n", padx=(0, 12))
        words = self.look.frame(row, side="left")
        wrap = TEXT_PX - 56
        self.look.label(words, text, 17, "bold", wrap=wrap)
        self.look.label(words, note, 13, fg=self.look.tokens.ink2, wrap=wrap, pady=(4, 0))

    def text(self, text: str, px: int = 14, *, quiet: bool = False, gap: int = 8) -> None:
        """A paragraph; a long one gets a box that scrolls, by wheel and by keys."""
        t = self.look.tokens
        if len(text) <= LONG_TEXT:
            self.look.label(self.body, text, px, fg=t.ink2 if quiet else t.ink, wrap=TEXT_PX, pady=(gap, 0))
            return
        frame = self.look.frame(self.body, border=t.line, pady=(gap, 0))
        scroll = ttk.Scrollbar(frame, orient="vertical")
        box = tk.Text(
            frame,
            height=7,
            width=1,
            wrap="word",
            font=self.look.font(13),
            bg=t.surface,
            fg=t.ink,
            bd=0,
            padx=8,
            pady=6,
            highlightthickness=2,
            highlightbackground=t.surface,
            highlightcolor=t.river,
            yscrollcommand=scroll.set,
        )
        scroll.configure(command=box.yview)
        scroll.pack(side="right", fill="y")
        box.pack(side="left", fill="both", expand=True)
        box.insert("1.0", text)
        box.configure(state="disabled")

    def buttons(self, note: str = "") -> tk.Frame:
        """The row at the lower right; a note stands at its left."""
        row = self.look.frame(self.body, pady=(14, 0))
        if note:
            self.look.label(row, note, 13, fg=self.look.tokens.ink2, wrap=150, side="left")
        return row


def button(row: tk.Frame, text: str, command: Callable[[], None], style: str = "TButton") -> ttk.Button:
    """A button, packed from the right; Enter presses the one that has the focus."""
    made = ttk.Button(row, text=text, style=style, command=command)
    made.pack(side="right", padx=(8, 0))
    made.bind("<Return>", lambda _event: made.invoke())
    made.bind("<KP_Enter>", lambda _event: made.invoke())
    return made
