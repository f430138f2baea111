"""A page around the viewer's modules and the engine, served for a real browser; and an app to talk to it."""

import base64
import json
import mimetypes
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send
from websockets.sync.client import ClientConnection, connect

from pomost.engine.app import make_engine
from pomost.wire import control, peer
from pomost.wire.clock import SystemClock
from pomost.wire.control import Way
from pomost.wire.levels import Side
from pomost.wire.sealed import Sealed

from .desk import OFFER, SESSION, TESS, FakeDesk

STATIC = Path(__file__).parents[2] / "src/pomost/ui/static"
SOON_SECONDS = 20

PAGE = """<!doctype html><meta charset="utf-8"><title>viewer</title>
<script type="importmap">%s</script>
<style>body { margin: 0 } canvas, textarea { position: absolute; left: 0; top: 0 } textarea { opacity: 0; z-index: -1 }
#picture { width: 200px; height: 100px } #pointer { pointer-events: none; transform-origin: 0 0 }</style>
<canvas id="picture"></canvas><canvas id="pointer"></canvas><textarea id="sink"></textarea>
<script type="module">
import { Session } from "#ui/session/session.js";
const told = window.told = {};
const on = {};
for (const name of ["state", "offer", "peer", "link", "locked", "words", "level", "notGranted", "meter", "estimate",
  "chat", "refused", "ended", "screen", "exact", "masked"]) on[name] = (...what) => { told[name] = what; };
window.session = new Session({
  session: "3f0c", url: `ws://${location.host}/acme/viewer/3f0c/ws`, on,
  canvas: picture, sink, pointer,
});
session.open();
</script>"""


def import_map() -> str:
    modules = STATIC.joinpath("ui", "session").glob("*.js")
    imports = {f"#ui/session/{file.name}": f"/static/ui/session/{file.name}" for file in modules}
    return json.dumps({"imports": imports})


class Served:
    """The engine, the page and the modules on a port of this machine."""

    def __init__(self) -> None:
        self.desk = FakeDesk()
        self.engine = make_engine(self.desk, SystemClock())
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self.listener.getsockname()[1]}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.engine.handles(scope):
            await self.engine.app(scope, receive, send)
        elif scope["path"].startswith("/static/"):
            file = STATIC / scope["path"].removeprefix("/static/")
            kind = mimetypes.guess_type(file.name)[0]
            await Response(file.read_bytes(), media_type=kind)(scope, receive, send)
        else:
            await HTMLResponse(PAGE % import_map())(scope, receive, send)


@contextmanager
def served() -> Iterator[Served]:
    app = Served()
    config = uvicorn.Config(
        app, log_level="error", lifespan="off", ws="websockets-sansio", ws_per_message_deflate=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [app.listener]})
    thread.start()
    try:
        yield app
    finally:
        server.should_exit = True
        thread.join()
        app.listener.close()


class App:
    """A customer's app as the test plays it."""

    def __init__(self, host: str) -> None:
        self._url = f"ws://{host}/acme/agent/ws"
        self._lines = ExitStack()
        self._socket = self._connect()
        self._resume_key = ""
        self.sealed = Sealed(Side.AGENT, SESSION, OFFER.offer)
        self.messages: list[peer.Message] = []
        self.said: list[Any] = []
        self.say(control.Hello(1, control.Language.PL, "test"))

    def _connect(self) -> ClientConnection:
        return self._lines.enter_context(connect(self._url, compression=None))

    def say(self, message: control.FromAgent) -> None:
        self._socket.send(control.dump(Way.AGENT_TO_DESK, message))

    def send(self, *messages: peer.Message) -> None:
        for message in messages:
            self._socket.send(self.sealed.seal(peer.encode(message, Side.AGENT)))

    def step(self) -> None:
        """Take one message of whatever kind."""
        data = self._socket.recv(timeout=SOON_SECONDS)
        if isinstance(data, bytes):
            taken = self.sealed.receive(data)
            for frame in taken.send:
                self._socket.send(frame)
            if taken.plaintext is not None:
                self.messages.append(peer.decode(taken.plaintext, Side.VIEWER))
            return
        message = control.parse(Way.DESK_TO_AGENT, data)
        self.said.append(message)
        if isinstance(message, control.Ringing):
            self._resume_key = message.resume_key
        if isinstance(message, control.Peer) and message.joined:
            for frame in self.sealed.resume() if message.resumed else self.sealed.start():
                self._socket.send(frame)

    def until(self, cls: type[Any]) -> Any:
        """Take messages until one of this class came, from the desk or from the other end; return it."""
        while True:
            for seen in (self.said, self.messages):
                for message in list(seen):
                    if isinstance(message, cls):
                        seen.remove(message)
                        return message
            self.step()

    def until_locked(self) -> None:
        """Take messages until keys are made, anew if both ends were told so."""
        self.until(control.Peer)
        while self.sealed.locked_with is None:
            self.step()

    def call(self) -> None:
        self.say(control.Call(TESS, "Ada"))
        self.until(control.Ringing)

    def break_and_return(self) -> None:
        self._socket.close()
        self.said.clear()
        self._socket = self._connect()
        self.say(control.Hello(1, control.Language.PL, "test", control.Resume(SESSION, self._resume_key)))

    def close(self) -> None:
        self._lines.close()


def pixels_of(data_url: str) -> bytes:
    return base64.b64decode(data_url.partition(",")[2])
