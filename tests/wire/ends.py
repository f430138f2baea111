"""The two ends as tests drive them: the app in Python, the viewer in Python or as the browser's own modules."""

import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pomost.wire.errors import RemoteProtocolError
from pomost.wire.levels import Side
from pomost.wire.sealed import Sealed

T = TypeVar("T")
SESSION = "3f0c"
OFFER = b'{"offer":1}'


def read_or_refused(reading: Callable[[], T]) -> tuple[T | None, str]:
    """What was read, or the sentence of the refusal; any other error fails the test."""
    try:
        return reading(), ""
    except RemoteProtocolError as error:
        return None, str(error)


class End(Protocol):
    """One end of a session."""

    def start(self) -> list[bytes]: ...
    def resume(self) -> list[bytes]: ...
    def take(self, *frames: bytes) -> list[bytes]:
        """Return the frames it sends; opened messages go to `messages`."""
        ...

    def seal(self, *plaintexts: bytes) -> list[bytes]: ...

    messages: list[bytes]
    refused: str | None

    @property
    def words(self) -> tuple[int, ...] | None: ...
    @property
    def locked(self) -> str | None: ...


class PythonEnd:
    def __init__(self, side: Side, session: str = SESSION, offer: bytes = OFFER) -> None:
        self.sealed = Sealed(side, session, offer)
        self.messages: list[bytes] = []
        self.refused: str | None = None

    def start(self) -> list[bytes]:
        return list(self.sealed.start())

    def resume(self) -> list[bytes]:
        return list(self.sealed.resume())

    def take(self, *frames: bytes) -> list[bytes]:
        sent: list[bytes] = []
        for frame in frames:
            try:
                taken = self.sealed.receive(frame)
            except RemoteProtocolError as error:
                self.refused = self.refused or str(error)
                continue
            sent.extend(taken.send)
            if taken.plaintext is not None:
                self.messages.append(taken.plaintext)
        return sent

    def seal(self, *plaintexts: bytes) -> list[bytes]:
        return [self.sealed.seal(plaintext) for plaintext in plaintexts]

    @property
    def words(self) -> tuple[int, ...] | None:
        return self.sealed.word_numbers

    @property
    def locked(self) -> str | None:
        return self.sealed.locked_with


class Browser:
    """A Node process with the browser's modules."""

    def __init__(self) -> None:
        program = Path(__file__).with_name("viewer_twin.mjs")
        self._process = subprocess.Popen(
            ["node", str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def do(self, command: str, **rest: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": command, **rest}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"node ended with {self._process.wait()}"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


class BrowserEnd:
    """The viewer in a browser's modules."""

    def __init__(self, browser: Browser, session: str = SESSION, offer: bytes = OFFER) -> None:
        self._browser = browser
        self.messages: list[bytes] = []
        self._seen = browser.do("begin", session=session, offer=offer.hex())

    def _done(self, command: str, **rest: Any) -> list[bytes]:
        self._seen = self._browser.do(command, **rest)
        self.messages.extend(bytes.fromhex(message) for message in self._seen["messages"])
        return [bytes.fromhex(frame) for frame in self._seen["sent"]]

    def start(self) -> list[bytes]:
        return self._done("start")

    def resume(self) -> list[bytes]:
        return self._done("resume")

    def take(self, *frames: bytes) -> list[bytes]:
        return self._done("take", frames=[frame.hex() for frame in frames])

    def seal(self, *plaintexts: bytes) -> list[bytes]:
        return self._done("seal", plaintexts=[plaintext.hex() for plaintext in plaintexts])

    @property
    def refused(self) -> str | None:
        why: str | None = self._seen["refused"]
        return why

    @refused.setter
    def refused(self, why: str | None) -> None:
        raise AttributeError("the browser itself says why")

    @property
    def words(self) -> tuple[int, ...] | None:
        numbers = self._seen["state"]["words"]
        return None if numbers is None else tuple(numbers)

    @property
    def locked(self) -> str | None:
        cipher: str | None = self._seen["state"]["locked"]
        return cipher


MakeViewer = Callable[..., End]


def pump(viewer: End, agent: End, to_agent: Sequence[bytes] = (), to_viewer: Sequence[bytes] = ()) -> None:
    """Carry frames to and fro until nobody says anything."""
    outward, inward = list(to_agent), list(to_viewer)
    while outward or inward:
        from_agent = agent.take(*outward)
        from_viewer = viewer.take(*inward)
        outward, inward = from_viewer, from_agent


def opened(viewer: End, agent: End) -> None:
    """Make keys between them."""
    agent.start()
    pump(viewer, agent, to_agent=viewer.start())
    assert viewer.locked == agent.locked == "AES-256-GCM"
