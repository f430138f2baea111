"""Ports of this machine: which are free, and who sits on the others.

Owns: that question, asked of the system. Refuses: nothing; a holder it may not see is simply not named.
"""

import socket
from contextlib import suppress
from pathlib import Path
from typing import Final

HOST: Final = "127.0.0.1"
TRIED: Final = 50
LISTENING: Final = "0A"  # of /proc/net/tcp, as the kernel's enum writes it


class NoPort(Exception):
    """No port is free near the wanted one."""


def free_port(wanted: int) -> int:
    """Return `wanted` if it is free, else the next one that is; 0 gives any.

    Raises:
        NoPort: fifty in a row are taken.
    """
    for port in range(wanted, wanted + TRIED) if wanted else (0,):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((HOST, port))
            except OSError:
                continue
            return int(tried.getsockname()[1])
    raise NoPort(
        f"The ports {wanted} to {wanted + TRIED - 1} are all taken. Give another with the option of its name."
    )


def holder_of(port: int) -> str:
    """Return who listens on a port, such as "process 812 (python3 -m http.server)"; empty when the system does not tell."""
    sockets = {
        f"socket:[{row[9]}]"
        for row in _rows()
        if row[3] == LISTENING and int(row[1].split(":")[1], 16) == port
    }
    for folder in Path("/proc").glob("[0-9]*"):
        if _links(folder / "fd") & sockets:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
            return f"process {folder.name} ({command[:80]})"
    return ""


def _links(folder: Path) -> set[str]:
    """Return what a process holds open; nothing of one that has ended or is another user's."""
    found = set()
    with suppress(OSError):
        for link in folder.iterdir():
            with suppress(OSError):  # closed since
                found.add(str(link.readlink()))
    return found


def _rows() -> list[list[str]]:
    table = Path("/proc/net/tcp")
    return [line.split() for line in table.read_text().splitlines()[1:]] if table.exists() else []
