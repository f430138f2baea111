"""A desk of the tests' own: remembers what the engine reported, and answers as it is told to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pomost.engine.gateway import (
    AgentConfig,
    Bill,
    Caller,
    Decided,
    Metered,
    Offered,
    Refused,
    SessionEvent,
    TechnicianSeen,
)
from pomost.wire.control import Cost, Language, Person, Plank, Presence

TESS = "tess"
OFFER = Offered(b'{"language":"pl"}', b"signature")
SESSION = "3f0c"


class HandClock:
    """Time that moves when a test says so."""

    def __init__(self) -> None:
        self._ms = 1_000

    def now(self) -> datetime:
        return datetime(2026, 6, 1, 10, 0, tzinfo=UTC) + timedelta(milliseconds=self._ms)

    def monotonic_ms(self) -> int:
        return self._ms

    def pass_seconds(self, seconds: float) -> None:
        self._ms += round(seconds * 1000)


def bill(text: str) -> Bill:
    return Bill(
        Cost(net="200.00", currency="PLN", text=text),
        (Plank(text="1", filled_percent=10, asks_before=False),),
    )


@dataclass
class FakeDesk:
    """Fits engine.gateway.Gateway."""

    events: list[SessionEvent] = field(default_factory=list)
    readings_ms: list[int] = field(default_factory=list)
    presences: list[tuple[str, bool]] = field(default_factory=list)
    hung_up_sessions: list[str] = field(default_factory=list)
    sessions: int = 0
    refuse_call: str | None = None
    refuse_events: dict[type[SessionEvent], str] = field(default_factory=dict)
    broken: bool = False
    gate_at_ms: int | None = None
    go_on: bool = True
    owner: str = TESS

    async def people(self, vendor: str, language: Language) -> Sequence[Person]:
        if vendor != "acme":
            raise Refused("There is no such desk.")
        there = bool(self.presences) and self.presences[-1][1]
        return [Person(TESS, "Tess", "T", "Helps", Presence.FREE if there else Presence.OFF)]

    async def agent_config(self, vendor: str) -> AgentConfig | None:
        return AgentConfig("acme", "Acme", "A", "a2V5", (Language.PL,), "1") if vendor == "acme" else None

    async def technician_of(self, vendor: str, cookies: Mapping[str, str]) -> TechnicianSeen | None:
        names = {"t": TESS, "o": "olaf"}
        name = names.get(cookies.get("sessionid", ""))
        return TechnicianSeen(name, name.title()) if name else None

    async def call(self, vendor: str, technician: str, caller: Caller, at: datetime) -> str:
        if self.refuse_call is not None:
            raise Refused(self.refuse_call)
        self.sessions += 1
        return SESSION if self.sessions == 1 else f"{SESSION}{self.sessions}"

    async def hung_up(self, session: str, at: datetime) -> None:
        self.hung_up_sessions.append(session)

    async def viewer_may_join(self, session: str, technician: str) -> Offered | None:
        return OFFER if technician == self.owner else None

    async def record(self, session: str, event: SessionEvent, at: datetime) -> None:
        if self.broken:
            raise OSError("the disk is full")
        if type(event) in self.refuse_events:
            raise Refused(self.refuse_events[type(event)])
        self.events.append(event)

    async def metered(self, session: str, total_ms: int, at: datetime) -> Metered:
        self.readings_ms.append(total_ms)
        reached = self.gate_at_ms is not None and total_ms >= self.gate_at_ms
        return Metered(bill("200,00 zł"), bill("200,00 zł netto"), gate_reached=reached)

    async def decide_estimate(
        self, session: str, estimate: str, text_sha256: str, accepted: bool, at: datetime
    ) -> Decided:
        self.gate_at_ms = None
        return Decided(self.go_on, "" if self.go_on else "The estimate was declined; nothing is owed.")

    async def presence(self, vendor: str, technician: str, online: bool, at: datetime) -> None:
        self.presences.append((technician, online))
