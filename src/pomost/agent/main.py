"""The command `pomost-agent --desk https://help.example/vendor/`: checks that it can work here, then runs the app.

It owns the exit codes: 0 the customer closed it, 2 wrong arguments, 3 it cannot work on this desktop (and says what to do).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from pomost.agent.app import App
from pomost.agent.environment import own_environment
from pomost.agent.texts import OURS, Translate, language_of, translator
from pomost.agent.windows.stage import CannotShow
from pomost.wire.clock import SystemClock

if sys.platform == "win32":
    from pomost.agent import win32

WRONG_ARGUMENTS = 2
CANNOT_WORK_HERE = 3

ADDRESS_CHARS_MAX = 500
"""More than this in the file is no address."""


def obstacle(_: Translate, environment: Mapping[str, str]) -> str:
    """Why the app cannot work on this desktop, with what to do; empty when it can."""
    if environment.get("WAYLAND_DISPLAY") and environment.get("XDG_SESSION_TYPE") == "wayland":
        return _(
            "This desktop runs on Wayland, where one program cannot see another: the technician would get a black picture. "
            "Log out, choose the session “Xorg” (or “X11”) on the login screen, log in and start the app again."
        )
    if not environment.get("DISPLAY"):
        return _(
            "No screen was found (DISPLAY is not set). Start the app on the computer’s own desktop, not in a remote terminal."
        )
    return ""


def address_in(file: Path) -> str:
    """The address that stands in `file`; empty when there is no such file or none in it."""
    try:
        text = file.read_text("utf-8-sig")  # Windows' own editor marks a file's beginning
    except (OSError, UnicodeDecodeError):
        return ""
    address = text.strip()
    return (
        address if address.startswith(("https://", "http://")) and len(address) <= ADDRESS_CHARS_MAX else ""
    )


def tell(why: str) -> None:
    """Say it to the person who started the command; a program of Windows has no terminal to say it on."""
    if sys.platform == "win32" and sys.stderr is None:
        win32.user32.MessageBoxW(None, why, "Pomost", win32.MB_ICONERROR)
    else:
        print(why, file=sys.stderr)  # noqa: T201  # a command speaks


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="pomost-agent", description="Show this screen to a technician you called."
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--desk", metavar="ADDRESS", help="the vendor's address at the desk")
    which.add_argument("--desk-file", metavar="FILE", type=Path, help="a file that holds the address")
    chosen = parser.parse_args(arguments)
    environment = own_environment()
    _ = translator(language_of(environment, OURS))
    address = chosen.desk or address_in(chosen.desk_file)
    if not address:
        tell(
            _(
                "The vendor’s address is missing: {file} should hold it. Unpack the whole archive again, or ask your vendor."
            ).format(file=chosen.desk_file)
        )
        return WRONG_ARGUMENTS
    why = obstacle(_, environment) if sys.platform != "win32" else ""
    if not why:
        try:
            return App(address, SystemClock()).run()
        except CannotShow as missing:
            why = _("The screen cannot be used: {why}").format(why=missing)
    tell(why)
    return CANNOT_WORK_HERE


if __name__ == "__main__":
    sys.exit(main())
