"""What the process was started with, in the same words on every system: LANG, USER, XDG_CONFIG_HOME, GTK_THEME.

It owns the translation from Windows, which keeps the language, the person's name, the place for settings and the dark theme elsewhere. What is set
already stays: a test, or an operator's shortcut, has the last word.
"""

from __future__ import annotations

import os
import sys

if sys.platform == "win32":
    import winreg

    from pomost.agent import win32

    _THEME = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"

    def own_environment() -> dict[str, str]:
        """The environment, with what Windows knows filled in."""
        own = dict(os.environ)
        own.setdefault("LANG", win32.language_of_locale(win32.kernel32.GetUserDefaultUILanguage()))
        own.setdefault("USER", own.get("USERNAME", ""))
        own.setdefault("XDG_CONFIG_HOME", own.get("APPDATA", ""))
        if _is_dark():
            own.setdefault("GTK_THEME", "windows-dark")
        return own

    def _is_dark() -> bool:
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _THEME) as key:
                return bool(winreg.QueryValueEx(key, "AppsUseLightTheme")[0] == 0)
        except OSError:  # before Windows 10 there is no such key
            return False

else:

    def own_environment() -> dict[str, str]:
        """The environment as it is."""
        return dict(os.environ)
