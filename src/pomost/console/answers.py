"""What pages of the console answer with when they refuse, and who the journal says did it."""

from typing import Final

from pomost.people.requests import DeskRequest

CONFLICT: Final = 409
"""The rules refuse it; nothing is wrong with what was typed."""
UNPROCESSABLE: Final = 422
"""What was typed cannot be read."""


def actor(request: DeskRequest) -> str:
    """Return the technician as the journal names them."""
    return f"technician:{request.technician.pk}"
