"""The calls of Windows that the app makes, declared once with their types: user32, gdi32, kernel32, advapi32.

It owns names, structures and signatures; it decides nothing. It refuses to be imported anywhere but on Windows (Wine counts). Sources: the
Windows headers' documentation (SendInput, SetWindowsHookEx, BitBlt, GetIconInfo, OpenInputDesktop). Handles are pointers, so every function
that takes or gives one says so here: ctypes would cut them to 32 bits.
"""

from __future__ import annotations

import sys

assert sys.platform == "win32", "The calls of Windows exist on Windows only."

import ctypes
from ctypes import POINTER, Structure, Union, WinDLL, wintypes
from typing import Any

user32 = WinDLL("user32", use_last_error=True)
gdi32 = WinDLL("gdi32", use_last_error=True)
kernel32 = WinDLL("kernel32", use_last_error=True)
advapi32 = WinDLL("advapi32", use_last_error=True)

LRESULT = ctypes.c_ssize_t
ULONG_PTR = ctypes.c_size_t

INPUT_MOUSE, INPUT_KEYBOARD = 0, 1
KEYEVENTF_EXTENDEDKEY, KEYEVENTF_KEYUP, KEYEVENTF_UNICODE = 1, 2, 4
MOUSEEVENTF_MOVE, MOUSEEVENTF_ABSOLUTE, MOUSEEVENTF_VIRTUALDESK = 0x0001, 0x8000, 0x4000
MOUSEEVENTF_WHEEL, MOUSEEVENTF_HWHEEL = 0x0800, 0x1000
WH_KEYBOARD_LL, WH_MOUSE_LL = 13, 14
WM_KEYDOWN, WM_SYSKEYDOWN, WM_MOUSEMOVE, WM_HOTKEY = 0x0100, 0x0104, 0x0200, 0x0312
LLKHF_INJECTED, LLMHF_INJECTED = 0x10, 0x01
MOD_ALT, MOD_CONTROL, MOD_NOREPEAT = 1, 2, 0x4000
SM_XVIRTUALSCREEN, SM_YVIRTUALSCREEN, SM_CXVIRTUALSCREEN, SM_CYVIRTUALSCREEN = 76, 77, 78, 79
SRCCOPY, CAPTUREBLT = 0x00CC0020, 0x40000000
CURSOR_SHOWING = 1
MB_ICONERROR = 0x10
GWL_EXSTYLE, WS_EX_TRANSPARENT, WS_EX_LAYERED, WS_EX_NOACTIVATE = -20, 0x20, 0x80000, 0x08000000
LWA_ALPHA = 2
RGN_OR = 2
UOI_NAME = 2
DESKTOP_READOBJECTS = 1
LOCALE_SISO639LANGNAME = 0x59
PER_MONITOR_AWARE_V2 = -4
TOKEN_QUERY, TOKEN_INTEGRITY_LEVEL = 8, 25
PROCESS_QUERY_LIMITED_INFORMATION = 0x1000


class MouseInput(Structure):
    """MOUSEINPUT."""

    _fields_ = [
        ("dx", wintypes.LONG),
        ("dy", wintypes.LONG),
        ("mouseData", wintypes.DWORD),
        ("dwFlags", wintypes.DWORD),
        ("time", wintypes.DWORD),
        ("dwExtraInfo", ULONG_PTR),
    ]


class KeyboardInput(Structure):
    """KEYBDINPUT."""

    _fields_ = [
        ("wVk", wintypes.WORD),
        ("wScan", wintypes.WORD),
        ("dwFlags", wintypes.DWORD),
        ("time", wintypes.DWORD),
        ("dwExtraInfo", ULONG_PTR),
    ]


class _InputUnion(Union):
    _fields_ = [("mi", MouseInput), ("ki", KeyboardInput)]


class Input(Structure):
    """INPUT."""

    _fields_ = [("type", wintypes.DWORD), ("u", _InputUnion)]


class KeyboardHook(Structure):
    """KBDLLHOOKSTRUCT."""

    _fields_ = [
        ("vkCode", wintypes.DWORD),
        ("scanCode", wintypes.DWORD),
        ("flags", wintypes.DWORD),
        ("time", wintypes.DWORD),
        ("dwExtraInfo", ULONG_PTR),
    ]


class MouseHook(Structure):
    """MSLLHOOKSTRUCT."""

    _fields_ = [
        ("pt", wintypes.POINT),
        ("mouseData", wintypes.DWORD),
        ("flags", wintypes.DWORD),
        ("time", wintypes.DWORD),
        ("dwExtraInfo", ULONG_PTR),
    ]


