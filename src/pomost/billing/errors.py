"""Why something is not quoted, settled or invoiced. `str(error)` is a translated sentence for the person who asked."""

from pomost.people.errors import Refused


class BillingRefused(Refused):
    """The terms, the state of the request or an earlier answer stand against it. Nothing was changed."""
