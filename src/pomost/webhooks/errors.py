"""Why a webhook is not kept as it was given. `str(error)` is a translated sentence for the person who asked."""

from pomost.people.errors import Refused


class WebhookRefused(Refused):
    """The address, the kinds or the state do not allow it. Nothing was changed."""
