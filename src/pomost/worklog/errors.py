"""Why work is not entered. `str(error)` is a translated sentence for the person who asked."""

from pomost.people.errors import Refused


class EntryRefused(Refused):
    """The entry does not fit the request or the clock. Nothing was changed."""
