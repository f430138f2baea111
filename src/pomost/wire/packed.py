"""Reads and writes the bytes of packed messages; big endian throughout.

Every read is bounded: a message that ends too early, goes on too long, or holds bytes that are
no UTF-8 is refused with a sentence that names it.
"""

import struct
from typing import Final

from .errors import LocalProtocolError, RemoteProtocolError

U16_MAX: Final = 2**16 - 1
U32_MAX: Final = 2**32 - 1


class Reader:
    """Walks once through the body of a message of the other end."""

    def __init__(self, body: bytes, name: str) -> None:
        self._body = body
        self._at = 0
        self._name = name

    def take(self, length: int) -> bytes:
        """Return the next `length` bytes."""
        piece = self._body[self._at : self._at + length]
        if len(piece) < length:
            missing = length - len(piece)
            raise RemoteProtocolError(f"{self._name} ends {missing} bytes too early.")
        self._at += length
        return piece

    def rest(self, most: int) -> bytes:
        """Return all that is left, which is at most `most` bytes."""
        left = len(self._body) - self._at
        if left > most:
            raise RemoteProtocolError(f"{self._name} ends in {left} bytes; at most {most} are allowed.")
        return self.take(left)

    def u8(self) -> int:
        """Return the next byte."""
        return self.take(1)[0]

    def u16(self) -> int:
        """Return the next two bytes as a number."""
        return int.from_bytes(self.take(2), "big")

    def i16(self) -> int:
        """Return the next two bytes as a number that may be negative."""
        return int.from_bytes(self.take(2), "big", signed=True)

    def u32(self) -> int:
        """Return the next four bytes as a number."""
        return int.from_bytes(self.take(4), "big")

    def yes_or_no(self) -> bool:
        """Return the next byte, which is 0 or 1."""
        value = self.u8()
        if value > 1:
            raise RemoteProtocolError(f"{self._name} says {value} where only 0 or 1 can stand.")
        return bool(value)

    def short_text(self, most: int) -> str:
        """Return a text of at most `most` bytes that is preceded by its length in one byte."""
        length = self.u8()
        if length > most:
            raise RemoteProtocolError(
                f"{self._name} has a text of {length} bytes; at most {most} are allowed."
            )
        return self._decoded(self.take(length))

    def text(self, most: int) -> str:
        """Return the text that fills the rest, of at most `most` bytes."""
        return self._decoded(self.rest(most))

    def end(self) -> None:
        """Check that nothing is left."""
        left = len(self._body) - self._at
        if left:
            raise RemoteProtocolError(f"{self._name} is followed by {left} bytes that mean nothing.")

    def _decoded(self, raw: bytes) -> str:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise RemoteProtocolError(f"{self._name} holds a text that is not UTF-8.") from error


class Writer:
    """Builds the bytes of one message of ours."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def u8(self, number: int) -> None:
        """Add one byte."""
        self._number(">B", number)

    def u16(self, number: int) -> None:
        """Add a number in two bytes."""
        self._number(">H", number)

    def i16(self, number: int) -> None:
        """Add a number that may be negative in two bytes."""
        self._number(">h", number)

    def u32(self, number: int) -> None:
        """Add a number in four bytes."""
        self._number(">I", number)

    def short_text(self, text: str) -> None:
        """Add a text preceded by its length in one byte."""
        raw = self._encoded(text)
        self.u8(len(raw))
        self.rest(raw)

    def text(self, text: str) -> None:
        """Add a text that fills the rest."""
        self.rest(self._encoded(text))

    def rest(self, raw: bytes) -> None:
        """Add bytes as they are."""
        self._pieces.append(raw)

    def done(self) -> bytes:
        """Return the message."""
        return b"".join(self._pieces)

    def _number(self, layout: str, number: int) -> None:
        try:
            self._pieces.append(struct.pack(layout, number))
        except struct.error as error:
            raise LocalProtocolError(f"{number} does not fit its field: {error}.") from error

    def _encoded(self, text: str) -> bytes:
        try:
            return text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise LocalProtocolError("A text holds half a surrogate pair, which is no character.") from error
