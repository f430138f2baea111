"""The customer's Windows computer in a story: Wine on a virtual screen, the unpacked zip, a notepad, and a person's hands."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from e2e.screen import HERE as E2E
from e2e.screen import CustomersComputer, eventually

HERE = Path(__file__).parent
SIZE = "1280x800"


class Wine:
    """A prefix: the drive C: of a computer of its own, and its server."""

    def __init__(self, prefix: Path) -> None:
        self.environment = {
            "WINEPREFIX": str(prefix),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml,winemenubuilder.exe=",
        }

    def set_up(self, display: str) -> None:
        """Make the prefix; every program of it shows on one desktop of the screen's size, where no caret blinks."""
        self.run(display, "wineboot", "--init")
        for key, name, value in (
            (r"HKCU\Software\Wine\Explorer", "Desktop", "Default"),
            (r"HKCU\Software\Wine\Explorer\Desktops", "Default", SIZE),
            (r"HKCU\Control Panel\Desktop", "CursorBlinkRate", "-1"),
        ):
            self.run(display, "reg", "add", key, "/v", name, "/d", value, "/f")

    def run(self, display: str, *command: str) -> None:
        """Run a program of Windows to its end."""
        environment = {**os.environ, **self.environment, "DISPLAY": display}
        subprocess.run(["wine", *command], env=environment, check=True, capture_output=True, timeout=120)

    def stop(self) -> None:
        """End every program of this prefix, and its server."""
        environment = {**os.environ, **self.environment}
        subprocess.run(["wineserver", "--kill"], env=environment, check=False, timeout=60)
        subprocess.run(["wineserver", "--wait"], env=environment, check=False, timeout=60)


def windows_path(path: Path) -> str:
    """Return a path as programs of Windows see it under Wine."""
    return "Z:" + str(path).replace("/", "\\")


class WindowsComputer(CustomersComputer):
    """A screen with Wine on it. `app_folder` is the unpacked zip."""

    def __init__(self, folder: Path, language: str, app_folder: Path) -> None:
        super().__init__(folder, language)
        self.app_folder = app_folder
        self.wine = Wine(folder / "wine")
        self._ends.callback(shutil.rmtree, folder / "wine", ignore_errors=True)  # 700 MB that nobody looks at
        self._ends.callback(self.wine.stop)
        self.wine.set_up(self.display)

    def _run(self, *command: str, **options: Any) -> subprocess.Popen[str]:
        """As every computer does; but programs of Windows cannot write into a file of Linux, so their words go through a pipe."""
        if command[0] != "wine":
            return super()._run(*command, **options)
        log = super()._run("cat", stdin=subprocess.PIPE)
        assert log.stdin is not None
        with log.stdin as pipe:
            return super()._run(
                *command, **({"stdin": subprocess.DEVNULL, "stdout": pipe, "stderr": pipe} | options)
            )

    @property
    def environment(self) -> dict[str, str]:
        return {
            **super().environment,
            **self.wine.environment,
            "XDG_CONFIG_HOME": windows_path(self.folder / "config"),
        }

    @property
    def python(self) -> str:
        """The Python of the zip, with a terminal."""
        return str(self.app_folder / "python" / "python.exe")

    @property
    def app_command(self) -> list[str]:
        return ["wine", self.python, windows_path(E2E / "agent_process.py")]

    def path(self, file: Path) -> str:
        return windows_path(file)

    def start_program(self) -> None:
        """Start the notepad."""
        script = windows_path(HERE / "notepad_process.py")
        self._run("wine", self.python, script, windows_path(self.state_file), env=self.environment)
        eventually("the notepad", self.state_file.exists)

    def notepad(self) -> dict[str, Any]:
        """Return what the notepad's own window says."""
        state: dict[str, Any] = json.loads(self.state_file.read_text("utf-8"))
        return state

    def start_exe(self, desk: str) -> None:
        """Start the app as the customer does: by its .exe, which finds the vendor's address beside it."""
        (self.app_folder / "desk.txt").write_text(f"{desk}\r\n", "utf-8")
        self._run("wine", str(self.app_folder / "Pomost.exe"), env=self.environment)

    def titles(self, word: str) -> list[str]:
        """Return the titles of the windows that are shown now and have this word in their title."""
        asked = subprocess.run(
            ["wine", self.python, windows_path(HERE / "titles_process.py")],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=60,
        )
        titles: list[str] = json.loads(asked.stdout)
        return [title for title in titles if word in title]
