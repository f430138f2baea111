"""A program of the vendor's on the loopback: keeps what it is sent and answers as it is told to."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Reply = tuple[int, dict[str, str]]

LOOK_S = 0.02
"""How often the server looks whether it is to stop; each test waits for that."""


@dataclass(slots=True)
class Got:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Listens until `stop`; `replies` are used up in order, then everything is taken (204)."""

    replies: list[Reply] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)

    def __post_init__(self) -> None:
        receiver = self
        self._act: tuple[int, Callable[[], object]] | None = None

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                body = self.rfile.read(length)
                if len(body) < length:
                    return  # whoever sent it was killed meanwhile: nothing has come
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.got.append(Got(self.path, headers, body))
                receiver.arrived()
                status, more = receiver.replies.pop(0) if receiver.replies else (204, {})
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.end_headers()
                if status not in (204, 304):
                    self.wfile.write(b"no\r\n\x00 such <b>hook</b>")

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(LOOK_S,), daemon=True)
        self._thread.start()

    def at(self, count: int, act: Callable[[], object]) -> None:
        """Act when so many requests have come, before the last of them is answered."""
        self._act = (count, act)

    def arrived(self) -> None:
        if self._act is not None and len(self.got) >= self._act[0]:
            _count, act = self._act
            self._act = None
            act()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/hook?desk=1"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
