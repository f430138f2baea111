"""Opens a Windows notepad and tells what stands in it: `python.exe notepad_process.py STATE_FILE`, under Windows or Wine.

The text is asked of the window itself (WM_GETTEXT), past the app and the picture. The state is a JSON file, replaced whenever something differs: the text,
and where the field stands on the screen.
"""

import ctypes
import json
import subprocess
import sys
import threading
from ctypes import wintypes
from pathlib import Path
from typing import Any

assert sys.platform == "win32", "A program for Windows; Wine will do."

WM_GETTEXT, WM_GETTEXTLENGTH = 0x0D, 0x0E
LOOK_EVERY_S = 0.05

user32 = ctypes.WinDLL("user32")
user32.FindWindowW.restype = wintypes.HWND
user32.FindWindowExW.restype = wintypes.HWND
user32.FindWindowExW.argtypes = [wintypes.HWND, wintypes.HWND, wintypes.LPCWSTR, wintypes.LPCWSTR]
user32.SendMessageW.argtypes = [wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPVOID]
user32.SendMessageW.restype = ctypes.c_ssize_t
user32.GetWindowRect.argtypes = [wintypes.HWND, ctypes.POINTER(wintypes.RECT)]
user32.MoveWindow.argtypes = [wintypes.HWND, *[ctypes.c_int] * 4, wintypes.BOOL]


def text_of(field: int) -> str:
    length = user32.SendMessageW(field, WM_GETTEXTLENGTH, 0, None)
    buffer = ctypes.create_unicode_buffer(length + 1)
    user32.SendMessageW(field, WM_GETTEXT, length + 1, buffer)
    return buffer.value


def state_of(field: int) -> dict[str, Any]:
    place = wintypes.RECT()
    user32.GetWindowRect(field, ctypes.byref(place))
    return {
        "text": text_of(field),
        "place": (place.left, place.top, place.right - place.left, place.bottom - place.top),
    }


def main() -> None:
    state_file = Path(sys.argv[1])
    notepad = subprocess.Popen(["notepad.exe"])
    pause = threading.Event()
    window = field = None
    while not field:
        pause.wait(LOOK_EVERY_S)
        window = user32.FindWindowW("Notepad", None)
        field = user32.FindWindowExW(window, None, "Edit", None) if window else None
    user32.MoveWindow(window, 60, 360, 1100, 380, True)
    told: dict[str, Any] = {}
    while notepad.poll() is None:
        state = state_of(field)
        if state != told:
            told = state
            unfinished = state_file.with_suffix(".new")
            unfinished.write_text(json.dumps(state), "utf-8")
            unfinished.replace(state_file)
        pause.wait(LOOK_EVERY_S)


if __name__ == "__main__":
    main()
