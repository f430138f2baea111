"""The Windows screen as the agent sees it: its pixels by GDI, the pointer and its shape; all monitors as one picture.

It owns the device contexts and the last picture taken. Windows tells programs of no changes over GDI, so the picture is taken again and
compared: every `POLL_S` while something moves, every `STILL_POLL_S` otherwise, and never for more than a third of the time, however slow
the computer is. What another desktop covers (the question of the user account control, the lock screen) cannot be captured; instead of black
the picture then holds the sentences of `covered`. It decides nothing about consent; `streamer` holds it only while the customer allows looking.
"""

from __future__ import annotations

import sys

assert sys.platform == "win32", "GDI exists on Windows only; see screen_x11."

import ctypes
import threading
import time
from ctypes import wintypes

from PIL import Image

from pomost.agent import win32
from pomost.agent.covered import card, strip
from pomost.agent.gdi_pixels import differing, from_masks, with_colour
from pomost.agent.picture import Rect, clipped
from pomost.agent.screen import CursorShape, Noticed, ScreenUnavailable

POLL_S = 0.04
STILL_POLL_S = 0.1
STILL_AFTER_S = 2.0
"""So long without a change the picture is taken less often."""


class WindowsScreen:
    """The virtual screen of this session: every monitor, from the upper left corner of the leftmost and topmost."""

    def __init__(self, display_name: str | None = None) -> None:
        """Begin to look. `display_name` is X11's and means nothing here.

        Raises:
            ScreenUnavailable: Windows gives no picture, as in a service or a locked session.
        """
        del display_name
        win32.see_real_pixels()
        self._woken = threading.Event()
        self._ranks = _Ranks()
        self._camera = _Camera(win32.virtual_screen())
        self.width, self.height = self._camera.width, self._camera.height
        self._shot = self._taken()
        self._next_s = self._changed_s = time.monotonic()
        self._at = self.pointer()
        self._cursor = _cursor_handle()

    def notice(self) -> Noticed:
        """Take the picture again when it is due, and say what differs."""
        resized = False
        damaged: list[Rect] = []
        now_s = time.monotonic()
        if now_s >= self._next_s:
            place = win32.virtual_screen()
            if place != self._camera.place:
                self._camera.close()
                self._camera = _Camera(place)
                self.width, self.height = self._camera.width, self._camera.height
                resized = True
            shot = self._taken()
            if not resized:
                damaged = differing(self._shot, shot)
            self._shot = shot
            took_s = time.monotonic() - now_s
            if damaged or resized:
                self._changed_s = now_s
            still = now_s - self._changed_s > STILL_AFTER_S
            self._next_s = now_s + max(STILL_POLL_S if still else POLL_S, 3 * took_s)
        at, cursor = self.pointer(), _cursor_handle()
        moved, reshaped = at != self._at, cursor != self._cursor
        self._at, self._cursor = at, cursor
        return Noticed(damaged, moved, reshaped, resized)

    def settle(self) -> None:
        """Nothing to do: what is grabbed is the picture that was compared, so nothing falls in between."""

    def grab(self, rect: Rect) -> Image.Image:
        """The pixels of `rect` in the picture taken last, RGB."""
        return self._shot.crop((rect.x, rect.y, rect.right, rect.bottom))

    def layout(self) -> str:
        """The language of the keyboard in front, such as "pl"."""
        thread = win32.user32.GetWindowThreadProcessId(win32.user32.GetForegroundWindow(), None)
        return win32.language_of_locale(win32.user32.GetKeyboardLayout(thread) or 0)

    def pointer(self) -> tuple[int, int]:
        """Where the pointer is, in pixels from the picture's corner; the last place known while another desktop has it."""
        point = wintypes.POINT()
        if not win32.user32.GetCursorPos(ctypes.byref(point)):
            return self._at
        left, top, _width, _height = self._camera.place
        return point.x - left, point.y - top

    def cursor_shape(self) -> CursorShape | None:
        """The pointer's present picture; None when Windows does not tell."""
        handle = _cursor_handle()
        return _shape_of(handle) if handle else None

    def wait(self, timeout_s: float | None) -> None:
        """Sleep until the next picture is due, `wake` was called, or `timeout_s` passed."""
        due_s = max(self._next_s - time.monotonic(), 0.0)
        self._woken.wait(due_s if timeout_s is None else min(due_s, timeout_s))
        self._woken.clear()

    def wake(self) -> None:
        """End the present or the next `wait`. Thread-safe."""
        self._woken.set()

    def close(self) -> None:
        """Give the device contexts back."""
        self._camera.close()

    def _out_of_reach(self) -> Rect | None:
        """Where the window in front lies, if it belongs to a program that takes no input from this one."""
        window = win32.user32.GetForegroundWindow()
        process_id = wintypes.DWORD()
        if not window or not win32.user32.GetWindowThreadProcessId(window, ctypes.byref(process_id)):
            return None
        place = wintypes.RECT()
        if not self._ranks.is_above(process_id.value) or not win32.user32.GetWindowRect(
            window, ctypes.byref(place)
        ):
            return None
        left, top, _width, _height = self._camera.place
        seen = Rect(place.left - left, place.top - top, place.right - place.left, place.bottom - place.top)
        return clipped(seen, self.width, self.height)

    def _taken(self) -> Image.Image:
        if _ours_is_shown():
            shot = self._camera.take()
            if shot is not None:
                place = self._out_of_reach()
                if place is not None:
                    shot.paste(strip(place.w), (place.x, place.y))
                return shot
        return card(self.width, self.height)


