"""Versions of the vendor's product: their order, what a version that a customer names is on a day, which to update to.

Owns: the key by which versions are ordered, the judging of a named version by the list of releases. A version that is
not in the list is not guessed from its neighbours: a person is asked. Each release says itself from when it is
outdated, so that an older branch may be kept alive beside a newer one. What an outdated version still gets is
entitlement.py. Source: product.md C6, A15. Read next: docs/explain/releases.md.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from pomost.rules.decision import UNSTATED, Decision, Fact, Subject
from pomost.rules.terms.model import Terms

VERSION_CHARACTERS_MAX: Final = 40
CURRENT: Final = "current"
OUTDATED: Final = "outdated"

VersionKey = tuple[tuple[int, int, str], ...]
"""Compares as versions do."""

_PIECE: Final = re.compile(r"[0-9]+|[a-z]+", re.ASCII)
# Possessive, so that no text makes it try again and again.
_SHAPE: Final = re.compile(r"v?[0-9]++(?:[.\-_+ ]?(?:[0-9]++|[a-z]++))*+", re.ASCII)
_BEFORE_THE_RELEASE: Final = frozenset({"alpha", "beta", "dev", "pre", "preview", "rc"})


class VersionInvalid(ValueError):
    """This is no version; the sentence says what one looks like."""


@dataclass(frozen=True, slots=True)
class Release:
    """A version that was published."""

    version: str
    released_on: date
    outdated_from: date | None = None
    """First day on which it is outdated; None: it is kept alive."""

    def is_outdated(self, on: date) -> bool:
        """Say whether it is outdated on a day."""
        return self.outdated_from is not None and self.outdated_from <= on


def version_key(version: str) -> VersionKey:
    """Return the key of a version: numbers by size, 3.16 as 3.16.0, `rc` and `beta` before and `3.16a` after 3.16.

    Raises:
        VersionInvalid: it does not begin with a number, holds other signs, or is too long.
    """
    written = version.strip().casefold()
    if len(written) > VERSION_CHARACTERS_MAX:
        raise VersionInvalid(
            f"A version has at most {VERSION_CHARACTERS_MAX} characters, not {len(written)}."
        )
    if _SHAPE.fullmatch(written) is None:
        raise VersionInvalid(f"{version[:40]!r} is no version. It begins with a number, such as 3.16.2.")
    key: list[tuple[int, int, str]] = []
    for piece in _PIECE.findall(written.removeprefix("v")):
        if piece.isdigit():
            key.append((3, int(piece), ""))
            continue
        _drop_zeros(key)
        key.append((0 if piece in _BEFORE_THE_RELEASE else 2, 0, piece))
    _drop_zeros(key)
    return (*key, (1, 0, ""))


def _drop_zeros(key: list[tuple[int, int, str]]) -> None:
    while len(key) > 1 and key[-1] == (3, 0, ""):
        key.pop()


def canonical(version: str) -> str:
    """Return the one way to write a version and all that equal it, to tell doubles by. Raises VersionInvalid."""
    pieces = [str(number) if rank == 3 else word for rank, number, word in version_key(version)[:-1]]
    return ".".join(pieces)


def named_by(releases: Iterable[Release], version: str, on: date) -> Release | None:
    """Return the release that a customer means; None for what is no version, not in the list or not out by that day."""
    try:
        wanted = version_key(version)
    except VersionInvalid:
        return None
    return next(
        (each for each in releases if each.released_on <= on and version_key(each.version) == wanted), None
    )


def newest(releases: Iterable[Release], on: date) -> Release | None:
    """Return the release to update to: the highest that is out and not outdated; None where there is none."""
    alive = [each for each in releases if each.released_on <= on and not each.is_outdated(on)]
    return max(alive, key=lambda each: version_key(each.version), default=None)


def judge_version(terms: Terms, releases: Iterable[Release], version: str, on: date) -> Decision | None:
    """Return what a named version is on a day; None where nothing hangs on it.

    Nothing does where the terms treat all versions alike, the vendor keeps no list of releases of this product, or the
    customer names no version.
    """
    listed, named = tuple(releases), version.strip()
    if terms.version_rule is None or not listed or not named:
        return None
    facts = [Fact("product-version", named)]
    found = named_by(listed, named, on)
    latest = newest(listed, on)
    if found is None:
        outcome = UNSTATED
        facts.append(Fact.of("version-unknown", True))
    else:
        outcome = OUTDATED if found.is_outdated(on) else CURRENT
        facts.append(Fact.of("released-on", found.released_on))
        if found.outdated_from is not None:
            facts.append(Fact.of("outdated-from", found.outdated_from))
    if latest is not None and latest is not found:
        facts.append(Fact("version-newest", latest.version))
    return Decision(Subject.VERSION, outcome, terms.version_rule.clause, tuple(facts), terms.version)


def judged_by_hand(terms: Terms, version: str, outcome: str, *, by: str, reason: str) -> Decision | None:
    """Return what a person says a version is; None where the terms treat all versions alike.

    Raises:
        DecisionInvalid: the outcome is neither `current` nor `outdated`, or `by` is nobody.
    """
    if terms.version_rule is None:
        return None
    facts = [Fact("product-version", version.strip())] if version.strip() else []
    facts.append(Fact("decided-by", by))
    if reason:
        facts.append(Fact("reason", reason))
    return Decision(Subject.VERSION, outcome, terms.version_rule.clause, tuple(facts), terms.version)
