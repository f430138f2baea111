"""Before the connection: conditions to accept, what it costs, how far it can go; and the wait for the technician's page."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk

from pomost.agent import views
from pomost.agent.windows.part import LONG_TEXT, TEXT_PX, Part, button
from pomost.agent.windows.rungs import level_name
from pomost.wire.offer import Gate


class Gates:
    """Conditions with boxes that nobody ticked beforehand."""

    def __init__(self, part: Part, gates: Sequence[Gate], on_change: Callable[[], None]) -> None:
        """Draw them; `on_change` is called after each click on a box."""
        self._ticks: dict[str, tk.BooleanVar] = {}
        for gate in gates:
            long = len(gate.text) > LONG_TEXT
            if long:
                part.text(gate.text, 13)
            variable = tk.BooleanVar(part.body, value=False)
            words = part._("I have read this and agree") if long else gate.text
            box = ttk.Checkbutton(part.body, text=words, variable=variable, command=on_change)
            box.pack(anchor="w", fill="x", pady=(8, 0))
            part.look.label(
                part.body, gate.clause, 12, fg=part.look.tokens.ink2, wrap=TEXT_PX - 28, padx=(26, 0)
            )
            self._ticks[gate.key] = variable

    @property
    def ticked(self) -> frozenset[str]:
        """The gates that are ticked now."""
        return frozenset(key for key, variable in self._ticks.items() if variable.get())

    @property
    def complete(self) -> bool:
        """Whether none is left."""
        return len(self.ticked) == len(self._ticks)


def before(part: Part, view: views.Before) -> None:
    """What the customer agrees to before anything begins."""
    _, look, offer = part._, part.look, view.offer
    part.title(
        _("Before the connection"),
        _("{name} · {number} · {subject}").format(
            name=offer.technician.name, number=offer.ticket.number, subject=offer.ticket.subject
        ),
    )
    look.line(part.body, pady=(12, 8))
    look.label(part.body, offer.price.text, 14, "bold", wrap=TEXT_PX)
    look.label(part.body, offer.price.clause, 12, fg=look.tokens.ink2, wrap=TEXT_PX)
    look.line(part.body, pady=(8, 8))
    at_most = _("At most: {level}").format(level=level_name(part.translate, offer.ceiling.level))
    look.label(part.body, at_most, 14, wrap=TEXT_PX)
    note = " ".join(filter(None, (offer.ceiling.text, offer.ceiling.clause)))
    look.label(part.body, note, 12, fg=look.tokens.ink2, wrap=TEXT_PX)
    part.text(_("You see everything and can stop at any moment."), quiet=True)
    if view.gates:
        look.line(part.body, pady=(8, 0))
    missing = tk.StringVar(part.body)

    def changed() -> None:
        missing.set("" if gates.complete else _("Each box has to be ticked first."))
        go.state(["!disabled" if gates.complete else "disabled"])

    gates = Gates(part, view.gates, changed)
    reason = look.label(part.body, "", 13, fg=look.tokens.ink2, wrap=TEXT_PX, pady=(10, 0))
    reason.configure(textvariable=missing)
    row = part.buttons()
    go = button(row, _("Agree and begin"), lambda: part.actions.accept(gates.ticked), "Main.TButton")
    part.begin_with(button(row, _("Cancel"), part.actions.hang_up))
    changed()


def waiting(part: Part, view: views.Waiting) -> None:
    """The other end is not there."""
    _ = part._
    if view.again:
        part.title(
            _("The connection is interrupted"),
            _("{name} sees nothing and can do nothing now. It goes on by itself, or ends.").format(
                name=view.technician
            ),
        )
    else:
        part.title(
            _("Waiting for {name}").format(name=view.technician),
            _("Nothing is shared yet. You will be asked before anything begins."),
        )
    part.begin_with(button(part.buttons(), _("End"), part.actions.end, "Stop.TButton"))
