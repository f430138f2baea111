"""What the desk and one end say in plain JSON: calling, consent, grants, meter, life.

Text frames only; what the two ends say to each other is sealed and goes in binary frames
(wire/peer.py). Four directions, one table each; a message that stands in another table is refused.
Money is text here: the desk computes and formats it, the ends show it.
Read next: docs/reference/protocol.md.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final

from .errors import LocalProtocolError, RemoteProtocolError, quoted
from .levels import Level
from .life import State
from .shape import (
    AtMost,
    Count,
    Key,
    Milliseconds,
    Name,
    Page,
    Range,
    Sentence,
    Sha256,
    Text,
    built,
    parsed,
    written,
)

PROTOCOL: Final = 1
"""Raised when an old app can no longer talk to a new desk."""


class Language(StrEnum):
    """A language the session can speak to the customer."""

    RU = "ru"
    PL = "pl"
    EN = "en"


class Presence(StrEnum):
    """Whether a technician can be called."""

    FREE = "free"
    BUSY = "busy"
    CALL = "call"
    """In another session."""
    OFF = "off"


class Because(StrEnum):
    """Why the desk refuses or ends, as a word that each end says in its own language."""

    HUNG_UP = "hung_up"
    NOT_TAKEN = "not_taken"
    PAGE_DID_NOT_OPEN = "page_did_not_open"
    APP_LOST = "app_lost"
    TECHNICIAN_LOST = "technician_lost"
    WORDS_DIFFER = "words_differ"
    BROKEN_PROTOCOL = "broken_protocol"
    NOT_STORED = "not_stored"
    RESTARTED = "restarted"
    OVER = "over"


REASONS: Final[Mapping[Because, str]] = {
    Because.HUNG_UP: "The caller hung up.",
    Because.NOT_TAKEN: "Nobody took the call within two minutes.",
    Because.PAGE_DID_NOT_OPEN: "The technician's page did not open.",
    Because.APP_LOST: "The customer's app did not come back within 30 s.",
    Because.TECHNICIAN_LOST: "The technician left and did not come back within 20 s.",
    Because.WORDS_DIFFER: "The words differ: somebody may be listening in between. The session is closed.",
    Because.BROKEN_PROTOCOL: "One end said what the protocol does not allow. The session is closed.",
    Because.NOT_STORED: "The desk could not store what happened. The session is closed; please call again.",
    Because.RESTARTED: "The desk was restarted. The session is closed; please call again.",
    Because.OVER: "This session is over. It cannot be opened again; the customer can call anew.",
}
"""The same in English, for the record and for an end that knows no better."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Proof that this is the app whose link was lost."""

    session: Key
    key: Annotated[str, Text(64, least=32)]
    """The `resume_key` of `ringing`; the desk keeps only its hash."""


@dataclass(frozen=True, slots=True)
class Hello:
    """The app's first words. Nothing else is taken before them."""

    say: ClassVar = "hello"
    protocol: Annotated[int, Range(0, 1_000)]
    language: Language
    app_version: Annotated[str, Text(40)]
    resume: Resume | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """The customer double-clicked a technician."""

    say: ClassVar = "call"
    technician: Key
    caller_name: Name
    caller_company: Name | None = None


@dataclass(frozen=True, slots=True)
class Hangup:
    """The customer gave the call up before a session began."""

    say: ClassVar = "hangup"


@dataclass(frozen=True, slots=True)
class Consent:
    """The customer's answer to one gate, with the hash of the very text that was shown."""

    say: ClassVar = "consent"
    gate: Key
    text_sha256: Sha256
    accepted: bool


@dataclass(frozen=True, slots=True)
class Grant:
    """The customer raised the level by a click of their own; the desk tells the viewer."""

    say: ClassVar = "grant"
    level: Level


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The level went down, whoever asked for it. Sent after the app has stopped, not before."""

    say: ClassVar = "withdraw"
    level_now: Level


@dataclass(frozen=True, slots=True)
class Words:
    """Whether the words on both screens are the same; `false` ends the session."""

    say: ClassVar = "words"
    match: bool


@dataclass(frozen=True, slots=True)
class EstimateAnswer:
    """The customer's yes or no to a price, by the hash of the text that was shown."""

    say: ClassVar = "estimate"
    estimate: Key
    text_sha256: Sha256
    accepted: bool


@dataclass(frozen=True, slots=True)
class Beat:
    """A sign of life every few seconds, with what the guard counted since the start."""

    say: ClassVar = "beat"
    counted_inputs: Count
    dropped_inputs: Count


@dataclass(frozen=True, slots=True)
class End:
    """This end stops the session for good."""

    say: ClassVar = "end"
    why: Sentence


@dataclass(frozen=True, slots=True)
class Person:
    """A technician as the customer's list shows them."""

    id: Key
    name: Name
    initials: Annotated[str, Text(4, least=1)]
    what: Annotated[str, Text(200)]
    """What they help with, in one line."""
    presence: Presence
    until: Annotated[str, Text(60)] | None = None
    """When they are back, ready to be shown."""


@dataclass(frozen=True, slots=True)
class People:
    """The whole list, sent at the start and at each change."""

    say: ClassVar = "people"
    technicians: Annotated[tuple[Person, ...], AtMost(200)]


@dataclass(frozen=True, slots=True)
class Ringing:
    """The technician's page rings. `resume_key` lets this app, and no other, come back."""

    say: ClassVar = "ringing"
    session: Key
    resume_key: Annotated[str, Text(64, least=32)]


@dataclass(frozen=True, slots=True)
class Declined:
    """Nobody takes the call."""

    say: ClassVar = "declined"
    why: Sentence
    because: Because | None = None
    """None: `why` is somebody's own words, to be shown as they are. So in `ended` and `refused`."""


