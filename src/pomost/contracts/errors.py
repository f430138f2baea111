"""Why a contract or a version of the terms is refused. `str(error)` is a translated sentence for the person who asked."""

from pomost.contracts.models import TermsDraft
from pomost.people.errors import Refused
from pomost.rules.terms.problems import Problem


class ContractRefused(Refused):
    """The contract cannot be kept as it was given."""


class NoTermsInForce(Refused):
    """The vendor has no terms for that day, so nothing can be promised or decided."""


class TermsRefused(Refused):
    """The text is not published; `problems` has every reason where the text itself is at fault."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__("\n".join([message, *(str(problem) for problem in problems)]))
        self.problems = problems


class DraftMoved(Refused):
    """The draft is not any more what the writer had before them; `now` is what it is, None where it is gone."""

    def __init__(self, message: str, now: TermsDraft | None) -> None:
        super().__init__(message)
        self.now = now
