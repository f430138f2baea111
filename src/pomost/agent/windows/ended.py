"""The end: why, how long, how much, and that nobody comes back."""

from __future__ import annotations

from pomost.agent import views
from pomost.agent.bar_text import clock
from pomost.agent.windows.part import Part, button


def ended(part: Part, view: views.Ended) -> None:
    """The session is over."""
    _, look = part._, part.look
    part.title(_("The session has ended"), _("Nobody can return without your consent."))
    part.text(view.why)
    rows = [(_("Time counted"), clock(view.metered_ms))]
    if view.cost:
        rows.append((_("So far"), view.cost))
    for name, value in rows:
        look.line(part.body, pady=(10, 6))
        row = look.frame(part.body)
        look.label(row, name, side="left")
        look.label(row, value, 14, "bold", side="right")
    foot = part.buttons()
    part.begin_with(button(foot, _("Back to the list"), part.actions.back, "Main.TButton"))
    button(foot, _("Close"), part.actions.quit)
