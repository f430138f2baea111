"""What the relay lets pass between the two ends, judged without opening it.

The engine holds no key, so it cannot tell a picture from a letter. It can count. Until both people
have said that the words match, only frames of a handshake's size pass. While nothing is granted, the
customer's side may send little: enough for chat and answers, far too little for a picture.
That no picture leaves before a grant is the app's own law (wire/allowed.py); this is the
second lock, against a faulty app, not against a hostile one with patience.
"""

from typing import Final

from pomost.wire.errors import RemoteProtocolError
from pomost.wire.levels import Level, Side
from pomost.wire.sealed import HANDSHAKE_FRAME_BYTES_MAX

QUIET_FRAME_BYTES_MAX: Final = 4 * 1024
"""The largest frame of the app while nothing is granted: the longest line of chat fits in any script."""
QUIET_BYTES_MAX: Final = 64 * 1024
"""All such frames together until the next grant. A screen of text as lossless WebP has 100 KiB and more."""


class Relay:
    """Decides about each frame; knows nothing but sizes, levels and who said what about the words."""

    def __init__(self) -> None:
        self.level = Level.NONE
        self._matched: set[Side] = set()
        self._quiet_bytes = 0

    @property
    def words_match(self) -> bool:
        """Whether both people have said so."""
        return len(self._matched) == len(Side)

    def has_said(self, side: Side) -> bool:
        """Whether the person at that end has said that the words match."""
        return side in self._matched

    def match(self, side: Side) -> None:
        """The person at that end says that the words match."""
        self._matched.add(side)

    def set_level(self, level: Level) -> None:
        """The customer's app says which level holds now."""
        self.level = level
        self._quiet_bytes = 0

    def check(self, sender: Side, length: int) -> None:
        """Let a frame of `length` bytes pass.

        Raises:
            RemoteProtocolError: it is too much for now.
        """
        if not self.words_match and length > HANDSHAKE_FRAME_BYTES_MAX:
            raise RemoteProtocolError(
                f"A frame of {length} bytes before both said that the words match; "
                f"until then at most {HANDSHAKE_FRAME_BYTES_MAX} pass."
            )
        if sender is Side.VIEWER or self.level > Level.NONE:
            return
        self._quiet_bytes += length
        if length > QUIET_FRAME_BYTES_MAX or self._quiet_bytes > QUIET_BYTES_MAX:
            raise RemoteProtocolError(
                f"The app sent a frame of {length} bytes, {self._quiet_bytes} in all, while nothing is granted; "
                f"{QUIET_FRAME_BYTES_MAX} and {QUIET_BYTES_MAX} are allowed."
            )
