"""The shape of a letter: what the writers fill and the templates show. No words of its own."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in parts, in one language."""

    title: str
    """What it is about, with the number; the subject line adds the request's own subject."""
    paragraphs: Sequence[str] = ()
    rows: Sequence[tuple[str, str]] = ()
    """Name and value, such as the number and the severity."""
    quoted: str = ""
    """Words of a person, line for line."""
    quoted_from: str = ""
    closing: Sequence[str] = ()
    button: str = ""
    """The one thing to do in the portal; shown to those who can sign in."""
    address: str = ""
    """Where the button leads, for everybody; empty: to the request in the portal. A path on this desk."""
    is_from_a_person: bool = False
    """Somebody wrote it by hand, so an automatic answer to it would be welcome to nobody but is not forbidden."""
    attachment: Attachment | None = None
