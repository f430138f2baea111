"""Colours, fonts and small parts that every window of the app shares, in Tk and ttk.

It owns the tokens (the same as in the product's style sheet) and the drawings: face, presence mark, rungs, tick. It refuses to
decide anything or to hold text. Circles and ticks are drawn by Pillow at four times their size, since Tk smooths text only.
"""

from __future__ import annotations

import hashlib
import tkinter as tk
from collections.abc import Mapping
from dataclasses import dataclass
from tkinter import font as tk_font
from tkinter import ttk
from typing import Any

from PIL import Image, ImageDraw, ImageTk

from pomost.wire.control import Presence

WRAP_PX = 340  # where the words beside a tick box wrap; the windows are 420 wide
FINER = 4  # drawings are made so many times larger, then reduced

_FAMILIES = ("Segoe UI", "Noto Sans", "DejaVu Sans", "Liberation Sans")


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours by meaning, the same as in the product's style sheet."""

    paper: str
    surface: str
    sunken: str
    line: str
    strong: str
    ink: str
    ink2: str
    ink3: str
    river: str
    fill: str
    tint: str
    ontime: str
    ontime_tint: str
    soon: str
    soon_tint: str
    stop: str
    faces: tuple[tuple[str, str], ...]


LIGHT = Tokens(
    paper="#f5f4ef",
    surface="#ffffff",
    sunken="#ebe9e2",
    line="#dcd8cd",
    strong="#857f71",
    ink="#18212b",
    ink2="#46515c",
    ink3="#5a6570",
    river="#1b5073",
    fill="#1b5073",
    tint="#e3edf4",
    ontime="#1c6546",
    ontime_tint="#e2f0e7",
    soon="#834d00",
    soon_tint="#fcefd3",
    stop="#a5271f",
    faces=(
        ("#f0dfc8", "#633c10"),
        ("#d5e4ee", "#173f5b"),
        ("#d8e9dd", "#17492f"),
        ("#e4def2", "#41346d"),
        ("#f3dbd7", "#7b1f19"),
    ),
)
DARK = Tokens(
    paper="#11161b",
    surface="#181f26",
    sunken="#0c1014",
    line="#2c3641",
    strong="#71808e",
    ink="#e9e6df",
    ink2="#b7bfc7",
    ink3="#98a3ae",
    river="#8fc4e6",
    fill="#2b6c98",
    tint="#193041",
    ontime="#7fcfa3",
    ontime_tint="#163022",
    soon="#f0bb64",
    soon_tint="#382a10",
    stop="#b5352c",
    faces=(
        ("#4d3719", "#f0cf9f"),
        ("#22405a", "#b9dcf3"),
        ("#1d4230", "#aee0c3"),
        ("#3b3261", "#d7cdf7"),
        ("#56251f", "#ffc4bb"),
    ),
)


def wants_dark(environment: Mapping[str, str]) -> bool:
    """Whether the desktop says that it is dark, as far as that is told cheaply: GTK's own way to force a theme."""
    return environment.get("GTK_THEME", "").lower().endswith(("-dark", ":dark"))


