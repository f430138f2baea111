"""What a person is told when the desk says no.

Owns the root of all refusals: each app has its own below it. `str(error)` is a translated sentence for the person who
asked: what happened, and what to do.
"""


class Refused(Exception):
    """The desk does not do this. The sentence is meant for the person who asked."""


class NotFound(Refused):
    """There is nothing of that name here, or it belongs to somebody else; the answer does not tell which."""


class NoAccess(Refused):
    """The person has no place at this vendor."""


class PersonRefused(Refused):
    """A person, firm or contact cannot be kept as it was given."""
