"""The list of technicians, the call that rings, and the desk that does not answer."""

from __future__ import annotations

import tkinter as tk
from dataclasses import dataclass
from tkinter import ttk

from pomost.agent import views
from pomost.agent.windows.part import TEXT_PX, Part, button
from pomost.wire.control import Person, Presence


def connecting(part: Part, view: views.Connecting) -> None:
    """The desk does not answer yet."""
    _ = part._
    part.title(_("Connecting to the desk"), view.why)
    part.text(_("The list of people appears by itself as soon as the desk answers."), 13, quiet=True)
    button(part.buttons(), _("Close"), part.actions.quit)


def barred(part: Part, view: views.Barred) -> None:
    """Another desk than the one known."""
    _ = part._
    part.title(_("Not connected, for safety"))
    part.text(view.why)
    part.begin_with(button(part.buttons(), _("Close"), part.actions.quit))


@dataclass(slots=True)
class ListState:
    """What outlives a redrawing of the list: the name being typed and who is selected."""

    name: tk.StringVar
    selected: str = ""


def choosing(part: Part, view: views.Choosing, state: ListState) -> None:
    """Who can help; a double-click or Enter calls."""
    _ = part._
    part.title(_("Who should help?"), _("Choose the person you are talking to on the phone."))
    if view.notice:
        part.look.label(
            part.body, view.notice, 13, "bold", fg=part.look.tokens.soon, wrap=TEXT_PX, pady=(8, 0)
        )
    _List(part, view.people, state)
    part.text(
        _("Nobody connects without your click. Is someone calling who is not on this list? Hang up."),
        13,
        quiet=True,
        gap=12,
    )


def calling(part: Part, view: views.Calling) -> None:
    """The technician's page rings."""
    _ = part._
    person = view.person
    part.head(
        person.initials,
        person.id,
        _("{name}: the call is ringing").format(name=person.name),
        _("Nothing is shared yet. You will be asked before anything begins."),
    )
    part.begin_with(button(part.buttons(), _("Cancel"), part.actions.hang_up))


class _List:
    """The rows, with one selected; keys move the selection as a pointer does."""

    def __init__(self, part: Part, people: tuple[Person, ...], state: ListState) -> None:
        self._part = part
        self._people, self._state = people, state
        t = part.look.tokens
        self._box = tk.Frame(
            part.body,
            bg=t.surface,
            highlightthickness=1,
            highlightbackground=t.line,
            highlightcolor=t.river,
            takefocus=1,
        )
        self._box.pack(fill="x", pady=(10, 0))
        self._rows: list[tk.Frame] = []
        self._edges: list[tk.Frame] = []
        for person in people:
            if self._rows:
                part.look.line(self._box)
            self._row(person)
        if not people:
            part.look.label(self._box, part._("Nobody is on the list now."), 14, padx=12, pady=12)
        self._name_field()
        self._call = button(part.buttons(), part._("Call"), self._on_call, "Main.TButton")
        free = next((n for n, p in enumerate(people) if p.presence is Presence.FREE), 0)
        self._selected = next((n for n, p in enumerate(people) if p.id == state.selected), free)
        for key, step in (("<Up>", -1), ("<Down>", 1)):
            self._box.bind(key, lambda _event, step=step: self._select(self._selected + step))  # type: ignore[misc]
        self._box.bind("<Return>", lambda _event: self._on_call())
        self._select(self._selected)
        part.begin_with(self._box)

    def _row(self, person: Person) -> None:
        look, number = self._part.look, len(self._rows)
        row = look.frame(self._box)
        edge = tk.Frame(row, width=3, bg=look.tokens.surface)
        edge.pack(side="left", fill="y")
        look.face(row, person.initials, person.id).pack(side="left", padx=(8, 11), pady=8)
        look.label(row, self._presence(person), 13, side="right", padx=(6, 11))
        look.mark(row, person.presence).pack(side="right")
        names = look.frame(row, side="left")
        look.label(names, person.name, 14, "bold", wrap=180)
        look.label(names, person.what, 13, fg=look.tokens.ink2, wrap=180)
        self._rows.append(row)
        self._edges.append(edge)
        self._bind(row, number)

    def _bind(self, widget: tk.Misc, number: int) -> None:
        widget.bind("<Button-1>", lambda _event: self._select(number, focus=True))
        widget.bind("<Double-Button-1>", lambda _event: self._on_call())
        for child in widget.winfo_children():
            self._bind(child, number)

    def _presence(self, person: Person) -> str:
        _ = self._part._
        match person.presence:
            case Presence.FREE:
                return _("can help")
            case Presence.BUSY:
                return _("busy")
            case Presence.CALL:
                return _("in a session")
            case Presence.OFF:
                return person.until or _("away")

    def _name_field(self) -> None:
        part = self._part
        row = part.look.frame(part.body, pady=(12, 0))
        part.look.label(row, part._("Your name, as the technician sees it"), 13, "bold")
        entry = ttk.Entry(row, textvariable=self._state.name, font=part.look.font(14))
        entry.pack(fill="x", pady=(4, 0))
        entry.bind("<Return>", lambda _event: self._on_call())

    def _select(self, number: int, *, focus: bool = False) -> None:
        if not self._people:
            self._call.state(["disabled"])
            return
        t = self._part.look.tokens
        self._selected = max(0, min(number, len(self._people) - 1))
        for n, (row, edge) in enumerate(zip(self._rows, self._edges, strict=True)):
            _ground(row, t.tint if n == self._selected else t.surface)
            edge.configure(bg=t.river if n == self._selected else t.surface)
        person = self._people[self._selected]
        self._state.selected = person.id
        self._call.state(["!disabled" if person.presence is Presence.FREE else "disabled"])
        if focus:
            self._box.focus_set()

    def _on_call(self) -> None:
        if not self._people or self._people[self._selected].presence is not Presence.FREE:
            return
        name = " ".join(self._state.name.get().split())[:120]
        if name:
            self._part.actions.call(self._people[self._selected], name)


def _ground(widget: tk.Misc, colour: str) -> None:
    """Give a row and all in it another ground; pictures keep theirs, which are drawn for a plain one."""
    widget.configure(bg=colour)  # type: ignore[call-arg]
    for child in widget.winfo_children():
        _ground(child, colour)
