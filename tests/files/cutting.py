"""A sender whose line is cut and whose desk is killed, in the middle of a body; used by a test and by bench/file_through_cuts.py."""

import base64
import hashlib
import http.client
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

TESTS = Path(__file__).parents[1]
SOME_BYTES: Final = 1 << 16


class Desk:
    """The process; `with Desk(folder) as desk` starts it and ends it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self.said: dict[str, str] = {}
        self.peak_kb: list[int] = []
        """The most memory that each process had, when it was last asked."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        """Start, and wait until it listens."""
        settings = {
            "POMOST_DATA": str(self._folder),
            "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent / "src")]),
            "DJANGO_SETTINGS_MODULE": "pomost.config.settings",
        }
        code = "import django; django.setup(); from files.cut_desk import serve; serve()"
        self._process = subprocess.Popen(
            [sys.executable, "-c", code], env=os.environ | settings, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.said = json.loads(self._process.stdout.readline())

    def kill(self) -> None:
        """Kill it without a warning."""
        process = self._process
        if process is None:
            return
        status = Path(f"/proc/{process.pid}/status").read_text()
        self.peak_kb.append(int(status.split("VmHWM:")[1].split()[0]))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
        self._process = None

    def line(self) -> http.client.HTTPConnection:
        """Return a new connection."""
        return http.client.HTTPConnection("127.0.0.1", int(self.said["port"]), timeout=600)

    def headers(self, **more: str) -> dict[str, str]:
        """Return what each request of the sender carries."""
        always = {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {self.said['permit']}"}
        return always | {name.replace("_", "-"): value for name, value in more.items()}

    def begin(self, size: int, sha256: str) -> str:
        """Announce a file; return its address."""
        pairs = {"filename": "base.zip", "sha256": sha256}
        written = ",".join(
            f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items()
        )
        answer = self._asked("POST", "/files/uploads/", Upload_Length=str(size), Upload_Metadata=written)
        return answer["Location"]

    def offset(self, address: str) -> int:
        """Ask how much is kept."""
        return int(self._asked("HEAD", address)["Upload-Offset"])

    def send(
        self,
        address: str,
        content: BinaryIO,
        offset: int,
        size: int,
        *,
        stop_at: int,
        before_the_cut: Callable[[], None] = lambda: None,
    ) -> bool:
        """Send one body from `offset` to the end; cut the line at `stop_at`. Returns whether all went and was kept.

        A desk that still keeps what came before an earlier cut answers no: ask how much is kept, and send again.
        """
        line = self.line()
        headers = self.headers(
            Upload_Offset=str(offset),
            Content_Type="application/offset+octet-stream",
            Content_Length=str(size - offset),
        )
        try:
            line.putrequest("PATCH", address)
            for name, value in headers.items():
                line.putheader(name, value)
            line.endheaders()
            content.seek(offset)
            while offset < min(stop_at, size):
                some = content.read(min(SOME_BYTES, min(stop_at, size) - offset))
                line.send(some)
                offset += len(some)
                if select.select([line.sock], [], [], 0)[0]:
                    return False  # an answer before the end is a refusal
            if offset < size:
                before_the_cut()
                return False
            return line.getresponse().status == 204
        except ConnectionError:
            return False
        finally:
            line.close()

    def gives(self, content: BinaryIO) -> bool:
        """Fetch the version and say whether it is this content; the desk must have been started after it came."""
        line = self.line()
        content.seek(0)
        try:
            line.request("GET", f"/files/fetch/{self.said['fetch']}")
            with line.getresponse() as answer:
                while some := answer.read(SOME_BYTES):
                    if some != content.read(len(some)):
                        return False
            return not content.read(1)
        finally:
            line.close()

    def _asked(self, method: str, address: str, **more: str) -> http.client.HTTPMessage:
        line = self.line()
        try:
            line.request(method, address, headers=self.headers(**more))
            answer = line.getresponse()
            answer.read()
            assert answer.status < 300, f"{method} answers {answer.status}"
            return answer.headers
        finally:
            line.close()


def sha256_of(content: BufferedReader) -> str:
    """Return the SHA-256 of a whole file in hex."""
    content.seek(0)
    return hashlib.file_digest(content, "sha256").hexdigest()
