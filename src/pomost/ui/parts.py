"""What the parts of look.md are told to show: plain values, already decided and already in words.

A page builds these from its facts; the tags in templatetags/pomost_ui.py draw them. Nothing here reads a
database or a clock, so a part looks the same in the console, the portal and a test.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from django.utils.translation import pgettext_lazy


class Risk(Enum):
    """How a promise stands. Each has a colour (its value is the class name), a shape and a word."""

    ON_TIME = "ontime"
    SOON = "soon"
    LATE = "late"
    PAUSED = "paused"
    NONE = "none"
    AGREED = "agreed"

    @property
    def icon(self) -> str:
        """Return the shape, a name in icons.txt."""
        return RISK_ICONS[self]

    @property
    def word(self) -> str:
        """Return the word, in the language of the page."""
        return str(RISK_WORDS[self])


RISK_ICONS = {
    Risk.ON_TIME: "circle-check",
    Risk.SOON: "hourglass",
    Risk.LATE: "triangle-alert",
    Risk.PAUSED: "pause",
    Risk.NONE: "circle-dashed",
    Risk.AGREED: "calendar-check",
}
RISK_WORDS = {
    Risk.ON_TIME: pgettext_lazy("risk", "On time"),
    Risk.SOON: pgettext_lazy("risk", "Soon"),
    Risk.LATE: pgettext_lazy("risk", "Late"),
    Risk.PAUSED: pgettext_lazy("risk", "Paused"),
    Risk.NONE: pgettext_lazy("risk", "No promise"),
    Risk.AGREED: pgettext_lazy("risk", "Agreed"),
}


@dataclass(frozen=True, slots=True)
class ClockView:
    """One promise: its state, what is left and the moment it falls due."""

    risk: Risk
    left: str
    """`0:18`, `+0:22`, or a word such as `Пауза`."""
    due: str = ""
    """`до 9:30`, `с чт 14:10`; empty where nothing is promised."""
    used_percent: int = 0
    """Share of the promised time that is used, 0 to 100: the length of the deck."""

    @property
    def is_word(self) -> bool:
        """Say whether `left` is a word, which is set smaller than figures."""
        return not any(letter.isdigit() for letter in self.left)


@dataclass(frozen=True, slots=True)
class ClauseView:
    """Why: one clause of the terms, as it stands beside the verdict it explains."""

    label: str
    """The clause's number as the terms write it, `§ 5`."""
    sentence: str
    title: str = ""
    source: str = ""
    """Where the sentence comes from: the terms and their version."""
    since: date | None = None
    """The day it came into force; None where the version already stands on the page."""
    url: str = ""
    """Where the clause stands among all the others; empty where there is no such page."""


@dataclass(frozen=True, slots=True)
class FactView:
    """One thing that a decision rests on, in words."""

    name: str
    value: str
    """Empty where the name says it all."""
    clause: ClauseView | None = None


@dataclass(frozen=True, slots=True)
class WhyView:
    """A decision that explains itself: outcome, clause, facts, version."""

    risk: Risk
    about: str
    """The subject in a word: `Quota`."""
    words: str
    """The outcome in a sentence."""
    clause: ClauseView | None
    facts: Sequence[FactView]
    terms: str
    """The terms and their version."""
    since: date
    """The day from which that version holds."""
    decided: str
    """Who decided and when."""


@dataclass(frozen=True, slots=True)
class KinView:
    """Another request that was one with this, or is now."""

    text: str
    number: str
    url: str


class PostState(Enum):
    """How the way from one post of a chain to the next is drawn; the values are class names."""

    PAST = "past"
    GAP = "gap"
    OPEN = "open"
    PLAIN = ""


@dataclass(frozen=True, slots=True)
class PostView:
    """One event on the chain of clocks."""

    at: str
    text: str
    icon: str
    state: PostState = PostState.PAST
    detail: str = ""
    risk: Risk | None = None
    is_quiet: bool = False
    """True for what only explains: nights, holidays, what is not promised."""
    is_next: bool = False
    clause: ClauseView | None = None


@dataclass(frozen=True, slots=True)
class SeverityView:
    """One, two or three rising bars and the word the terms use."""

    bars: int
    word: str


