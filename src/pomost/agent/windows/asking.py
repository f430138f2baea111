"""The questions during a session: the words, a level, a price. "No" has the focus; silence means no."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from pomost.agent import views
from pomost.agent.texts import Translate
from pomost.agent.windows.before import Gates
from pomost.agent.windows.part import TEXT_PX, Part, button
from pomost.agent.windows.rungs import ladder
from pomost.wire.control import Cost
from pomost.wire.levels import Level

WIDE_SPACE = "\u2003"


def words(part: Part, view: views.Words) -> None:
    """The four words; whoever differs hangs up."""
    _, look, t = part._, part.look, part.look.tokens
    part.title(
        _("Are the words the same?"),
        _("Read them to each other on the phone. They show that nobody listens in between."),
    )
    box = look.frame(part.body, t.ontime_tint, pady=(12, 0))
    half = (len(view.words) + 1) // 2
    lines = (WIDE_SPACE.join(view.words[:half]), WIDE_SPACE.join(view.words[half:]))
    look.label(box, "\n".join(lines), 20, "bold", padx=12, pady=12)
    row = part.buttons()
    if view.said:
        note = _("You said: the same. {name} has not answered yet.").format(name=view.technician)
        look.label(row, note, 13, fg=t.ink2, wrap=240, side="left")
        button(row, _("End"), part.actions.end, "Stop.TButton")
        return
    button(row, _("The same"), lambda: part.actions.compare(True), "Main.TButton")
    button(row, _("They differ"), lambda: part.actions.compare(False))


def asked(part: Part, view: views.Asked, seconds_left: Callable[[], int]) -> None:
    """May the technician have this level?"""
    _, look = part._, part.look
    name = view.offer.technician.name
    question, note, yes = _question(part.translate, view.level, part.hot_key)
    part.head(_initials(name), view.offer.technician.id, question.format(name=name), note)
    ladder(part, held=view.level_now, asked=view.level, ceiling=view.offer.ceiling.level)

    def changed() -> None:
        missing.set("" if gates.complete else _("Each box has to be ticked first."))
        allow.state(["!disabled" if gates.complete else "disabled"])

    missing = tk.StringVar(part.body)
    gates = Gates(part, view.gates, changed)
    if view.gates:
        reason = look.label(part.body, "", 13, fg=look.tokens.ink2, wrap=TEXT_PX, pady=(10, 0))
        reason.configure(textvariable=missing)
    left = look.label(part.body, "", 13, fg=look.tokens.ink2, wrap=TEXT_PX, pady=(12, 0))
    row = part.buttons()
    allow = button(row, yes, lambda: part.actions.answer(True, gates.ticked), "Main.TButton")
    refuse = button(row, _("Don’t allow"), lambda: part.actions.answer(False, frozenset()))
    part.begin_with(refuse)
    changed()

    def tick() -> None:
        if not left.winfo_exists():
            return
        seconds = seconds_left()
        text = _("Without an answer in {minutes}:{seconds:02d}: no")
        left.configure(text=text.format(minutes=seconds // 60, seconds=seconds % 60))
        left.after(500, tick)

    tick()


def _question(_: Translate, level: Level, hot_key: str) -> tuple[str, str, str]:
    stop = _("Withdraw with one click or {hot_key}.") if hot_key else _("Withdraw with one click.")
    stop = stop.format(hot_key=hot_key)
    match level:
        case Level.POINT:
            return (
                _("{name} asks to point on the screen. Allow?"),
                _("An arrow with the name shows where to look. It moves nothing.") + " " + stop,
                _("Allow pointing"),
            )
        case Level.ACT:
            return (
                _("{name} asks for mouse and keyboard. Allow?"),
                _("You see every action.") + " " + stop,
                _("Allow acting"),
            )
        case Level.CHANGE_MANY:
            return (
                _("{name} asks to change many records. Allow?"),
                _("One action can then change many records at once. You see every action.") + " " + stop,
                _("Allow many changes"),
            )
        case _other:
            return (
                _("{name} asks to see the screen. Allow?"),
                _("Everything on the screen is visible. Close what is private first.") + " " + stop,
                _("Allow looking"),
            )


def estimate(part: Part, view: views.Estimate) -> None:
    """A price; what follows from yes and from no stands side by side."""
    _, look, t = part._, part.look, part.look.tokens
    part.title(_("Go on for this price?"), _("The clock stands still until you answer."))
    part.text(view.text)
    both = look.frame(part.body, pady=(12, 0))
    both.columnconfigure((0, 1), weight=1, uniform="both")
    for column, (head, cost) in enumerate(((_("If yes"), view.if_yes), (_("If no"), view.if_no))):
        cell = tk.Frame(both, bg=t.surface, highlightthickness=1, highlightbackground=t.line)
        cell.grid(row=0, column=column, sticky="nsew", padx=(0, 8) if column == 0 else 0)
        _amount(part, cell, head, cost)
    row = part.buttons()
    button(row, _("Accept the price"), lambda: part.actions.decide(True), "Main.TButton")
    part.begin_with(button(row, _("Decline"), lambda: part.actions.decide(False)))


def _amount(part: Part, cell: tk.Frame, head: str, cost: Cost) -> None:
    look = part.look
    look.label(cell, head, 13, fg=look.tokens.ink2, padx=12, pady=(8, 0))
    look.label(cell, cost.text, 17, "bold", wrap=TEXT_PX // 2 - 30, padx=12, pady=(2, 0))
    look.label(
        cell, cost.clause or " ", 12, fg=look.tokens.ink2, wrap=TEXT_PX // 2 - 30, padx=12, pady=(0, 8)
    )


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:2]).upper()
