"""A small desk of the tests' own: the real engine under a real server, with a gateway that says what a test told it."""

import asyncio
import base64
import hashlib
import socket
import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pomost.engine.app import Engine, make_engine
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
from pomost.wire.offer import Ceiling, Gate, Offer, OfferedTechnician, OfferedTicket, Price, signed

EVA = "eva"
VENDOR = "acme"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def gate(key: str, before: Level, text: str) -> Gate:
    return Gate(key, key, before, text, sha256(text), "§ 1")


def offer(session: str, now: datetime, gates: tuple[Gate, ...] = (), ceiling: Level = Level.ACT) -> Offer:
    return Offer(
        session=session,
        vendor=VENDOR,
        technician=OfferedTechnician(EVA, "Ewa Przykładowa"),
        ticket=OfferedTicket("A-1", "Raport"),
        ceiling=Ceiling(ceiling, "§ 4", "Więcej nie obejmuje ta usługa."),
        gates=gates,
        price=Price("200,00 zł netto za godzinę", "§ 3"),
        terms_version="1",
        language=Language.PL,
        made_at=now.isoformat(),
        expires_at=(now + timedelta(hours=1)).isoformat(),
    )


@dataclass
class FakeGateway:
    """Fits pomost.engine.gateway.Gateway."""

    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    events: list[SessionEvent] = field(default_factory=list)
    gates: tuple[Gate, ...] = ()
    ceiling: Level = Level.ACT
    session: str = ""
    _offered_for: str = "nothing"
    _offered: Offered = field(default_factory=lambda: Offered(b"", b""))
    called: threading.Event = field(default_factory=threading.Event)

    async def people(self, vendor: str, language: Language) -> Sequence[Person]:
        return [
            Person(EVA, "Ewa Przykładowa", "EP", "Subiekt, Gestor", Presence.FREE),
            Person("adam", "Adam Niebywały", "AN", "Rachmistrz", Presence.BUSY),
        ]

    async def agent_config(self, vendor: str) -> AgentConfig | None:
        public = base64.b64encode(self.key.public_key().public_bytes_raw()).decode()
        return (
            AgentConfig(VENDOR, "Acme", "A", public, (Language.PL, Language.RU), "1")
            if vendor == VENDOR
            else None
        )

    async def technician_of(self, vendor: str, cookies: Mapping[str, str]) -> TechnicianSeen | None:
        return TechnicianSeen(EVA, "Ewa Przykładowa") if cookies.get("sessionid") == "t" else None

    async def call(self, vendor: str, technician: str, caller: Caller, at: datetime) -> str:
        self.session = uuid.uuid4().hex
        self.called.set()
        return self.session

    async def hung_up(self, session: str, at: datetime) -> None:
        self.session = ""

    def offered(self) -> Offered:
        """The offer of the present session, always the same bytes."""
        if self._offered_for != self.session:
            made = offer(self.session, SystemClock().now(), self.gates, self.ceiling)
            self._offered_for, self._offered = self.session, Offered(*signed(made, self.key))
        return self._offered

    async def viewer_may_join(self, session: str, technician: str) -> Offered | None:
        return self.offered() if session == self.session else None

    async def record(self, session: str, event: SessionEvent, at: datetime) -> None:
        self.events.append(event)

    async def metered(self, session: str, total_ms: int, at: datetime) -> Metered:
        bill = Bill(Cost("200.00", "PLN", "200,00 zł netto", "§ 3"), ())
        return Metered(bill, bill, gate_reached=False)

    async def decide_estimate(
        self, session: str, estimate: str, text_sha256: str, accepted: bool, at: datetime
    ) -> Decided:
        return Decided(accepted, "" if accepted else "Wycena odrzucona, nic nie kosztuje.")

    async def presence(self, vendor: str, technician: str, online: bool, at: datetime) -> None:
        return None


class Desk:
    """The engine with this gateway on a free port of this computer, in a thread."""

    def __init__(self) -> None:
        self.gateway = FakeGateway()
        self.engine: Engine = make_engine(self.gateway, SystemClock())
        # asyncio sends small frames at once (TCP_NODELAY) only on sockets that name their protocol
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen()  # from here on whoever comes early waits
        config = uvicorn.Config(self.engine.app, log_level="error", lifespan="off", ws="websockets-sansio")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    async def _serve(self) -> None:
        await self._server.serve(sockets=[self._socket])
        await self.engine.stop()

    def start(self) -> None:
        self._thread.start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    @property
    def address(self) -> str:
        return f"http://{self.host}/{VENDOR}/"

    def answer(self) -> None:
        """The technician takes the call."""
        offered = self.gateway.offered()
        # the engine's loop runs this after it has made the room: the call was stored before
        self.engine.hub.answered(self.gateway.session, offered.offer, offered.signature)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
