"""The customer's computer in a story: a virtual screen, a window manager, the accounting program, the app, and a person's hands on it."""

import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import mss
from PIL import Image
from Xlib import display

from pomost.agent.texts import translator
from pomost.wire.control import Language

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SOON_S = 30.0
"""How long something that is due at once may take on a busy machine."""
PATIENCE_S = 3.0
"""After so long without an answer a person clicks again."""
STOP_RED = (0xA5, 0x27, 0x1F)
"""The colour of the button that ends a session, by which the test finds it as a person would."""


class NotThere(AssertionError):
    """What should be on the screen is not; the message says what is."""


def eventually(what: str, look: Callable[[], Any], within_s: float = SOON_S) -> Any:
    """Return the first truthy answer of `look`; fail with `what` when there is none in time."""
    pause = threading.Event()
    for _ in range(round(within_s / 0.05)):
        seen = look()
        if seen:
            return seen
        pause.wait(0.05)
    raise NotThere(f"{what}: not within {within_s} s")


def plain(text: str) -> str:
    """Return a text with ordinary spaces, as a person reads it."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def without_figures(view: dict[str, Any]) -> list[str]:
    """Return the texts of a view without what runs by itself."""
    return [re.sub(r"\d", "", each["text"]) for each in view["texts"]]


class CustomersComputer:
    """A screen of its own number, with everything on it started here and ended here, by process."""

    def __init__(self, folder: Path, language: str) -> None:
        self.folder, self.language = folder, language
        self._ends = ExitStack()
        self.display = self._start_screen()
        self.state_file = folder / "ledger.json"
        self._app: subprocess.Popen[str] | None = None
        self._views: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self.view: dict[str, Any] = {"view": "", "texts": []}

    def _start_screen(self) -> str:
        read, write = os.pipe()
        self._run(
            "Xvfb",
            "-displayfd",
            str(write),
            "-screen",
            "0",
            "1280x800x24",
            "-nolisten",
            "tcp",
            "-noreset",
            pass_fds=(write,),
        )
        os.close(write)
        with os.fdopen(read) as told:
            return f":{told.readline().strip()}"

    def _run(self, *command: str, **options: Any) -> subprocess.Popen[str]:
        log = (self.folder / f"{Path(command[0]).name}-{len(list(self.folder.glob('*.log')))}.log").open("w")
        self._ends.enter_context(log)
        started = subprocess.Popen(command, text=True, cwd=ROOT, **({"stdout": log, "stderr": log} | options))
        self._ends.callback(_ended, started)
        return started

    @property
    def environment(self) -> dict[str, str]:
        languages = {"pl": "pl_PL.UTF-8", "ru": "ru_RU.UTF-8", "en": "en_GB.UTF-8"}
        own = {
            "DISPLAY": self.display,
            "LANG": "C.UTF-8",
            "LANGUAGE": self.language,
            "XDG_CONFIG_HOME": str(self.folder / "config"),
        }
        return {**os.environ, **own, "LC_MESSAGES": languages[self.language], "USER": "klient"}

    def start_program(self) -> None:
        """Start the accounting program."""
        self._run("openbox", env=self.environment)
        self._run(
            sys.executable,
            "-m",
            "pomost.demo.ledger",
            self.language,
            "--state",
            str(self.state_file),
            env=self.environment,
        )
        eventually("the accounting program", self.state_file.exists)

    @property
    def app_command(self) -> list[str]:
        """The app, waiting for the clock's file and the desk's address."""
        return [sys.executable, str(HERE / "agent_process.py")]

    def path(self, file: Path) -> str:
        """Return a file's name as this computer's programs know it."""
        return str(file)

    def start_app(self, clock_file: Path, desk: str) -> None:
        """Start the app, as by a click on its icon."""
        started = self._run(
            *self.app_command,
            self.path(clock_file),
            desk,
            env=self.environment,
            stdout=subprocess.PIPE,
        )
        self._app = started

        def listen() -> None:
            assert started.stdout is not None
            while line := started.stdout.readline():
                self._views.put(json.loads(line))

        listening = threading.Thread(target=listen, daemon=True)
        listening.start()
        assert started.stdout is not None
        self._ends.callback(started.stdout.close)
        self._ends.callback(listening.join, SOON_S)
        self._ends.callback(_ended, started)

    # What befalls the app.

    @property
    def app(self) -> subprocess.Popen[str]:
        """The app's process."""
        assert self._app is not None
        return self._app

    def guard(self) -> int:
        """Return the process id of the app's guard, the only child it has in a session."""

        def look() -> int | None:
            for task in Path(f"/proc/{self.app.pid}/task").iterdir():
                for child in (task / "children").read_text().split():
                    if b"pomost.agent.guard" in Path(f"/proc/{child}/cmdline").read_bytes():
                        return int(child)
            return None

        found: int = eventually("the guard's process", look)
        return found

    def kill_app(self) -> None:
        """End the app as a crash would: it says nothing to anybody."""
        self.app.kill()
        self.app.wait(SOON_S)

    def freeze_app(self) -> None:
        """Stop the app where it stands, as a hanging program does; return when every thread of it stands."""
        self.app.send_signal(signal.SIGSTOP)
        how = os.WSTOPPED | os.WNOWAIT | os.WNOHANG
        eventually("the app to stand still", lambda: os.waitid(os.P_PID, self.app.pid, how))

    def thaw_app(self) -> None:
        """Let it go on."""
        self.app.send_signal(signal.SIGCONT)

    # What the person sees.

    def word(self, original: str) -> str:
        """Return a text of the app in the customer's language, by its English original."""
        return translator(Language(self.language))(original)

    def held(self) -> tuple[list[int], int]:
        """Return the keys that are down on this screen, by code, and the mask of the pointer's buttons."""
        connection = display.Display(self.display)
        try:
            keymap = connection.query_keymap()
            down = [8 * n + bit for n, byte in enumerate(keymap) for bit in range(8) if byte >> bit & 1]
            return down, connection.screen().root.query_pointer().mask & 0x1F00
        finally:
            connection.close()

    def nothing_is_held(self) -> None:
        """Wait until no key and no button is down."""
        eventually("every key and button to be let go", lambda: self.held() == ([], 0))

    def program(self) -> dict[str, Any]:
        """Return what the accounting program shows."""
        state: dict[str, Any] = json.loads(self.state_file.read_text())
        return state

    def _catch_up(self) -> None:
        while not self._views.empty():
            self.view = self._views.get()

    def read(self, text: str, *, enabled: bool = False) -> dict[str, Any]:
        """Wait until a text can be read in the app's window; return it with its place."""

        def look() -> dict[str, Any] | None:
            self._catch_up()
            fitting = [
                each
                for each in self.view["texts"]
                if plain(text) in plain(each["text"]) and (not enabled or each["state"] == "normal")
            ]
            return fitting[0] if fitting else None

        try:
            found: dict[str, Any] = eventually(f"“{text}” in the app", look)
        except NotThere as missing:
            self.picture(self.folder / "missing.png")
            raise NotThere(
                f"{missing}. It shows {self.view['view']}: {[t['text'] for t in self.view['texts']]}"
            ) from missing
        return found

    def reads(self, text: str) -> bool:
        """Say whether a text can be read now."""
        self._catch_up()
        return any(plain(text) in plain(each["text"]) for each in self.view["texts"])

    def app_is_hidden(self) -> None:
        """Wait until the app shows nothing but its bar."""

        def look() -> bool:
            self._catch_up()
            return not self.view["texts"]

        eventually("the app's window to go", look)

    def words(self) -> str:
        """Return the four words, or nothing where none are shown."""
        self._catch_up()
        four = [each["text"].split() for each in self.view["texts"] if each["text"].islower()]
        return next((" ".join(words) for words in four if len(words) == 4), "")

    def picture(self, file: Path) -> Image.Image:
        """Take a picture of the whole screen."""
        with mss.MSS(display=self.display) as camera:
            shot = camera.grab(camera.monitors[0])
        image = Image.frombytes("RGB", (shot.width, shot.height), shot.bgra, "raw", "BGRX")
        image.save(file)
        return image

    # What the person does.

    def click(self, text: str, *, twice: bool = False) -> None:
        """Click on a text of the app, once it can be clicked, and again if nothing comes of it.

        A window that has just come up may still be put elsewhere under the pointer; a person then clicks again.
        """
        self.read(text, enabled=True)

        def shows_something_else() -> bool:
            before = self.view
            self.click_at(*self.middle_of(text), twice=twice)
            return self._changes_from(before)

        eventually(f"something to come of the click on “{text}”", shows_something_else)

    def _changes_from(self, before: dict[str, Any]) -> bool:
        """Say whether the app shows something else within the time that a person waits before clicking again."""

        def look() -> bool:
            self._catch_up()
            return without_figures(self.view) != without_figures(before)

        try:
            eventually("another view", look, PATIENCE_S)
        except NotThere:
            return False
        return True

    def middle_of(self, text: str) -> tuple[int, int]:
        """Return where a text of the app stands, whether it can be clicked or not."""
        x, y, width, height = self.read(text)["place"]
        return x + width // 2, y + height // 2

    def click_at(self, x: int, y: int, *, twice: bool = False) -> None:
        """Click somewhere on the screen."""
        self._hands(
            "mousemove", str(x), str(y), "click", *(("--repeat", "2", "--delay", "80") if twice else ()), "1"
        )

    def press(self, keys: str) -> None:
        """Press a combination of keys."""
        self._hands("key", keys)

    def tick(self, text: str) -> None:
        """Tick the box beside a text, and again if nothing comes of it."""

        def is_ticked() -> bool:
            x, y, _width, height = self.read(text)["place"]
            self.click_at(x + 8, y + height // 2)
            try:
                eventually("the tick", lambda: self.read(text)["ticked"], PATIENCE_S)
            except NotThere:
                return False
            return True

        eventually(f"“{text}” to be ticked", is_ticked)

    def tick_all(self) -> None:
        """Tick every box that is shown now."""
        self._catch_up()
        for each in self.view["texts"]:
            if each["kind"] == "TCheckbutton" and not each["ticked"]:
                self.tick(each["text"])

    def end_by_the_bar(self) -> None:
        """Click the red button of the bar at the upper edge."""

        def red() -> tuple[int, int] | None:
            image = self.picture(self.folder / "bar.png").crop((0, 0, 1280, 60))
            raw = image.tobytes()
            red_bytes = bytes(STOP_RED)
            at = [
                (n // 3 % 1280, n // 3 // 1280) for n in range(0, len(raw), 3) if raw[n : n + 3] == red_bytes
            ]
            return at[len(at) // 8] if len(at) > 400 else None

        x, y = eventually("the red button of the bar", red)
        self.click_at(x, y + 4)

    def _hands(self, *commands: str) -> None:
        subprocess.run(["xdotool", *commands], check=True, env=self.environment, timeout=SOON_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_unused: object) -> None:
        self._ends.close()


def _ended(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGCONT)
        process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
