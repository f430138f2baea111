"""The X11 screen as the agent sees it: what was damaged, its pixels, the pointer and its shape.

It owns two connections to the X server: python-xlib for events (DAMAGE, XFIXES, XINPUT, all waited for, nothing polled) and
mss for pixels (its xcb backend uses MIT-SHM and falls back to GetImage by itself; measured here under Xvfb: 1920×1080 in
1.6 ms, 200×200 in 0.06 ms, so no shared memory of our own is needed). It refuses to run without DAMAGE: polling a screen
would cost the customer's computer a core. It decides nothing about consent; `streamer` holds it only while the
customer allows looking.
"""

from __future__ import annotations

import os
import select
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import ParamSpec, TypeVar

assert sys.platform != "win32", "X11 is not what Windows draws with; see screen_windows."

import mss
from PIL import Image
from Xlib import X, display, error
from Xlib.ext import damage, ge, xfixes, xinput

from pomost.agent.picture import Rect, clipped
from pomost.agent.screen import CursorShape, Noticed, ScreenUnavailable

P = ParamSpec("P")
R = TypeVar("R")


def _while_connected(ask: Callable[P, R]) -> Callable[P, R]:
    """Make a lost connection the same sentence everywhere."""

    @wraps(ask)
    def asking(*arguments: P.args, **named: P.kwargs) -> R:
        try:
            return ask(*arguments, **named)
        except error.ConnectionClosedError as closed:
            raise ScreenUnavailable(
                "The X server ended the connection, so the screen cannot be shown."
            ) from closed

    return asking


