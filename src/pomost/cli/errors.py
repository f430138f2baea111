"""The one way in which a command gives up: a sentence for the person who typed it."""


class Unusable(Exception):
    """The input cannot be used. `str(error)` says what it was, what is wrong and what to do."""
