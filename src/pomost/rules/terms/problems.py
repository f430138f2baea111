"""What is wrong with a terms file, said so that the person who wrote it can mend it.

Owns the shape of a problem and the exception that carries all of them. A file
is accepted whole or not at all, and every problem found is reported at once.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: where it stands, what is wrong, what to do."""

    file: str
    line: int | None
    """Line in the file, from 1; None when the problem has no line (a whole section is missing)."""
    key: str
    """The key as a person would look for it, such as `promise[reaction].amounts.basic`."""
    what: str
    do: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        key = f" {self.key}:" if self.key else ""
        return f"{place}:{key} {self.what} {self.do}"


class TermsInvalid(Exception):
    """The file is not terms: `problems` has every reason, in the order of the lines."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class BadValue(Exception):
    """A single value cannot be read: what is wrong with it and what would be right."""

    def __init__(self, what: str, do: str) -> None:
        super().__init__(f"{what} {do}")
        self.what = what
        self.do = do
