"""What keeps the desk from starting. Knows no Django, so that the command line can catch it before anything is loaded."""


class CannotStart(Exception):
    """A setting or the database cannot be used. `str(error)` says which, why and what to do; it holds no password."""
