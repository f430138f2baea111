"""What is done for whom, how it is asked for, and what has to be said before."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pomost.rules.levels import Level
from pomost.rules.terms.parts.vendor import Text


class Cell(StrEnum):
    """What the matrix says of one service in one package."""

    YES = "yes"
    QUOTA = "quota"
    PAID = "paid"
    NO = "no"
    SOLD_SEPARATELY = "sold-separately"
    UNSTATED = "unstated"


class GateKind(StrEnum):
    """What must be on record before a service goes on."""

    PHONE_NOTED = "phone-noted"
    DECLARATION = "declaration"
    PRICE_ACCEPTED = "price-accepted"
    BACKUP_ATTESTED = "backup-attested"
    READINESS = "readiness"


class Channel(StrEnum):
    """How a service reaches the customer."""

    PORTAL = "portal"
    MAIL = "mail"
    PHONE = "phone"
    FILE = "file"
    SESSION = "session"
    DOWNLOAD = "download"
    VISIT = "visit"


class PartKind(StrEnum):
    """What kind of thing a request must carry."""

    TEXT = "text"
    PHONE = "phone"
    FILE = "file"
    CONSENT = "consent"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Family:
    """A product, or a kind of work, that has its own price."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class Package:
    """What a customer can have: a support package, a tariff, a contract, or none of them."""

    id: str
    name: Text
    clause: str
    default: bool
    """Whoever has no other package is served by this one."""
    if_not_shown: str | None
    """Package that serves a customer who cannot show this one; None: the terms are silent."""
    if_not_shown_clause: str | None
    assumed: str | None


@dataclass(frozen=True, slots=True)
class Service:
    """Something that the vendor does for a customer."""

    id: str
    name: Text
    clause: str
    channels: tuple[Channel, ...]
    level: Level
    """The highest level of access that the service may ever reach."""
    gates: tuple[str, ...]
    """Keys of gates, in the order in which they are put to the customer."""
    families: tuple[str, ...]
    """Products it is given for; empty: the service does not ask."""
    booked_clause: str | None
    """The clause by which a time is agreed beforehand; None: it may be had at once."""
    outdated_stays: bool
    """Also given in full for outdated versions of the product."""
    assumed: str | None


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One service in all packages."""

    service: str
    clause: str
    cells: Mapping[str, Cell]
    assumed: str | None


@dataclass(frozen=True, slots=True)
class Severity:
    """How badly a problem hurts, by its effect."""

    id: str
    name: Text
    definition: Text
    clause: str


@dataclass(frozen=True, slots=True)
class SeverityRule:
    """Who says how severe a request is."""

    set_by: Literal["customer", "technician"]
    change: Literal["with-consent", "freely"]
    """"with-consent": staff change it only when the customer agrees."""
    clause: str


@dataclass(frozen=True, slots=True)
class VersionRule:
    """What users of an outdated version get: known solutions, apart from services that stay."""

    clause: str
    assumed: str | None


@dataclass(frozen=True, slots=True)
class RequestRule:
    """How many tasks one request may hold."""

    tasks: int
    clause: str


@dataclass(frozen=True, slots=True)
class RequestPart:
    """Something that a request must carry before work on it begins."""

    id: str
    kind: PartKind
    name: Text
    """In the accusative or nominative, to stand in a list of what is missing."""
    ask: Text
    """The request to the customer to send it."""
    services: tuple[str, ...]
    """Empty: every service."""
    clause: str


@dataclass(frozen=True, slots=True)
class Gate:
    """Something that must be on record before a level of access is reached."""

    id: str
    kind: GateKind
    clause: str
    before: Level
    """The first level that the gate holds back. LOOK: nothing at all happens before it."""
    text: Text
    """What the customer reads and agrees to; in a price gate {price} stands for the price in words."""
    waivable: bool
    """The customer may go on without it, knowingly."""
    assumed: str | None


@dataclass(frozen=True, slots=True)
class BookingTerms:
    """How times are agreed beforehand: within which hours, how long, and how late one may still ask or change."""

    services: tuple[str, ...]
    """Empty: every service that is booked."""
    hours: str
    slot_seconds: int
    lead_seconds: int
    """Nobody is booked sooner than this from now, and the customer changes or cancels until so long before."""
    clause: str
    assumed: str | None

    def fits(self, service: str) -> bool:
        """Whether it is for the service."""
        return not self.services or service in self.services


@dataclass(frozen=True, slots=True)
class VisitTerms:
    """Where and when a technician travels."""

    cities: tuple[str, ...] | None
    """None: the vendor's list is not known, a person is asked."""
    hours: str
    elsewhere: Literal["after-approval", "no"]
    clause: str
    elsewhere_clause: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason for which the vendor may refuse or end a service; a person decides."""

    id: str
    name: Text
    effect: Literal["may-refuse", "may-end"]
    clause: str
