"""Errors of the protocol; the class says whose fault it was.

    ProtocolError
    ├── LocalProtocolError    we were about to say something we must not say: a bug on this side
    └── RemoteProtocolError   the other side said it: answer with the sentence and close

The text of either is a whole sentence that may be shown or logged. It never holds the peer's
secrets, and of the peer's text no more than a short, printable piece.
"""

QUOTED_CHARACTERS_MAX = 40  # enough to recognise what was sent, too little to flood a log


class ProtocolError(Exception):
    """Something was said, or nearly said, that the protocol does not allow."""


class LocalProtocolError(ProtocolError):
    """This side tried to break the protocol. Mend the caller."""


class RemoteProtocolError(ProtocolError):
    """The other side broke the protocol. Tell it the sentence and close."""


def quoted(text: str) -> str:
    """Return `text` as it may stand in a sentence: printable ASCII escapes, cut short."""
    cut = text[:QUOTED_CHARACTERS_MAX]
    shown = cut.encode("unicode_escape", "backslashreplace").decode("ascii")
    return f"“{shown}{'…' if len(text) > len(cut) else ''}”"