class X11Screen:
    """One X11 screen, the root window of `display_name` (such as ":0"; None means $DISPLAY)."""

    def __init__(self, display_name: str | None = None) -> None:
        """Connect and begin to listen.

        Raises:
            ScreenUnavailable: no X server answers, or it lacks the DAMAGE extension.
        """
        try:
            self._display = display.Display(display_name)
        except (error.DisplayError, error.XauthError, OSError) as refused:
            raise ScreenUnavailable(
                f"The X server {display_name or '($DISPLAY)'} does not answer: {refused}"
            ) from refused
        if not self._display.has_extension("DAMAGE"):
            self._display.close()
            raise ScreenUnavailable(
                "This X server has no DAMAGE extension, so changes of the screen cannot be seen."
            )
        self._display.set_error_handler(_ignore_late_errors)
        root = self._display.screen().root
        self._display.damage_query_version()  # without it every DAMAGE request is refused as unknown
        self._damage = root.damage_create(damage.DamageReportDeltaRectangles)
        root.change_attributes(event_mask=X.StructureNotifyMask)
        self._listen_to_pointer(root)
        self._display.sync()
        self._pixels = mss.MSS(display=display_name)
        geometry = root.get_geometry()
        self.width, self.height = int(geometry.width), int(geometry.height)
        self._root = root
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)

    def _listen_to_pointer(self, root: object) -> None:
        self._has_cursor = self._display.has_extension("XFIXES")
        if self._has_cursor:
            self._display.xfixes_query_version()
            opcode = self._display.display.get_extension_major(xfixes.extname)
            # python-xlib's own helper passes a field which this request does not have
            xfixes.SelectCursorInput(display=self._display.display, opcode=opcode, window=root, mask=1)
        if self._display.has_extension("XInputExtension"):
            announce_xinput_2_2(self._display)
            root.xinput_select_events([(xinput.AllMasterDevices, xinput.RawMotionMask)])  # type: ignore[attr-defined]

    def fileno(self) -> int:
        """File number that becomes readable when the X server has news; for `select`."""
        return int(self._display.fileno())

    @_while_connected
    def notice(self) -> Noticed:
        """Read what has arrived, without waiting for more."""
        damaged: list[Rect] = []
        moved = reshaped = resized = False
        while self._display.pending_events():
            event = self._display.next_event()
            kind = type(event).__name__
            if kind == "DamageNotify":
                area = clipped(
                    Rect(event.area.x, event.area.y, event.area.width, event.area.height),
                    self.width,
                    self.height,
                )
                if area is not None:
                    damaged.append(area)
            elif kind == "DisplayCursorNotify":
                reshaped = True
            elif event.type == ge.GenericEventCode:
                moved = True
            elif event.type == X.ConfigureNotify and (event.width, event.height) != (self.width, self.height):
                self.width, self.height = event.width, event.height
                self._pixels.close()
                self._pixels = mss.MSS(display=self._display.get_display_name())
                resized = True
        return Noticed(damaged, moved, reshaped, resized)

    @_while_connected
    def settle(self) -> None:
        """Begin a new account of damage. Call before `grab`: what is drawn later than this is reported again."""
        self._display.damage_subtract(self._damage)
        self._display.sync()  # the grab goes over another connection and must not overtake this request

    def grab(self, rect: Rect) -> Image.Image:
        """The pixels of `rect`, RGB.

        Raises:
            ScreenUnavailable: the X server did not give them (the screen changed its size, or the server is gone).
        """
        try:
            shot = self._pixels.grab({"left": rect.x, "top": rect.y, "width": rect.w, "height": rect.h})
        except mss.ScreenShotError as refused:
            raise ScreenUnavailable(f"The X server gave no picture of {rect}: {refused}") from refused
        return Image.frombuffer("RGB", (rect.w, rect.h), shot.raw, "raw", "BGRX", 0, 1)

    @_while_connected
    def layout(self) -> str:
        """The keyboard layouts, such as "pl" or "us,ru"; empty when the server does not tell."""
        rules = self._root.get_full_text_property(self._display.get_atom("_XKB_RULES_NAMES"))
        parts = rules.split("\0") if isinstance(rules, str) else []
        return parts[2][:60] if len(parts) > 2 else ""

    @_while_connected
    def pointer(self) -> tuple[int, int]:
        """Where the pointer is, in pixels."""
        answer = self._root.query_pointer()
        return int(answer.root_x), int(answer.root_y)

    @_while_connected
    def cursor_shape(self) -> CursorShape | None:
        """The pointer's present picture; None when the server cannot tell."""
        if not self._has_cursor:
            return None
        image = self._display.xfixes_get_cursor_image(self._root)
        packed = struct.pack(f"<{len(image.cursor_image)}I", *image.cursor_image)
        blue_first = Image.frombuffer("RGBa", (image.width, image.height), packed, "raw", "BGRa", 0, 1)
        straight = blue_first.convert("RGBA").tobytes()
        return CursorShape(int(image.width), int(image.height), int(image.xhot), int(image.yhot), straight)

    @_while_connected
    def wait(self, timeout_s: float | None) -> None:
        """Sleep until the X server has something, `wake` was called, or `timeout_s` passed."""
        if not self._display.pending_events():
            select.select([self._display.fileno(), self._wake_read], [], [], timeout_s)
        with suppress(BlockingIOError):
            os.read(self._wake_read, 4096)

    def wake(self) -> None:
        """End the present or the next `wait`. Thread-safe until `close`."""
        with suppress(BlockingIOError):  # so many wakings wait already that one more means nothing
            os.write(self._wake_write, b"\0")

    def close(self) -> None:
        """Leave the X server."""
        os.close(self._wake_read)
        os.close(self._wake_write)
        self._pixels.close()
        with suppress(error.ConnectionClosedError):
            self._display.close()


def announce_xinput_2_2(connection: display.Display) -> None:
    """Tell the server that this client knows XINPUT 2.2.

    From 2.1 on raw events reach everybody during grabs and name the device they came from; python-xlib says 2.0.
    """
    xinput.XIQueryVersion(
        display=connection.display,
        opcode=connection.display.get_extension_major(xinput.extname),
        major_version=2,
        minor_version=2,
    )


def _ignore_late_errors(*_problem: object) -> None:
    """A window that vanished between an event and our question is no error worth a line on the customer's terminal."""
