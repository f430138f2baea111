"""What the engine asks of the desk, and the facts it reports. Nothing else passes between them.

The desk provides an object of this shape; neither side imports the other's insides. Every call may
raise `Refused` with a sentence for the person who asked; whatever else it raises ends the session.
`at` is always the moment the engine saw it happen, aware.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pomost.wire.control import Because, Cost, Language, Person, Plank
from pomost.wire.levels import Level, Side


class Refused(Exception):
    """The desk says no. `why` is a sentence for whoever asked, in their language where it can be."""

    def __init__(self, why: str, because: Because | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.because = because


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as they named themselves; nobody has proved it."""

    name: str
    company: str | None
    language: Language
    app_version: str


@dataclass(frozen=True, slots=True)
class AgentConfig:
    """What a customer's app is told when it is set up for a vendor; answered as agent.json."""

    vendor: str
    name: str
    mark: str
    """One or two letters for the sign."""
    desk_key: str
    """Base64 of the vendor's Ed25519 public key, which the app pins."""
    languages: tuple[Language, ...]
    version: str


@dataclass(frozen=True, slots=True)
class TechnicianSeen:
    """Who sits at a page, by its cookies."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Offered:
    """The signed offer, byte for byte (wire/offer.py)."""

    offer: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Bill:
    """What the time costs so far, in the language of one end."""

    cost: Cost
    planks: tuple[Plank, ...]


@dataclass(frozen=True, slots=True)
class Metered:
    """The desk's answer to a reading of the meter."""

    agent: Bill
    viewer: Bill
    gate_reached: bool
    """True: the terms want an estimate before one more minute; the meter is held."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What follows from the customer's answer to an estimate."""

    go_on: bool
    why: str
    """When it does not go on: the sentence that ends the session."""


@dataclass(frozen=True, slots=True)
class ViewerJoined:
    """The technician's page is there."""

    technician: str


@dataclass(frozen=True, slots=True)
class WordsCompared:
    """What the person at one end said about the four words."""

    side: Side
    match: bool


@dataclass(frozen=True, slots=True)
class ConsentAnswered:
    """The customer's answer to a gate."""

    gate: str
    text_sha256: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class LevelAsked:
    """The technician asked for a level."""

    level: Level


@dataclass(frozen=True, slots=True)
class LevelGranted:
    """The customer allowed it."""

    level: Level


@dataclass(frozen=True, slots=True)
class LevelWithdrawn:
    """The level went down to this."""

    level_now: Level


@dataclass(frozen=True, slots=True)
class InputsCounted:
    """What the customer's guard has taken and dropped since the session began."""

    counted: int
    dropped: int


@dataclass(frozen=True, slots=True)
class MeterHeld:
    """An estimate is due or asked; no time is counted."""

    metered_ms: int


@dataclass(frozen=True, slots=True)
class MeterReleased:
    """The estimate was accepted; time is counted again."""

    metered_ms: int


@dataclass(frozen=True, slots=True)
class LinkLost:
    """One end is gone; it may come back for a while."""

    side: Side


@dataclass(frozen=True, slots=True)
class LinkBack:
    """It came back."""

    side: Side


@dataclass(frozen=True, slots=True)
class Ended:
    """The last event of every session that was answered."""

    why: str
    by: Side | None
    """None: the desk or a rule of the engine."""
    metered_ms: int
    because: Because | None = None
    """The engine's own reason, to be said in any language; None: `why` is somebody's own words."""


SessionEvent = (
    ViewerJoined
    | WordsCompared
    | ConsentAnswered
    | LevelAsked
    | LevelGranted
    | LevelWithdrawn
    | InputsCounted
    | MeterHeld
    | MeterReleased
    | LinkLost
    | LinkBack
    | Ended
)


class Gateway(Protocol):
    """The desk, as the engine sees it."""

    async def people(self, vendor: str, language: Language) -> Sequence[Person]:
        """Return the technicians a customer may call, in the order to show them.

        Raises:
            Refused: there is no such vendor.
        """
        ...

    async def agent_config(self, vendor: str) -> AgentConfig | None:
        """Return what a new app is told, or None: no such vendor."""
        ...

    async def technician_of(self, vendor: str, cookies: Mapping[str, str]) -> TechnicianSeen | None:
        """Return who these cookies belong to, or None: nobody of this vendor."""
        ...

    async def call(self, vendor: str, technician: str, caller: Caller, at: datetime) -> str:
        """Store a call and return its session's id, never used before.

        Raises:
            Refused: that technician cannot be called now.
        """
        ...

    async def hung_up(self, session: str, at: datetime) -> None:
        """Store that a call ended before it was answered; the session is over."""
        ...

    async def viewer_may_join(self, session: str, technician: str) -> Offered | None:
        """Return the offer of a session this technician answered; None: not theirs, or over."""
        ...

    async def record(self, session: str, event: SessionEvent, at: datetime) -> None:
        """Store a fact. The engine tells nobody of it before this returns.

        Raises:
            Refused: it must not happen, such as a grant above the ceiling or before a gate.
        """
        ...

    async def metered(self, session: str, total_ms: int, at: datetime) -> Metered:
        """Store the meter's reading and return what it costs; asked at each change and every 4 s."""
        ...

    async def decide_estimate(
        self, session: str, estimate: str, text_sha256: str, accepted: bool, at: datetime
    ) -> Decided:
        """Store the customer's answer to an estimate and say whether the session goes on."""
        ...

    async def presence(self, vendor: str, technician: str, online: bool, at: datetime) -> None:
        """Store that a technician's first page opened, or that the last one is closed."""
        ...
