"""The ladder of levels, as words and as the list in the consent window."""

from __future__ import annotations

import tkinter as tk

from pomost.agent.texts import Translate
from pomost.agent.windows.part import Part
from pomost.wire.levels import Level

RUNGS = (Level.LOOK, Level.POINT, Level.ACT, Level.CHANGE_MANY)


def level_name(_: Translate, level: Level) -> str:
    """The level in one or two words."""
    return {
        Level.NONE: _("Nothing"),
        Level.LOOK: _("Look"),
        Level.POINT: _("Point"),
        Level.ACT: _("Act"),
        Level.CHANGE_MANY: _("Change many"),
    }[level]


def ladder(part: Part, *, held: Level, asked: Level, ceiling: Level) -> None:
    """Four rows: allowed, asked for, possible, not in this service."""
    look, t, _ = part.look, part.look.tokens, part._
    box = look.frame(part.body, border=t.line, pady=(12, 0))
    for number, level in enumerate(RUNGS):
        if number:
            look.line(box)
        if level <= held:
            state, note, ink, ground = "on", _("allowed"), t.ink2, t.surface
        elif level <= asked:
            state, note, ink, ground = "ask", _("asks now"), t.soon, t.soon_tint
        elif level <= ceiling:
            state, note, ink, ground = "can", _("not asked"), t.ink2, t.surface
        else:
            state, note, ink, ground = "no", _("not in this service"), t.ink3, t.surface
        row = look.frame(box, ground)
        _sign(part, row, state).pack(side="left", padx=(8, 11), pady=8)
        weight = "bold" if state == "ask" else "normal"
        look.label(
            row,
            level_name(part.translate, level),
            14,
            weight,
            t.ink3 if state == "no" else t.ink,
            side="left",
        )
        look.label(row, note, 13, weight, ink, side="right", padx=11)


def _sign(part: Part, row: tk.Frame, state: str) -> tk.Canvas:
    t = part.look.tokens
    canvas = tk.Canvas(row, width=26, height=24, bg=str(row["bg"]), highlightthickness=0)
    if state == "on":
        canvas.create_rectangle(0, 0, 26, 24, fill=t.fill, outline=t.fill)
        canvas.create_line(7, 12, 11, 17, fill="#ffffff", width=2)
        canvas.create_line(11, 17, 19, 7, fill="#ffffff", width=2)
    elif state == "ask":
        canvas.create_rectangle(1, 1, 24, 22, outline=t.soon, width=2)
        canvas.create_text(13, 12, text="?", fill=t.soon, font=part.look.font(14, "bold"))
    else:
        canvas.create_rectangle(0, 0, 25, 23, outline=t.strong, dash=(3, 2))
        if state == "no":
            canvas.create_line(9, 12, 18, 12, fill=t.ink3, width=2)
    return canvas
