"""A message as sentences, so that the second task in it can be picked out (K6)."""

import re
from typing import Final

SENTENCES_MAX: Final = 200
"""More than a person picks from; what follows stays with the last one."""
_ENDS: Final = re.compile(r"(?<=[.!?…])\s+|\s*\n+\s*")


def sentences_of(text: str) -> tuple[str, ...]:
    """Return the sentences and lines of a message, in their order, without blank ones."""
    found = [part.strip() for part in _ENDS.split(text.strip(), maxsplit=SENTENCES_MAX - 1)]
    return tuple(part for part in found if part)
