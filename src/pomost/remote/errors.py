"""Why something is not done to a session. `str(error)` is a translated sentence for the person who asked."""

from pomost.people.errors import Refused


class SessionRefused(Refused):
    """The session is not in a state for it, or the terms do not allow it. Nothing was changed."""
