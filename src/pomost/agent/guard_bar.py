"""The bar at the upper edge of the screen, and the technician's named pointer. Drawn by the guard's process.

It owns the two windows that stay above all others during a session. It holds no words: the app sends them ready. It decides nothing: the
buttons call back. It works while the app is stopped, since it belongs to another process.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk
from typing import Protocol

from pomost.agent.guard_pipe import Bar, Pointer
from pomost.agent.picture import Rect
from pomost.agent.windows.look import Look

POINTER_SHOWN_MS = 4000
"""How long the named pointer stays after its last movement."""

_ARROW = ((0, 0), (0, 17), (4, 13), (7, 20), (10, 19), (7, 12), (12, 12))


class BarWindow:
    """The bar: who, how far, how long, how much, only look, end. Hidden until the first `show`."""

    def __init__(
        self, root: tk.Tk, look: Look, *, on_only_look: Callable[[], None], on_end: Callable[[], None]
    ) -> None:
        """Make it, hidden."""
        self._root, self._look = root, look
        self._on_only_look, self._on_end = on_only_look, on_end
        root.withdraw()
        root.overrideredirect(True)
        root.attributes("-topmost", True)
        root.bind("<Visibility>", self._surface)
        root.bind("<ButtonPress-1>", self._hold)
        root.bind("<B1-Motion>", self._drag)
        self._shown: Bar | None = None
        self._moved_to: tuple[int, int] | None = None
        self._grip = (0, 0)
        self._parts: dict[str, tk.Label] = {}
        self._body: tk.Frame | None = None

    def show(self, bar: Bar) -> None:
        """Show or bring up to date; what does not change is not drawn again."""
        same_build = self._shown is not None and _built_from(self._shown) == _built_from(bar)
        self._shown = bar
        if not same_build:
            self._build(bar)
        for name in ("doing", "time", "time_note", "money", "money_note"):
            if self._parts[name]["text"] != getattr(bar, name):
                self._parts[name].configure(text=getattr(bar, name))
        self._place()
        self._root.deiconify()
        self._root.lift()

    def _build(self, bar: Bar) -> None:
        look, t = self._look, self._look.tokens
        if self._body is not None:
            self._body.destroy()
        self._body = tk.Frame(self._root, bg=t.surface, highlightthickness=2, highlightbackground=t.fill)
        self._body.pack(fill="both", expand=True)
        look.face(self._body, bar.initials, bar.who, 28).pack(side="left", padx=(12, 10), pady=11)
        self._cell(bar.who, "doing")
        look.rungs(self._body, bar.level).pack(side="left", padx=8)
        self._cell("", "time_note", "time")
        self._cell("", "money_note", "money")
        if bar.only_look:
            ttk.Button(self._body, text=bar.only_look, command=self._on_only_look).pack(
                side="left", padx=(10, 0)
            )
        end = ttk.Button(self._body, text=bar.end, style="Stop.TButton", command=self._on_end)
        end.pack(side="left", padx=(8, 8))

    def _cell(self, top: str, sub: str, top_part: str = "") -> None:
        if self._body is None:
            raise RuntimeError("a cell of the bar before its body")
        cell = self._look.frame(self._body, side="left", padx=8, fill="none")
        upper = self._look.label(cell, top, 14, "bold")
        self._parts[sub] = self._look.label(cell, "", 12, fg=self._look.tokens.ink2)
        if top_part:
            self._parts[top_part] = upper

    def _place(self) -> None:
        self._root.update_idletasks()
        width, height = self._root.winfo_reqwidth(), self._root.winfo_reqheight()
        x, y = self._moved_to or ((self._root.winfo_screenwidth() - width) // 2, 0)
        x = max(0, min(x, self._root.winfo_screenwidth() - width))
        y = max(0, min(y, self._root.winfo_screenheight() - height))
        self._root.geometry(f"{width}x{height}+{x}+{y}")

    def _surface(self, event: tk.Event[tk.Misc]) -> None:
        if str(event.state) != "VisibilityUnobscured":
            self._root.lift()

    def _hold(self, event: tk.Event[tk.Misc]) -> None:
        self._grip = (event.x_root - self._root.winfo_x(), event.y_root - self._root.winfo_y())

    def _drag(self, event: tk.Event[tk.Misc]) -> None:
        if not isinstance(event.widget, ttk.Button):
            self._moved_to = (event.x_root - self._grip[0], event.y_root - self._grip[1])
            self._place()


def _built_from(bar: Bar) -> tuple[object, ...]:
    return (bar.who, bar.initials, bar.level, bar.only_look, bar.end)


class Cuts(Protocol):
    """Gives windows outlines: `outline_x11` or `outline_windows`."""

    def cut(self, top: tk.Toplevel, rectangles: Sequence[Rect]) -> None:
        """Give `top` this outline and let clicks through."""
        ...


class PointerWindow:
    """An arrow with the technician's name that lets every click through."""

    def __init__(self, root: tk.Tk, look: Look, outline: Cuts) -> None:
        """Make it, hidden. `outline` does what Tk cannot."""
        t = look.tokens
        self._root, self._outline = root, outline
        self._top = tk.Toplevel(root, bg=t.fill)
        self._top.withdraw()
        self._top.overrideredirect(True)
        self._top.attributes("-topmost", True)
        self._canvas = tk.Canvas(self._top, bg=t.fill, highlightthickness=0)
        self._canvas.pack()
        self._canvas.create_polygon(*_ARROW, fill=t.fill, outline="#ffffff")
        self._text = self._canvas.create_text(20, 25, anchor="nw", fill="#ffffff", font=look.font(13, "bold"))
        self._name = ""
        self._hiding: str | None = None

    def show(self, pointer: Pointer) -> None:
        """Point at `pointer.x`, `pointer.y` for a while."""
        if pointer.name != self._name:
            self._name = pointer.name
            self._canvas.itemconfigure(self._text, text=pointer.name)
            left, top, right, bottom = self._canvas.bbox(self._text)
            self._canvas.configure(width=right + 8, height=bottom + 4)
            self._top.update_idletasks()
            self._cut(left - 8, top - 4, right + 8, bottom + 4)
        self._top.geometry(f"+{pointer.x}+{pointer.y}")
        self._top.deiconify()
        self._top.lift()
        if self._hiding is not None:
            self._root.after_cancel(self._hiding)
        self._hiding = self._root.after(POINTER_SHOWN_MS, self.hide)

    def hide(self) -> None:
        """Hide it."""
        self._hiding = None
        self._top.withdraw()

    def _cut(self, left: int, top: int, right: int, bottom: int) -> None:
        """Give the window the outline of the arrow and of its name."""
        rows = [Rect(0, y, _arrow_width(y), 1) for y in range(20)]
        self._outline.cut(self._top, [*rows, Rect(left, top, right - left, bottom - top)])


def _arrow_width(y: int) -> int:
    """How wide the arrow is in row `y`; close enough for eyes."""
    return y * 12 // 12 + 1 if y < 12 else max(11 - (y - 12) // 3, 8)
