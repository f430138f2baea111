"""Video for a part of the screen that moves, where the library for it is installed; elsewhere nothing is sent as video."""

from importlib.util import find_spec
from typing import Protocol

from PIL import Image


class Encoder(Protocol):
    """Turns pictures of one size into a stream, one frame in, one out. Used by one thread at a time."""

    def encode(self, picture: Image.Image) -> bytes:
        """The next frame; the first of all is whole, each other one needs those before it."""
        ...


if find_spec("av") is None:

    def opened(width: int, height: int) -> Encoder | None:
        """An encoder for pictures of that size, or None where there is none."""
        return None

else:
    from pomost.agent.video_av import Av1Encoder

    def opened(width: int, height: int) -> Encoder | None:
        """An encoder for pictures of that size, or None where there is none."""
        return Av1Encoder(width, height)