class BitmapInfoHeader(Structure):
    """BITMAPINFOHEADER."""

    _fields_ = [
        ("biSize", wintypes.DWORD),
        ("biWidth", wintypes.LONG),
        ("biHeight", wintypes.LONG),
        ("biPlanes", wintypes.WORD),
        ("biBitCount", wintypes.WORD),
        ("biCompression", wintypes.DWORD),
        ("biSizeImage", wintypes.DWORD),
        ("biXPelsPerMeter", wintypes.LONG),
        ("biYPelsPerMeter", wintypes.LONG),
        ("biClrUsed", wintypes.DWORD),
        ("biClrImportant", wintypes.DWORD),
    ]


class CursorInfo(Structure):
    """CURSORINFO."""

    _fields_ = [
        ("cbSize", wintypes.DWORD),
        ("flags", wintypes.DWORD),
        ("hCursor", wintypes.HANDLE),
        ("ptScreenPos", wintypes.POINT),
    ]


class IconInfo(Structure):
    """ICONINFO."""

    _fields_ = [
        ("fIcon", wintypes.BOOL),
        ("xHotspot", wintypes.DWORD),
        ("yHotspot", wintypes.DWORD),
        ("hbmMask", wintypes.HANDLE),
        ("hbmColor", wintypes.HANDLE),
    ]


class Bitmap(Structure):
    """BITMAP."""

    _fields_ = [
        ("bmType", wintypes.LONG),
        ("bmWidth", wintypes.LONG),
        ("bmHeight", wintypes.LONG),
        ("bmWidthBytes", wintypes.LONG),
        ("bmPlanes", wintypes.WORD),
        ("bmBitsPixel", wintypes.WORD),
        ("bmBits", wintypes.LPVOID),
    ]


HookProcedure = ctypes.WINFUNCTYPE(LRESULT, ctypes.c_int, wintypes.WPARAM, wintypes.LPARAM)


def _declare(library: WinDLL, name: str, result: Any, *arguments: Any) -> None:
    function = getattr(library, name)
    function.restype, function.argtypes = result, arguments


_H = wintypes.HANDLE
for _library, _name, _result, *_arguments in (
    (user32, "SendInput", wintypes.UINT, wintypes.UINT, POINTER(Input), ctypes.c_int),
    (user32, "GetSystemMetrics", ctypes.c_int, ctypes.c_int),
    (user32, "SetWindowsHookExW", _H, ctypes.c_int, HookProcedure, _H, wintypes.DWORD),
    (user32, "UnhookWindowsHookEx", wintypes.BOOL, _H),
    (user32, "CallNextHookEx", LRESULT, _H, ctypes.c_int, wintypes.WPARAM, wintypes.LPARAM),
    (user32, "GetMessageW", ctypes.c_int, POINTER(wintypes.MSG), _H, wintypes.UINT, wintypes.UINT),
    (user32, "RegisterHotKey", wintypes.BOOL, _H, ctypes.c_int, wintypes.UINT, wintypes.UINT),
    (user32, "UnregisterHotKey", wintypes.BOOL, _H, ctypes.c_int),
    (user32, "MapVirtualKeyW", wintypes.UINT, wintypes.UINT, wintypes.UINT),
    (user32, "GetAsyncKeyState", wintypes.SHORT, ctypes.c_int),
    (user32, "GetDC", _H, _H),
    (user32, "ReleaseDC", ctypes.c_int, _H, _H),
    (user32, "GetCursorPos", wintypes.BOOL, POINTER(wintypes.POINT)),
    (user32, "GetCursorInfo", wintypes.BOOL, POINTER(CursorInfo)),
    (user32, "GetIconInfo", wintypes.BOOL, _H, POINTER(IconInfo)),
    (user32, "GetForegroundWindow", _H),
    (user32, "GetWindowThreadProcessId", wintypes.DWORD, _H, POINTER(wintypes.DWORD)),
    (user32, "GetKeyboardLayout", _H, wintypes.DWORD),
    (user32, "GetWindowRect", wintypes.BOOL, _H, POINTER(wintypes.RECT)),
    (user32, "GetAncestor", _H, _H, wintypes.UINT),
    (user32, "GetWindowLongW", wintypes.LONG, _H, ctypes.c_int),
    (user32, "SetWindowLongW", wintypes.LONG, _H, ctypes.c_int, wintypes.LONG),
    (user32, "SetLayeredWindowAttributes", wintypes.BOOL, _H, wintypes.DWORD, ctypes.c_ubyte, wintypes.DWORD),
    (user32, "SetWindowRgn", ctypes.c_int, _H, _H, wintypes.BOOL),
    (user32, "OpenInputDesktop", _H, wintypes.DWORD, wintypes.BOOL, wintypes.DWORD),
    (user32, "CloseDesktop", wintypes.BOOL, _H),
    (user32, "GetUserObjectInformationW", wintypes.BOOL, _H, ctypes.c_int, wintypes.LPVOID, wintypes.DWORD, POINTER(wintypes.DWORD)),
    (user32, "SetThreadDpiAwarenessContext", _H, _H),
    (user32, "MessageBoxW", ctypes.c_int, _H, wintypes.LPCWSTR, wintypes.LPCWSTR, wintypes.UINT),
    (gdi32, "CreateCompatibleDC", _H, _H),
    (gdi32, "CreateDIBSection", _H, _H, POINTER(BitmapInfoHeader), wintypes.UINT, POINTER(ctypes.c_void_p), _H, wintypes.DWORD),
    (gdi32, "SelectObject", _H, _H, _H),
    (gdi32, "BitBlt", wintypes.BOOL, _H, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int, _H, ctypes.c_int, ctypes.c_int, wintypes.DWORD),
    (gdi32, "DeleteObject", wintypes.BOOL, _H),
    (gdi32, "DeleteDC", wintypes.BOOL, _H),
    (gdi32, "GdiFlush", wintypes.BOOL),
    (gdi32, "GetObjectW", ctypes.c_int, _H, ctypes.c_int, wintypes.LPVOID),
    (gdi32, "GetDIBits", ctypes.c_int, _H, _H, wintypes.UINT, wintypes.UINT, wintypes.LPVOID, POINTER(BitmapInfoHeader), wintypes.UINT),
    (gdi32, "CreateRectRgn", _H, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int),
    (gdi32, "CombineRgn", ctypes.c_int, _H, _H, _H, ctypes.c_int),
    (kernel32, "OpenProcess", _H, wintypes.DWORD, wintypes.BOOL, wintypes.DWORD),
    (kernel32, "GetCurrentProcessId", wintypes.DWORD),
    (kernel32, "CloseHandle", wintypes.BOOL, _H),
    (advapi32, "OpenProcessToken", wintypes.BOOL, _H, wintypes.DWORD, POINTER(_H)),
    (advapi32, "GetTokenInformation", wintypes.BOOL, _H, ctypes.c_int, wintypes.LPVOID, wintypes.DWORD, POINTER(wintypes.DWORD)),
    (advapi32, "GetSidSubAuthorityCount", POINTER(ctypes.c_ubyte), wintypes.LPVOID),
    (advapi32, "GetSidSubAuthority", POINTER(wintypes.DWORD), wintypes.LPVOID, wintypes.DWORD),
    (kernel32, "GetUserDefaultUILanguage", wintypes.WORD),
    (kernel32, "GetLocaleInfoW", ctypes.c_int, wintypes.DWORD, wintypes.DWORD, wintypes.LPWSTR, ctypes.c_int),
):  # fmt: skip
    _declare(_library, _name, _result, *_arguments)