@dataclass(frozen=True, slots=True)
class OfferSent:
    """The signed offer, byte for byte (wire/offer.py); both ends hash these bytes into their keys."""

    say: ClassVar = "offer"
    offer: Annotated[str, Text(60_000)]
    """Base64 of the canonical JSON."""
    signature: Annotated[str, Text(100)]
    """Base64 of the vendor's Ed25519 signature."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Whether the other end is there. `resumed`: it is back after a break, so renew the keys."""

    say: ClassVar = "peer"
    joined: bool
    resumed: bool


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount, net, as the desk computed it."""

    net: Annotated[str, Text(24)]
    """A decimal number with a point, for machines."""
    currency: Annotated[str, Text(3, least=3)]
    text: Annotated[str, Text(120)]
    """Ready to be shown, in the language of whoever gets it."""
    clause: Annotated[str, Text(120)] | None = None


@dataclass(frozen=True, slots=True)
class Plank:
    """One unit of the tariff as the meter draws it."""

    text: Annotated[str, Text(60)]
    filled_percent: Annotated[int, Range(0, 100)]
    asks_before: bool
    """True: the desk must ask before this plank begins (the black post)."""


@dataclass(frozen=True, slots=True)
class MeterShown:
    """What has been measured and what it costs so far; the same for both ends."""

    say: ClassVar = "meter"
    metered_ms: Milliseconds
    running: bool
    held: bool
    """True while an estimate waits for its answer: no time is counted and nothing above look is allowed."""
    cost: Cost
    planks: Annotated[tuple[Plank, ...], AtMost(60)]


@dataclass(frozen=True, slots=True)
class AskEstimate:
    """A price the customer decides before the work goes on. Both results stand side by side."""

    say: ClassVar = "ask_estimate"
    estimate: Key
    text: Page
    text_sha256: Sha256
    if_yes: Cost
    if_no: Cost


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is over and its id will never be taken again."""

    say: ClassVar = "ended"
    why: Sentence
    metered_ms: Milliseconds
    because: Because | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """What was just asked is not done, and why; when it broke the protocol the socket closes."""

    say: ClassVar = "refused"
    why: Sentence
    because: Because | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """Where the session stands; sent when an end joins or returns, so that it can draw itself."""

    say: ClassVar = "state"
    state: State
    level: Level
    language: Language
    words_agent: bool
    words_viewer: bool


@dataclass(frozen=True, slots=True)
class ViewerHello:
    """The page's first words."""

    say: ClassVar = "hello"
    protocol: Annotated[int, Range(0, 1_000)]
    page: Annotated[str, Text(64, least=16)]
    """Random, made when the page loads. Only the page that holds the keys may come back."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The technician asked for a level, end to end; told to the desk so that the record shows it."""

    say: ClassVar = "asked"
    level: Level


class EstimateState(StrEnum):
    """How far an estimate is."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class EstimateShown:
    """How an estimate stands, for the technician's page."""

    say: ClassVar = "estimate"
    estimate: Key
    state: EstimateState


class Way(StrEnum):
    """Who says it to whom."""

    AGENT_TO_DESK = "agent to desk"
    DESK_TO_AGENT = "desk to agent"
    VIEWER_TO_DESK = "viewer to desk"
    DESK_TO_VIEWER = "desk to viewer"


FromAgent = Hello | Call | Hangup | Consent | Grant | Withdraw | Words | EstimateAnswer | Beat | End
FromViewer = ViewerHello | Asked | Words | End
ToAgent = (
    People
    | Ringing
    | Declined
    | OfferSent
    | Shown
    | Peer
    | Words
    | MeterShown
    | AskEstimate
    | Ended
    | Refused
)
ToViewer = Shown | OfferSent | Peer | Words | Grant | MeterShown | EstimateShown | Ended | Refused
Message = FromAgent | FromViewer | ToAgent | ToViewer


def _by_word(*classes: type[Any]) -> Mapping[str, type[Any]]:
    return {cls.say: cls for cls in classes}


MESSAGES: Final[Mapping[Way, Mapping[str, type[Any]]]] = {
    Way.AGENT_TO_DESK: _by_word(
        Hello, Call, Hangup, Consent, Grant, Withdraw, Words, EstimateAnswer, Beat, End
    ),
    Way.DESK_TO_AGENT: _by_word(
        People, Ringing, Declined, OfferSent, Shown, Peer, Words, MeterShown, AskEstimate, Ended, Refused
    ),
    Way.VIEWER_TO_DESK: _by_word(ViewerHello, Asked, Words, End),
    Way.DESK_TO_VIEWER: _by_word(
        Shown, OfferSent, Peer, Words, Grant, Withdraw, MeterShown, EstimateShown, Ended, Refused
    ),
}
"""Every message of the control protocol."""


def parse(way: Way, raw: bytes | str) -> Any:
    """Return the message that `raw` holds; its class is one of MESSAGES[way].

    Raises:
        RemoteProtocolError: it is no such message.
    """
    value = parsed(raw, "The message")
    if not isinstance(value, dict) or not isinstance(value.get("say"), str):
        raise RemoteProtocolError("The message must be an object with a field “say”.")
    say = value.pop("say")
    cls = MESSAGES[way].get(say)
    if cls is None:
        raise RemoteProtocolError(f"{way.value} has no message {quoted(say)}.")
    return built(cls, value, say)


def dump(way: Way, message: Message) -> str:
    """Return the text frame for `message`.

    Raises:
        LocalProtocolError: this message does not go that way, or breaks its own limits.
    """
    if MESSAGES[way].get(message.say) is not type(message):
        raise LocalProtocolError(f"{way.value} has no message {type(message).__name__}.")
    return json.dumps({"say": message.say, **written(message, message.say)}, ensure_ascii=False)
