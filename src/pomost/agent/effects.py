"""What `session_flow` wants done, as plain data; `app` carries it out in the order given.

It owns the list of effects. Nothing here decides, draws or sends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pomost.agent import views
from pomost.agent.input import Event
from pomost.wire import control, peer


@dataclass(frozen=True, slots=True)
class Tell:
    """Send this to the desk."""

    message: control.Message


@dataclass(frozen=True, slots=True)
class Say:
    """Send this to the technician's page, sealed."""

    message: peer.Message


@dataclass(frozen=True, slots=True)
class MakeKeys:
    """Begin the keys of this session: `offer` is hashed into them."""

    session: str
    offer: bytes


@dataclass(frozen=True, slots=True)
class RenewKeys:
    """The other end is back after a break."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Capture and send the screen, or stop it within a frame."""

    on: bool


@dataclass(frozen=True, slots=True)
class Hands:
    """Let the technician's mouse and keyboard through, or stop and release them."""

    on: bool


@dataclass(frozen=True, slots=True)
class Inject:
    """Carry this out on the customer's computer."""

    event: Event


@dataclass(frozen=True, slots=True)
class PointAt:
    """Show the technician's named pointer."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """A frame has been shown."""

    frame_id: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Let what captures the screen say how old the picture is."""

    echo: int


@dataclass(frozen=True, slots=True)
class Decodes:
    """The technician's page shows these kinds of video."""

    codecs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Show:
    """Show this instead of what was shown."""

    view: views.View


@dataclass(frozen=True, slots=True)
class ShowBar:
    """The bar changed: level, time or money."""


@dataclass(frozen=True, slots=True)
class Close:
    """The session is over: forget the keys, end the guard, leave the line."""


Effect: TypeAlias = (
    Tell
    | Say
    | MakeKeys
    | RenewKeys
    | Picture
    | Hands
    | Inject
    | PointAt
    | Acknowledge
    | Answer
    | Decodes
    | Show
    | ShowBar
    | Close
)
Effects: TypeAlias = list[Effect]