def language_of_locale(locale_id: int) -> str:
    """The language of a locale identifier in two letters, such as "pl"; empty when Windows does not know it."""
    buffer = ctypes.create_unicode_buffer(9)
    written = kernel32.GetLocaleInfoW(locale_id & 0xFFFF, LOCALE_SISO639LANGNAME, buffer, len(buffer))
    return buffer.value if written else ""


def see_real_pixels() -> None:
    """Let the calling thread count in the screen's own pixels, whatever scale is set; the windows' thread stays as it is."""
    user32.SetThreadDpiAwarenessContext(PER_MONITOR_AWARE_V2)


def virtual_screen() -> tuple[int, int, int, int]:
    """All monitors together: left, top, width, height, in pixels; left and top can be negative."""
    left, top, width, height = (
        int(user32.GetSystemMetrics(metric))
        for metric in (SM_XVIRTUALSCREEN, SM_YVIRTUALSCREEN, SM_CXVIRTUALSCREEN, SM_CYVIRTUALSCREEN)
    )
    return left, top, width, height


def integrity_of(process_id: int) -> int | None:
    """How far Windows trusts a process (its integrity level); None where this program may not even ask, or the process is gone."""
    process = kernel32.OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, False, process_id)
    token = wintypes.HANDLE()
    try:
        if not process or not advapi32.OpenProcessToken(process, TOKEN_QUERY, ctypes.byref(token)):
            return None
        label = ctypes.create_string_buffer(256)
        length = wintypes.DWORD()
        asked = (token, TOKEN_INTEGRITY_LEVEL, label, len(label), ctypes.byref(length))
        if not advapi32.GetTokenInformation(*asked):
            return None
        sid = ctypes.cast(label, POINTER(ctypes.c_void_p))[0]
        last = advapi32.GetSidSubAuthorityCount(sid)[0] - 1
        return int(advapi32.GetSidSubAuthority(sid, last)[0])
    finally:
        for handle in (token.value, process):
            if handle:
                kernel32.CloseHandle(handle)
