"""The bar at the bottom of the virtual desktop: a start menu, a button for each window, the time.

Owns: that bar, the ground behind the windows, the screen's keyboard layout. Does not own: starting programs; it writes `start KEY` to its standard output and `desktop.py` does it.

    DISPLAY=:70 python -m pomost.demo.panel pl
"""

import subprocess
import sys
import tkinter as tk
from datetime import UTC, datetime
from typing import Any, Final

from Xlib import X, Xatom, display, error
from Xlib.protocol import event

from pomost.demo.settings import Settings, settings

GROUND: Final = "#e9edf0"
FRONT: Final = "#c9d8e4"
SQUARE: Final = "#2f6db5"
INK: Final = "#18212b"
FONT: Final = ("Noto Sans", -13)
NORMAL_PAGER: Final = 2
"""Who asks for a window to come to the front: a bar like this one (EWMH, source indication)."""


class Windows:
    """What the window manager knows of the open windows (EWMH root properties)."""

    def __init__(self) -> None:
        self.display = display.Display()
        self.display.set_error_handler(lambda *_: None)  # a window may vanish between two questions
        self.root = self.display.screen().root
        self.root.change_attributes(event_mask=X.PropertyChangeMask)

    def _atom(self, name: str) -> int:
        return int(self.display.intern_atom(name))

    def _ids(self, name: str) -> list[int]:
        found = self.root.get_full_property(self._atom(name), Xatom.WINDOW)
        return list(found.value) if found is not None else []

    def listed(self) -> list[tuple[int, str]]:
        """Return id and title of each window that belongs on a bar, oldest first."""
        return [(number, title) for number in self._ids("_NET_CLIENT_LIST") if (title := self._title(number))]

    def front(self) -> int | None:
        """Return the id of the window that has the keyboard."""
        return next(iter(self._ids("_NET_ACTIVE_WINDOW")), None)

    def _title(self, number: int) -> str:
        """Return a window's title, or nothing for one that does not want to be listed or has just gone."""
        window = self.display.create_resource_object("window", number)
        try:
            window.change_attributes(event_mask=X.PropertyChangeMask)
            state = window.get_full_property(self._atom("_NET_WM_STATE"), Xatom.ATOM)
            kind = window.get_full_property(self._atom("_NET_WM_WINDOW_TYPE"), Xatom.ATOM)
            title = window.get_full_property(self._atom("_NET_WM_NAME"), self._atom("UTF8_STRING"))
        except error.BadWindow:
            return ""
        hidden = state is not None and self._atom("_NET_WM_STATE_SKIP_TASKBAR") in state.value
        dock = kind is not None and self._atom("_NET_WM_WINDOW_TYPE_DOCK") in kind.value
        return "" if hidden or dock or title is None else bytes(title.value).decode(errors="replace")

    def paint_ground(self, colour: str) -> None:
        """Fill the screen behind all windows with one colour ("#rrggbb")."""
        self.root.change_attributes(background_pixel=int(colour.removeprefix("#"), 16))
        self.root.clear_area()
        self.display.flush()

    def bring_to_front(self, number: int) -> None:
        """Ask the window manager to show a window above the others."""
        window = self.display.create_resource_object("window", number)
        ask = event.ClientMessage(
            window=window,
            client_type=self._atom("_NET_ACTIVE_WINDOW"),
            data=(32, [NORMAL_PAGER, X.CurrentTime, 0, 0, 0]),
        )
        self.root.send_event(ask, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self.display.flush()


class Panel:
    """The bar itself."""

    def __init__(self, root: tk.Tk, windows: Windows, known: Settings) -> None:
        self.root = root
        self.windows = windows
        windows.paint_ground(known.wallpaper)
        root.title("panel")
        root.configure(bg=GROUND)
        root.geometry(f"{known.width}x{known.panel_height}+0+{known.height - known.panel_height}")
        root.wm_attributes("-type", "dock")
        menu = tk.Menu(
            root, tearoff=False, font=FONT, background="#ffffff", activebackground=FRONT, activeforeground=INK
        )
        for program in known.programs:
            menu.add_command(label=program.title, command=lambda key=program.key: self._start(key))  # type: ignore[misc]
        start = self._button("Start", "#ffffff")
        picture = tk.PhotoImage(master=root, width=14, height=14)
        picture.put(SQUARE, to=(0, 0, 14, 14))
        self._picture = picture
        start.configure(image=picture, compound="left", padx=10, command=lambda: self._open(menu))
        start.pack(side="left", padx=(6, 10), pady=4, fill="y")
        self.clock = tk.Label(root, bg=GROUND, fg=INK, font=FONT)
        self.clock.pack(side="right", padx=14)
        self.row = tk.Frame(root, bg=GROUND)
        self.row.pack(side="left", fill="both", expand=True)
        self._tick()
        self._list()
        root.tk.createfilehandler(windows.display.fileno(), tk.READABLE, self._noticed)
        self._noticed()

    def _button(self, text: str, colour: str, parent: tk.Misc | None = None) -> tk.Button:
        return tk.Button(
            parent or self.root,
            text=text,
            font=FONT,
            bg=colour,
            fg=INK,
            activebackground=FRONT,
            relief="flat",
            borderwidth=0,
            highlightthickness=0,
        )

    def _open(self, menu: tk.Menu) -> None:
        menu.tk_popup(6, self.root.winfo_rooty() - menu.winfo_reqheight())

    def _start(self, key: str) -> None:
        sys.stdout.write(f"start {key}\n")
        sys.stdout.flush()

    def _tick(self) -> None:
        now = datetime.now(UTC).astimezone()
        self.clock.configure(text=f"{now:%H:%M}")
        self.root.after((60 - now.second) * 1000, self._tick)

    def _noticed(self, *_unused: Any) -> None:
        # Listing asks the X server, and its answers bring further events with them, of which the socket says nothing more.
        while self._something_changed():
            self._list()

    def _something_changed(self) -> bool:
        changed = False
        while self.windows.display.pending_events():
            changed = self.windows.display.next_event().type == X.PropertyNotify or changed
        return changed

    def _list(self) -> None:
        front = self.windows.front()
        listed = self.windows.listed()
        for old in self.row.winfo_children():
            old.destroy()
        for number, title in listed:
            short = title.split(" · ")[0] if len(title) > 30 else title
            button = self._button(short, FRONT if number == front else GROUND, self.row)
            button.configure(padx=12, command=lambda number=number: self.windows.bring_to_front(number))  # type: ignore[misc]
            button.pack(side="left", padx=(0, 4), pady=4, fill="y")


def main() -> None:
    """Show the bar until the screen ends."""
    known = settings()
    subprocess.run(["setxkbmap", "-layout", known.layouts[sys.argv[1]]], check=True)
    root = tk.Tk(className="Panel")
    Panel(root, Windows(), known)
    root.mainloop()


if __name__ == "__main__":
    main()
