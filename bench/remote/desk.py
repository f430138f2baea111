"""The real engine around a desk that says yes to everything, and a technician's page that joins by itself. For measuring only.

    python bench/remote/desk.py HOST PORT

No Django, no database, no consent: what is measured is the way of picture and input. The customer's side is app.py.
"""

import base64
import json
import mimetypes
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from pomost.engine.app import make_engine
from pomost.engine.gateway import (
    AgentConfig,
    Bill,
    Caller,
    Decided,
    Metered,
    Offered,
    SessionEvent,
    TechnicianSeen,
)
from pomost.wire.clock import SystemClock
from pomost.wire.control import Cost, Language, Person, Presence
from pomost.wire.levels import Level
from pomost.wire.offer import Ceiling, Offer, OfferedTechnician, OfferedTicket, Price, signed

STATIC = Path(__file__).resolve().parents[2] / "src/pomost/ui/static"
SESSION = "bench"
PAGE = """<!doctype html><meta charset="utf-8"><title>bench</title>
<script type="importmap">%s</script>
<style>body { margin: 0 } #picture { position: absolute; left: 0; top: 0 } #sink { position: absolute; opacity: 0; left: 0; top: 0; z-index: -1 }
#pointer { position: absolute; left: 0; top: 0; pointer-events: none; transform-origin: 0 0 }</style>
<canvas id="picture"></canvas><canvas id="pointer"></canvas><textarea id="sink"></textarea>
<script type="module">
import { Session } from "#ui/session/session.js";
const on = {};
for (const name of ["state", "offer", "peer", "link", "locked", "words", "level", "notGranted", "meter", "estimate",
  "chat", "refused", "ended", "screen", "exact", "masked"]) on[name] = (...what) => { (window.told ??= {})[name] = what; };
let asked = false;
const ask = () => { if (!asked) { asked = true; session.ask("look"); } };
on.locked = (four) => { if (four) session.sayWords(true); };
on.words = (match) => { if (match) ask(); };
on.level = (level) => { if (level === "look") session.ask("act"); window.level = level; };
const session = window.session = new Session({ session: "bench", url: `ws://${location.host}/bench/viewer/bench/ws`, on,
  canvas: document.querySelector("#picture"), sink: document.querySelector("#sink"), pointer: document.querySelector("#pointer") });
session.open();
</script>"""


class Desk:
    """Fits engine.gateway.Gateway; the technician is whoever opens the page."""

    def __init__(self) -> None:
        self.private = Ed25519PrivateKey.generate()
        self.clock = SystemClock()
        self.offered: Offered | None = None

    async def people(self, vendor: str, language: Language) -> Sequence[Person]:
        return [Person("t", "Bench", "B", "", Presence.FREE)]

    async def agent_config(self, vendor: str) -> AgentConfig | None:
        key = base64.b64encode(self.private.public_key().public_bytes_raw()).decode()
        return AgentConfig("bench", "Bench", "B", key, (Language.EN,), "1")

    async def technician_of(self, vendor: str, cookies: Mapping[str, str]) -> TechnicianSeen | None:
        return TechnicianSeen("t", "Bench")

    async def call(self, vendor: str, technician: str, caller: Caller, at: object) -> str:
        now = self.clock.now()
        offer = Offer(
            session=SESSION,
            vendor="bench",
            technician=OfferedTechnician("t", "Bench"),
            ticket=OfferedTicket("B-1", "bench"),
            ceiling=Ceiling(Level.ACT, "1", "bench"),
            gates=(),
            price=Price("0", "1"),
            terms_version="1",
            language=Language.EN,
            made_at=now.isoformat(),
            expires_at=(now + timedelta(hours=1)).isoformat(),
        )
        self.offered = Offered(*signed(offer, self.private))
        return SESSION

    async def hung_up(self, session: str, at: object) -> None: ...

    async def viewer_may_join(self, session: str, technician: str) -> Offered | None:
        return self.offered

    async def record(self, session: str, event: SessionEvent, at: object) -> None: ...

    async def metered(self, session: str, total_ms: int, at: object) -> Metered:
        bill = Bill(Cost("0.00", "EUR", "0.00"), ())
        return Metered(bill, bill, gate_reached=False)

    async def decide_estimate(
        self, session: str, estimate: str, text_sha256: str, accepted: bool, at: object
    ) -> Decided:
        return Decided(True, "")

    async def presence(self, vendor: str, technician: str, online: bool, at: object) -> None: ...


class Served:
    """The engine, the page and the modules; a call is answered the moment it comes."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.engine = make_engine(self.desk, self.desk.clock)
        call = self.desk.call

        async def answered(vendor: str, technician: str, caller: Caller, at: object) -> str:
            import asyncio

            session = await call(vendor, technician, caller, at)
            assert self.desk.offered is not None
            offered = self.desk.offered
            asyncio.get_running_loop().call_later(
                0.2, lambda: self.engine.hub.answered(session, offered.offer, offered.signature)
            )
            return session

        self.desk.call = answered  # type: ignore[method-assign]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await self.engine.start()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await self.engine.stop()
            await send({"type": "lifespan.shutdown.complete"})
        elif self.engine.handles(scope):
            await self.engine.app(scope, receive, send)
        elif scope["path"].startswith("/static/"):
            file = STATIC / scope["path"].removeprefix("/static/")
            await Response(file.read_bytes(), media_type=mimetypes.guess_type(file.name)[0])(
                scope, receive, send
            )
        else:
            modules = {
                f"#ui/session/{file.name}": f"/static/ui/session/{file.name}"
                for file in (STATIC / "ui/session").glob("*.js")
            }
            await HTMLResponse(PAGE % json.dumps({"imports": modules}))(scope, receive, send)


if __name__ == "__main__":
    uvicorn.run(
        Served(),
        host=sys.argv[1],
        port=int(sys.argv[2]),
        log_level="warning",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
    )
