"""Why something is not done to a ticket. `str(error)` is a translated sentence for the person who asked."""

from pomost.people.errors import Refused


class TicketRefused(Refused):
    """The ticket is not in a state for it, or what was given does not fit the terms. Nothing was changed."""
