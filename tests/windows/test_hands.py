"""On Windows the customer's own hand is told from the technician's, and the hot key is seen. Under Wine, with real events of the X server."""

import json
import queue
import subprocess
import threading
from collections.abc import Callable, Iterator

import pytest

from e2e.screen import SOON_S, eventually
from windows.computer import HERE, WindowsComputer, windows_path

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("screen")]


class HandsProcess:
    """The process, with what it says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._said: queue.SimpleQueue[list[object]] = queue.SimpleQueue()
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        while line := self._process.stdout.readline():
            self._said.put(json.loads(line))

    def tell(self, command: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()

    def next(self) -> list[object]:
        """Return what it says next."""
        return self._said.get(timeout=SOON_S)

    def until(self, said: str) -> list[str]:
        """Return everything it says until this."""
        heard = []
        while (words := self.next()) and words[0] != said:
            heard.append(str(words[0]))
        return heard

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(SOON_S)
        self._listening.join(SOON_S)
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture
def computer(windows_computer_of: Callable[[str], WindowsComputer]) -> Iterator[WindowsComputer]:
    with windows_computer_of("en") as computer:
        yield computer


@pytest.fixture
def hands(computer: WindowsComputer) -> Iterator[HandsProcess]:
    command = ["wine", computer.python, windows_path(HERE / "hands_process.py")]
    process = HandsProcess(
        subprocess.Popen(
            command,
            env=computer.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
    )
    yield process
    process.close()


def test_the_technicians_input_is_no_own_hand_and_the_customers_is(
    computer: WindowsComputer, hands: HandsProcess
) -> None:
    computer.start_program()
    assert hands.next() == ["ready", "Ctrl+Alt+Pause"]

    # Every pixel that is pointed at is hit, at the edges too.
    for x, y in ((0, 0), (1279, 799), (1, 798), (640, 401), (333, 77)):
        hands.tell(f"move {x} {y}")
        assert hands.next() == ["at", x, y]

    # The technician types, clicks and turns the wheel: no sign of a hand. The order of the answers proves it.
    hands.tell("type")
    hands.tell("type")
    assert hands.until("done") == []
    assert hands.until("done") == []

    # The customer's own movement, click and key are signs.
    x, y, width, height = computer.notepad()["place"]
    computer.click_at(x + width // 2, y + height // 2)
    hands.until("own hand")
    computer.press("a")
    eventually("the customer's letter", lambda: computer.notepad()["text"] == "a")
    hands.until("own hand")

    # Their hot key is told apart from other keys.
    computer.press("ctrl+alt+Pause")
    hands.until("hot key")