class RungState(Enum):
    """What can happen with one level of access."""

    GRANTED = "on"
    ASKED = "asked"
    FREE = ""
    LOCKED = "off"


LEVELS = ("look", "point", "act", "change-many")
LEVEL_ICONS = {"look": "eye", "point": "mouse-pointer-2", "act": "keyboard", "change-many": "square-pen"}
LEVEL_WORDS = {
    "look": pgettext_lazy("level", "Look"),
    "point": pgettext_lazy("level", "Point"),
    "act": pgettext_lazy("level", "Act"),
    "change-many": pgettext_lazy("level", "Change many"),
}


@dataclass(frozen=True, slots=True)
class RungView:
    """One rung of the ladder of consent."""

    level: str
    state: RungState
    note: str = ""
    clause: ClauseView | None = None
    can_ask: bool = False
    can_withdraw: bool = False

    @property
    def icon(self) -> str:
        """Return the level's own icon, or a lock where the terms do not give it."""
        return "lock" if self.state is RungState.LOCKED else LEVEL_ICONS[self.level]

    @property
    def word(self) -> str:
        """Return the level's name in the language of the page."""
        return str(LEVEL_WORDS[self.level])


@dataclass(frozen=True, slots=True)
class PlankView:
    """One counted unit; `is_gate` is the black post where the desk must ask."""

    filled_percent: int = 0
    is_gate: bool = False


@dataclass(frozen=True, slots=True)
class MeterView:
    """Money or quota at the left, time at the right, planks beneath."""

    big: str
    side: str = ""
    planks: Sequence[PlankView] = ()
    note: str = ""
    clause: ClauseView | None = None


@dataclass(frozen=True, slots=True)
class FaceView:
    """A person as initials in a circle; the colour follows from the id, so it stays the same everywhere."""

    name: str
    person_id: int

    @property
    def initials(self) -> str:
        """Return the first letters of the first two words."""
        return "".join(word[0] for word in self.name.split()[:2] if word[0].isalnum()).upper() or "?"

    @property
    def colour(self) -> int:
        """Return 1 to 5."""
        return self.person_id % 5 + 1


class Presence(Enum):
    """What a technician is doing; the values are class names of the dot."""

    FREE = ""
    BUSY = "dot-busy"
    CALL = "dot-call"
    OFF = "dot-off"


@dataclass(frozen=True, slots=True)
class ShiftView:
    """One person on shift and what they are doing now."""

    face: FaceView
    presence: Presence
    what: str


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One place of a navigation."""

    key: str
    label: str
    url: str
    icon: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Shell:
    """What stands around every page of one vendor: its mark, the places, who is signed in."""

    vendor_name: str
    vendor_mark: str
    home_url: str
    places: Sequence[PlaceView]
    me: FaceView
    role: str
    sign_out_url: str
    terms_url: str
    shift: Sequence[ShiftView] = ()
    shift_of: int = 0
    """How many technicians the vendor has; 0 hides the list."""
    errors_url: str = ""
    """Where customers read the known errors; empty: no link."""


@dataclass(frozen=True, slots=True)
class EmptyView:
    """The little bridge: one sentence of what is true, the next useful thing."""

    title: str
    text: str = ""
    action: str = ""
    action_url: str = ""


@dataclass(frozen=True, slots=True)
class PinView:
    """One promise on the day's deck."""

    percent: Decimal
    risk: Risk
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class DayView:
    """One working day as a deck: a plank an hour, a post for each promise."""

    title: str
    ticks: Sequence[str]
    """One label for each plank (empty where there is no room) and one for the end."""
    pins: Sequence[PinView] = ()
    note: str = ""
    now_percent: Decimal | None = None
    now: str = ""


@dataclass(frozen=True, slots=True)
class MessageView:
    """What was said or what happened on a ticket, in the order of time."""

    kind: str
    """`in`, `out`, `note` for what people wrote; `fact` or `bad` for what happened."""
    at: datetime
    when: str
    text: str
    author: FaceView | None = None
    role: str = ""
    icon: str = ""
    files: Sequence[tuple[str, str, str]] = ()
    """Name, size and address of each file."""
