"""Runs the customer's app with the test's clock: `python agent_process.py CLOCK_FILE DESK_ADDRESS`, on $DISPLAY.

The same app as production's; the clock is the constructor's argument. So that a test can click where a person would, each change of
the window is told on standard output: the texts that can be read and where they stand on the screen, a JSON line each time.
"""

import json
import sys
import tkinter as tk
from pathlib import Path
from tkinter import ttk
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from e2e.shared_clock import SharedClock
from pomost.agent import app
from pomost.agent.windows.stage import Stage

LOOK_EVERY_MS = 40


def texts_of(widget: tk.Misc) -> list[dict[str, Any]]:
    """Return every text that is visible below `widget`, with the rectangle it stands in."""
    found = []
    for child in widget.winfo_children():
        if not child.winfo_viewable():
            continue
        if isinstance(child, tk.Label | ttk.Label | ttk.Button | ttk.Checkbutton) and str(child["text"]):
            place = (child.winfo_rootx(), child.winfo_rooty(), child.winfo_width(), child.winfo_height())
            found.append(
                {
                    "kind": child.winfo_class(),
                    "text": str(child["text"]),
                    "place": place,
                    "state": "disabled" if _is(child, "disabled") else "normal",
                    "ticked": _is(child, "selected"),
                }
            )
        found += texts_of(child)
    return found


def _is(widget: tk.Misc, state: str) -> bool:
    return isinstance(widget, ttk.Widget) and bool(widget.instate([state]))


class TellingStage(Stage):
    """The stage, telling what can be read on it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._told = ""
        self.root.after(LOOK_EVERY_MS, self._tell)

    def _tell(self) -> None:
        line = json.dumps(
            {
                "view": type(self.view).__name__,
                "texts": texts_of(self.root) if self.root.winfo_viewable() else [],
            }
        )
        if line != self._told:
            self._told = line
            print(line, flush=True)
        self.root.after(LOOK_EVERY_MS, self._tell)


def main() -> int:
    clock_file, desk = sys.argv[1:]
    setattr(app, "Stage", TellingStage)  # noqa: B010 (the name is the app's own import)
    return app.App(desk, SharedClock(Path(clock_file))).run()


if __name__ == "__main__":
    sys.exit(main())