class _Ranks:
    """Which processes Windows trusts more than this one, so that no input of ours reaches their windows."""

    def __init__(self) -> None:
        self._own = win32.integrity_of(win32.kernel32.GetCurrentProcessId())
        self._last = (0, False)

    def is_above(self, process_id: int) -> bool:
        """Whether it is out of reach; what may not even be asked is."""
        if process_id != self._last[0]:
            rank = win32.integrity_of(process_id)
            self._last = (process_id, rank is None or (self._own is not None and rank > self._own))
        return self._last[1]


class _Camera:
    """A bitmap of the screen's size that BitBlt copies into."""

    def __init__(self, place: tuple[int, int, int, int]) -> None:
        self.place = place
        _left, _top, self.width, self.height = place
        self._screen = win32.user32.GetDC(None)
        self._memory = win32.gdi32.CreateCompatibleDC(self._screen)
        header = _top_down(self.width, self.height)
        bits = ctypes.c_void_p()
        self._bitmap = win32.gdi32.CreateDIBSection(self._screen, header, 0, ctypes.byref(bits), None, 0)
        if not self._screen or not self._memory or not self._bitmap or not bits.value:
            self.close()
            raise ScreenUnavailable(
                f"Windows lends no bitmap of {self.width} × {self.height} pixels, so the screen cannot be shown."
            )
        self._bits = bits.value
        win32.gdi32.SelectObject(self._memory, self._bitmap)

    def take(self) -> Image.Image | None:
        """The picture, or None when Windows refuses it at this moment."""
        left, top, width, height = self.place
        done = win32.gdi32.BitBlt(
            self._memory, 0, 0, width, height, self._screen, left, top, win32.SRCCOPY | win32.CAPTUREBLT
        )
        if not done:
            return None
        win32.gdi32.GdiFlush()
        return Image.frombytes(
            "RGB", (width, height), ctypes.string_at(self._bits, width * height * 4), "raw", "BGRX"
        )

    def close(self) -> None:
        if self._memory:
            win32.gdi32.DeleteDC(self._memory)
        if self._bitmap:
            win32.gdi32.DeleteObject(self._bitmap)
        if self._screen:
            win32.user32.ReleaseDC(None, self._screen)
        self._memory = self._bitmap = self._screen = None


def _top_down(width: int, height: int) -> win32.BitmapInfoHeader:
    """The header of a bitmap of 32 bits a pixel whose first row is the upper one."""
    return win32.BitmapInfoHeader(
        biSize=ctypes.sizeof(win32.BitmapInfoHeader),
        biWidth=width,
        biHeight=-height,
        biPlanes=1,
        biBitCount=32,
    )


def _ours_is_shown() -> bool:
    """Whether the desktop in front is the one this program lives on, and not the system's own question or lock."""
    desktop = win32.user32.OpenInputDesktop(0, False, win32.DESKTOP_READOBJECTS)
    if not desktop:
        return False
    try:
        name = ctypes.create_unicode_buffer(64)
        told = win32.user32.GetUserObjectInformationW(
            desktop, win32.UOI_NAME, name, ctypes.sizeof(name), None
        )
        return not told or name.value.lower() == "default"
    finally:
        win32.user32.CloseDesktop(desktop)


def _cursor_handle() -> int:
    info = win32.CursorInfo(cbSize=ctypes.sizeof(win32.CursorInfo))
    if not win32.user32.GetCursorInfo(ctypes.byref(info)) or not info.flags & win32.CURSOR_SHOWING:
        return 0
    return int(info.hCursor or 0)


def _shape_of(handle: int) -> CursorShape | None:
    icon = win32.IconInfo()
    if not win32.user32.GetIconInfo(handle, ctypes.byref(icon)):
        return None
    try:
        mask = _pixels_of(icon.hbmMask)
        colour = _pixels_of(icon.hbmColor) if icon.hbmColor else None
    finally:
        for bitmap in (icon.hbmMask, icon.hbmColor):
            if bitmap:
                win32.gdi32.DeleteObject(bitmap)
    if mask is None:
        return None
    image = with_colour(colour, mask) if colour is not None else from_masks(mask)
    return CursorShape(image.width, image.height, icon.xHotspot, icon.yHotspot, image.tobytes())


def _pixels_of(bitmap: int) -> Image.Image | None:
    about = win32.Bitmap()
    if not win32.gdi32.GetObjectW(bitmap, ctypes.sizeof(about), ctypes.byref(about)):
        return None
    width, height = about.bmWidth, about.bmHeight
    buffer = ctypes.create_string_buffer(width * height * 4)
    screen = win32.user32.GetDC(None)
    rows = win32.gdi32.GetDIBits(screen, bitmap, 0, height, buffer, _top_down(width, height), 0)
    win32.user32.ReleaseDC(None, screen)
    return Image.frombytes("RGBA", (width, height), buffer.raw, "raw", "BGRA") if rows else None
