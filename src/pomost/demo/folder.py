"""The demo's folder: its own, marked, and used by one demo at a time.

Owns: the mark and the lock. Refuses: a folder that holds anything but a demo, so that invented people with a known password
never come onto a real desk; and a folder that another demo uses.
"""

import fcntl
import shutil
from pathlib import Path
from typing import IO, Final

MARK: Final = "this-is-a-demo"


class NotOurs(Exception):
    """The demo cannot use this folder; the message says why and what to do."""


class DemoFolder:
    """A folder that this process holds until `release`."""

    def __init__(self, path: Path, lock: IO[str]) -> None:
        self.path = path
        self._lock = lock

    def tell(self, address: str) -> None:
        """Write down who runs here, for a second demo to read."""
        self._lock.truncate(0)
        self._lock.seek(0)
        self._lock.write(address)
        self._lock.flush()

    def release(self) -> None:
        """Let another demo use it."""
        self._lock.close()


def take(path: Path, *, fresh: bool) -> DemoFolder:
    """Take a folder for this demo; `fresh` empties it first.

    Raises:
        NotOurs: it holds something else, or another demo runs in it.
    """
    path = path.resolve()
    mark = path / MARK
    if path.exists() and not mark.exists() and any(path.iterdir()):
        raise NotOurs(f"{path} holds something that is no demo. Name another folder with --data.")
    path.mkdir(parents=True, exist_ok=True)
    lock = mark.open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        running = lock.read()
        lock.close()
        raise NotOurs(
            f"A demo runs in {path} already: {running}\nUse that one, or stop it with Ctrl+C in its terminal first."
        ) from None
    if fresh:
        for each in path.iterdir():
            if each != mark:
                shutil.rmtree(each) if each.is_dir() else each.unlink()
    return DemoFolder(path, lock)
