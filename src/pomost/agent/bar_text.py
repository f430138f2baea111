"""The words on the bar: who, what they may do, how long, how much. Pure."""

from __future__ import annotations

from pomost.agent.guard_pipe import Bar
from pomost.agent.texts import Translate
from pomost.wire.control import MeterShown, Person
from pomost.wire.levels import Level

SILENT_MS = 3_000
"""The technician's page asks twice a second; silent for so long, the link hangs or their page lies in the background."""


def bar_of(
    _: Translate, person: Person, level: Level, meter: MeterShown | None, since_ms: int, silent_ms: int
) -> Bar:
    """The bar for this moment.

    Args:
        _: the customer's language.
        person: the technician.
        level: what holds now.
        meter: the desk's last reading, if any.
        since_ms: how long ago that reading came; a running meter is shown running on.
        silent_ms: for how long the technician's page has said nothing.
    """
    running = meter is not None and meter.running
    metered_ms = (meter.metered_ms if meter is not None else 0) + (since_ms if running else 0)
    return Bar(
        who=person.name,
        initials=person.initials,
        doing=_("the link is silent for {seconds} s").format(seconds=silent_ms // 1000)
        if silent_ms >= SILENT_MS
        else {
            Level.NONE: _("sees nothing"),
            Level.LOOK: _("sees the screen"),
            Level.POINT: _("points on the screen"),
            Level.ACT: _("uses mouse and keyboard"),
            Level.CHANGE_MANY: _("may change many records"),
        }[level],
        level=int(level),
        time=clock(metered_ms),
        time_note=_("is counted") if running else _("stands still"),
        money=meter.cost.text if meter is not None else "",
        money_note=(meter.cost.clause or "") if meter is not None else "",
        only_look=_("Only look") if level > Level.LOOK else "",
        end=_("End"),
    )


def clock(metered_ms: int) -> str:
    """Hours, minutes and seconds."""
    seconds = metered_ms // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
