"""Prints the titles of all windows that are shown, as JSON: `python.exe titles_process.py`, under Windows or Wine."""

import ctypes
import json
import sys
from ctypes import wintypes

assert sys.platform == "win32", "A program for Windows; Wine will do."

user32 = ctypes.WinDLL("user32")
EnumProcedure = ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.HWND, wintypes.LPARAM)
user32.EnumWindows.argtypes = [EnumProcedure, wintypes.LPARAM]
user32.IsWindowVisible.argtypes = [wintypes.HWND]
user32.GetWindowTextW.argtypes = [wintypes.HWND, wintypes.LPWSTR, ctypes.c_int]


def shown_titles() -> list[str]:
    titles = []

    def take(window: int, _unused: int) -> bool:
        buffer = ctypes.create_unicode_buffer(256)
        if user32.IsWindowVisible(window) and user32.GetWindowTextW(window, buffer, len(buffer)):
            titles.append(buffer.value)
        return True

    user32.EnumWindows(EnumProcedure(take), 0)
    return titles


if __name__ == "__main__":
    sys.stdout.write(json.dumps(shown_titles()))