class Look:
    """Tokens, fonts and styles for one Tk interpreter, and the parts drawn with them."""

    def __init__(self, root: tk.Tk, tokens: Tokens) -> None:
        """Set the styles up."""
        self.tokens = tokens
        families = set(tk_font.families(root))
        self.family = next((family for family in _FAMILIES if family in families), "TkDefaultFont")
        self._images: dict[tuple[object, ...], ImageTk.PhotoImage] = {}
        self._root = root
        root.configure(bg=tokens.surface)
        self._style(ttk.Style(root))

    def font(self, px: int, weight: str = "normal") -> tuple[str, int, str]:
        """A font of `px` pixels."""
        return (self.family, -px, weight)

    def _style(self, style: ttk.Style) -> None:
        t = self.tokens
        style.theme_use("clam")
        for name, bg, fg, border, weight in (
            ("TButton", t.surface, t.ink, t.strong, "normal"),
            ("Main.TButton", t.fill, "#ffffff", t.fill, "bold"),
            ("Stop.TButton", t.stop, "#ffffff", t.stop, "bold"),
        ):
            style.configure(
                name,
                font=self.font(14, weight),
                background=bg,
                foreground=fg,
                bordercolor=border,
                lightcolor=bg,
                darkcolor=bg,
                padding=(14, 5),
                relief="raised",
                borderwidth=1,
                shiftrelief=0,
                focuscolor=t.river if bg == t.surface else "#ffffff",
                focusthickness=2,
            )
            style.map(
                name,
                background=[("disabled", t.sunken), ("active", bg)],
                foreground=[("disabled", t.ink3)],
                bordercolor=[("disabled", t.line)],
                lightcolor=[("disabled", t.sunken)],
                darkcolor=[("disabled", t.sunken)],
            )
        off, on = self.tick(on=False), self.tick(on=True)
        if "tick" not in style.element_names():
            style.element_create("tick", "image", off, ("selected", on), sticky="nw", padding=(0, 3, 0, 0))
        # the padding holds the tick and, in the ring that shows the focus, the words
        layout: Any = [
            (
                "Checkbutton.padding",
                {
                    "sticky": "nswe",
                    "children": [
                        ("tick", {"side": "left", "sticky": "n"}),
                        ("Checkbutton.focus", {"side": "left", "children": [("Checkbutton.label", {})]}),
                    ],
                },
            )
        ]
        style.layout("TCheckbutton", layout)
        style.configure(
            "TCheckbutton",
            font=self.font(14),
            background=t.surface,
            foreground=t.ink,
            focuscolor=t.river,
            padding=(2, 1),
            wraplength=WRAP_PX,
        )
        style.map("TCheckbutton", background=[("active", t.surface)])
        style.configure(
            "TEntry",
            fieldbackground=t.surface,
            foreground=t.ink,
            insertcolor=t.ink,
            bordercolor=t.strong,
            lightcolor=t.surface,
            padding=(8, 6),
        )
        style.map("TEntry", bordercolor=[("focus", t.river)], lightcolor=[("focus", t.river)])

    def frame(
        self, parent: tk.Misc, bg: str | None = None, border: str | None = None, **pack: Any
    ) -> tk.Frame:
        """A plain frame, packed across the width unless told otherwise."""
        frame = tk.Frame(
            parent,
            bg=bg or self.tokens.surface,
            highlightthickness=1 if border else 0,
            highlightbackground=border or self.tokens.line,
        )
        frame.pack(**({"fill": "x"} | pack))
        return frame

    def label(
        self,
        parent: tk.Misc,
        text: str,
        px: int = 14,
        weight: str = "normal",
        fg: str | None = None,
        wrap: int = 0,
        **pack: Any,
    ) -> tk.Label:
        """Text on its parent's ground, wrapped at `wrap` pixels (0: not at all)."""
        label = tk.Label(
            parent,
            text=text,
            font=self.font(px, weight),
            fg=fg or self.tokens.ink,
            bg=str(parent["bg"]),
            anchor="w",
            justify="left",
            wraplength=wrap,
            padx=0,
            pady=0,
            bd=0,
        )
        label.pack(**({"anchor": "w"} | pack))
        return label

    def line(self, parent: tk.Misc, **pack: Any) -> tk.Frame:
        """A rule of one pixel."""
        rule = tk.Frame(parent, bg=self.tokens.line, height=1)
        rule.pack(**({"fill": "x"} | pack))
        return rule

    def picture(self, parent: tk.Misc, image: ImageTk.PhotoImage) -> tk.Label:
        """An image on its parent's ground, not packed yet."""
        return tk.Label(parent, image=image, bg=str(parent["bg"]), bd=0, padx=0, pady=0)

    def face(self, parent: tk.Misc, initials: str, person: str, size: int = 40) -> tk.Canvas:
        """A circle with initials; its colour belongs to `person` and is the same on every computer."""
        ground, ink = self.tokens.faces[hashlib.sha256(person.encode()).digest()[0] % len(self.tokens.faces)]
        canvas = tk.Canvas(parent, width=size, height=size, bg=str(parent["bg"]), highlightthickness=0)
        canvas.create_image(0, 0, anchor="nw", image=self._circle(size, ground, ground))
        font = self.font(15 if size > 30 else 11, "bold")
        canvas.create_text(size / 2, size / 2, text=initials, fill=ink, font=font)
        return canvas

    def mark(self, parent: tk.Misc, presence: Presence) -> tk.Label:
        """Presence as colour and shape: disc, square, diamond, ring."""
        t = self.tokens
        match presence:
            case Presence.FREE:
                image = self._circle(10, t.ontime, t.ontime)
            case Presence.OFF:
                image = self._circle(10, "", t.strong)
            case Presence.BUSY:
                image = self._polygon(10, ((0, 0), (1, 0), (1, 1), (0, 1)), t.soon)
            case Presence.CALL:
                image = self._polygon(10, ((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)), t.river)
        return self.picture(parent, image)

    def rungs(self, parent: tk.Misc, on: int) -> tk.Canvas:
        """The small ladder: four rising bars, `on` of them filled."""
        t = self.tokens
        canvas = tk.Canvas(parent, width=36, height=16, bg=str(parent["bg"]), highlightthickness=0)
        for n in range(4):
            x, height = n * 9, 7 + n * 3
            if n < on:
                canvas.create_rectangle(x, 16 - height, x + 6, 16, fill=t.river, outline=t.river)
            else:
                canvas.create_rectangle(x, 16 - height, x + 6, 15, outline=t.strong, dash=(2, 2))
        return canvas

    def tick(self, *, on: bool) -> ImageTk.PhotoImage:
        """A tick box of 16 pixels, with the gap to its text and as high as a line."""
        t = self.tokens
        key = ("tick", on)
        if key not in self._images:
            image = Image.new("RGBA", (24 * FINER, 20 * FINER))
            draw = ImageDraw.Draw(image)
            box = (0, 4 * FINER, 16 * FINER - 1, 20 * FINER - 1)
            draw.rectangle(
                box, fill=t.fill if on else t.surface, outline=t.fill if on else t.strong, width=FINER
            )
            if on:
                draw.line(
                    [(x * FINER, y * FINER) for x, y in ((3.5, 12), (7, 15.5), (12.5, 8.5))],
                    "#ffffff",
                    2 * FINER,
                )
            self._keep(key, image, 24, 20)
        return self._images[key]

    def _circle(self, size: int, fill: str, outline: str) -> ImageTk.PhotoImage:
        key = ("circle", size, fill, outline)
        if key not in self._images:
            image = Image.new("RGBA", (size * FINER, size * FINER))
            box = (0, 0, size * FINER - 1, size * FINER - 1)
            ImageDraw.Draw(image).ellipse(box, fill=fill or None, outline=outline, width=2 * FINER)
            self._keep(key, image, size, size)
        return self._images[key]

    def _polygon(self, size: int, points: tuple[tuple[float, float], ...], fill: str) -> ImageTk.PhotoImage:
        key = ("polygon", size, points, fill)
        if key not in self._images:
            image = Image.new("RGBA", (size * FINER, size * FINER))
            edge = size * FINER - 1
            ImageDraw.Draw(image).polygon([(x * edge, y * edge) for x, y in points], fill=fill)
            self._keep(key, image, size, size)
        return self._images[key]

    def _keep(self, key: tuple[object, ...], image: Image.Image, width: int, height: int) -> None:
        smooth = image.convert("RGBa").resize((width, height), Image.Resampling.BOX).convert("RGBA")
        self._images[key] = ImageTk.PhotoImage(smooth, master=self._root)
