"""A virtual X screen with a cookie of its own, so that only the demo's programs can look at it or type into it.

Owns: the choice of a free display number, the cookie file, the command line. Refuses: a number that is taken.
Read next: `desktop.py`.
"""

import asyncio
import os
import secrets
import socket
import struct
from pathlib import Path
from typing import Final

FAMILY_LOCAL: Final = 256
COOKIE_KIND: Final = b"MIT-MAGIC-COOKIE-1"
SOCKETS: Final = Path("/tmp/.X11-unix")  # noqa: S108  # where every X server puts its socket
LOCKS: Final = "/tmp/.X{}-lock"  # noqa: S108
NUMBERS: Final = range(70, 170)
ANSWERS_WITHIN_S: Final = 15.0


class NoScreen(Exception):
    """There is no virtual screen; the message says why and what to do."""


def free_number(numbers: range = NUMBERS) -> int:
    """Return a display number that no X server uses.

    Raises:
        NoScreen: all of them are taken.
    """
    for number in numbers:
        if not Path(LOCKS.format(number)).exists() and not (SOCKETS / f"X{number}").exists():
            return number
    raise NoScreen(
        f"The display numbers :{numbers.start} to :{numbers.stop - 1} are all taken. End an X server that is not needed."
    )


def write_cookie(file: Path, number: int) -> None:
    """Make a new cookie file for display `number` of this machine (format: the Xau library's README, "file format")."""
    parts = (socket.gethostname().encode(), str(number).encode(), COOKIE_KIND, secrets.token_bytes(16))
    entry = struct.pack(">H", FAMILY_LOCAL) + b"".join(struct.pack(">H", len(part)) + part for part in parts)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_bytes(entry)


def command(number: int, width: int, height: int, cookie: Path) -> list[str]:
    """Return the command line of the virtual screen: no network, and it stays when its last program leaves."""
    screen = f"{width}x{height}x24"
    return [
        "Xvfb",
        f":{number}",
        "-screen",
        "0",
        screen,
        "-dpi",
        "96",
        "-nolisten",
        "tcp",
        "-noreset",
        "-auth",
        str(cookie),
    ]


async def answers(number: int) -> None:
    """Wait until the X server takes connections.

    Raises:
        NoScreen: it does not within `ANSWERS_WITHIN_S`.
    """
    path = str(SOCKETS / f"X{number}")
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            while not await asyncio.to_thread(_connects, path):  # noqa: ASYNC110  # the server tells nobody when it is ready
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise NoScreen(
            f"The virtual screen :{number} did not start in {ANSWERS_WITHIN_S:g} s. Is Xvfb installed (apt install xvfb)?"
        ) from None


def _connects(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        return connection.connect_ex(path) == 0


def check_real_screen() -> None:
    """Look whether this terminal sits at an X11 screen of its own.

    Raises:
        NoScreen: it does not; says what to do.
    """
    if os.environ.get("WAYLAND_DISPLAY") or os.environ.get("XDG_SESSION_TYPE") == "wayland":
        raise NoScreen(
            "This desktop runs on Wayland, where one program cannot see another. Log out, choose “Xorg” (or “X11”) on the "
            "sign-in screen and start the demo again; or leave --screen real out to use a virtual screen in the browser."
        )
    name = os.environ.get("DISPLAY", "")
    number = name.removeprefix(":").split(".")[0]
    if not name.startswith(":") or not number.isdigit() or not _connects(str(SOCKETS / f"X{number}")):
        raise NoScreen(
            f"No X11 screen of this computer answers (DISPLAY is “{name}”). Start the demo on the computer’s own desktop, "
            "or leave --screen real out to use a virtual screen in the browser."
        )
