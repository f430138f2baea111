"""When support is restricted for misuse or conduct: what stands at a moment, who decides an appeal, when one is possible.

Owns three answers. Which restriction stands for a request: of several the one that lasts longest. Whether somebody may
decide an appeal: an owner who did not restrict, unless there is nobody else. Whether the customer may appeal now. Refuses
nothing itself and knows no clock; the reasons a vendor may have are [[refusal]] in its terms (000-004; C7, C8). What a
restriction stops is tickets/restricted.py. Read on: docs/explain/restrictions.md.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pomost.rules.decision import Decision, Fact, Subject

LOOKED_AT_WITHIN: Final = timedelta(days=366)
"""Nobody stays restricted for longer than this without a person who looks at it again: the farthest end, and the farthest
review of a restriction without an end. Our own measure; no source names one."""
APPEAL_AGAIN_AFTER: Final = timedelta(days=30)
"""After an appeal was answered with a no; an extension opens the way at once. Our own measure as well."""
RESTRICTING: Final = frozenset({"restricted", "upheld"})
"""Outcomes after which a restriction stands."""


class Scope(StrEnum):
    """How far a restriction reaches, from the narrowest on."""

    REQUEST = "request"
    CONTACT = "contact"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom or what something is about: a request, who reported it, for which firm. Keys, not names."""

    customer: int
    contact: int
    request: int | None
    """None: it is not registered yet."""
    kin: frozenset[int] = frozenset()
    """Requests that this one was split off from, or that go on in it: one restricted among them restricts it."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """A decision of a person that support is refused for a time, by a clause."""

    key: int
    scope: Scope
    about: Concerned
    """The request in which it came up, and whose it is."""
    name: str
    """Of what it holds for: a request's number, a contact as `contact:8`, a firm's name."""
    refusal: str
    """Key of the reason in the terms."""
    clause: str
    version: str
    """Version of the terms by which it was imposed."""
    what_happened: str
    imposed_by: str
    """As in the journal."""
    starts_at: datetime
    until_at: datetime | None = None
    """The first moment at which it holds no more; None: no end is set, and `review_at` says when it is looked at."""
    review_at: datetime | None = None
    ended_at: datetime | None = None
    """When it was lifted."""

    def holds(self, moment: datetime) -> bool:
        """Say whether it stands at a moment; a late sweep prolongs nothing."""
        ends = [each for each in (self.until_at, self.ended_at) if each is not None]
        return self.starts_at <= moment and all(moment < each for each in ends)

    def concerns(self, about: Concerned) -> bool:
        """Say whether a request falls under it."""
        match self.scope:
            case Scope.CUSTOMER:
                return about.customer == self.about.customer
            case Scope.CONTACT:
                return about.contact == self.about.contact
            case Scope.REQUEST:
                return self.about.request in {about.request, *about.kin}


def standing(restrictions: Iterable[Restriction], about: Concerned, moment: datetime) -> Restriction | None:
    """Return the restriction that decides about a request: of those that stand the one that lasts longest."""
    found = [each for each in restrictions if each.concerns(about) and each.holds(moment)]
    without_end = [each for each in found if each.until_at is None]
    if without_end:
        return min(without_end, key=lambda each: each.key)
    return max(found, key=lambda each: (each.until_at or moment, -each.key), default=None)


class Unfit(StrEnum):
    """Why a span of time does not fit a restriction."""

    NO_END = "no-end"
    """Neither an end nor a review is set, or both are."""
    PAST = "past"
    TOO_FAR = "too-far"


def unfit(until_at: datetime | None, review_at: datetime | None, now: datetime) -> Unfit | None:
    """Say why a restriction cannot last as given from `now` on; None: it can."""
    if (until_at is None) == (review_at is None):
        return Unfit.NO_END
    end = until_at or review_at
    if end is None or end <= now:
        return Unfit.PAST
    return Unfit.TOO_FAR if end - now > LOOKED_AT_WITHIN else None


class MayDecide(StrEnum):
    """Whether somebody may decide an appeal."""

    YES = "yes"
    ALONE = "alone"
    """They restricted themselves, and there is nobody else: the record says so."""
    NOT_OWNER = "not-owner"
    OWN = "own"
    """They restricted themselves, and somebody else can decide."""


def may_decide(decider: str, restricted_by: Collection[str], owners: Collection[str]) -> MayDecide:
    """Say whether `decider` may decide an appeal; `restricted_by` imposed or extended, `owners` are those at work here."""
    if decider not in owners:
        return MayDecide.NOT_OWNER
    if decider not in restricted_by:
        return MayDecide.YES
    return MayDecide.OWN if any(each not in restricted_by for each in owners) else MayDecide.ALONE


class MayAppeal(StrEnum):
    """Whether an appeal is possible now."""

    YES = "yes"
    OVER = "over"
    WAITS = "waits"
    """One waits for its answer."""
    TOO_SOON = "too-soon"
    """The last one was answered lately, and nothing was extended since."""


@dataclass(frozen=True, slots=True)
class Appeal:
    """What the customer said against a restriction."""

    appealed_at: datetime
    decided_at: datetime | None = None


def may_appeal(
    restriction: Restriction, appeals: Sequence[Appeal], extended_at: datetime | None, now: datetime
) -> MayAppeal:
    """Say whether the customer may appeal now; `extended_at` is when the restriction was made longer last."""
    if not restriction.holds(now):
        return MayAppeal.OVER
    if any(each.decided_at is None for each in appeals):
        return MayAppeal.WAITS
    last = max((each.decided_at for each in appeals if each.decided_at is not None), default=None)
    if last is None or now - last >= APPEAL_AGAIN_AFTER or (extended_at is not None and extended_at > last):
        return MayAppeal.YES
    return MayAppeal.TOO_SOON


def decision(restriction: Restriction, outcome: str, *more: Fact) -> Decision:
    """Return what holds for a request under a restriction, or no longer holds, with its clause and facts.

    `more` are facts of the outcome itself: who lifted it and why, what the appeal said.
    """
    held = {
        Scope.REQUEST: "restricted-request",
        Scope.CONTACT: "restricted-contact",
        Scope.CUSTOMER: "restricted-customer",
    }[restriction.scope]
    facts = [
        Fact("refusal", restriction.refusal),
        Fact(held, restriction.name),
        Fact.of("restricted-from", restriction.starts_at),
    ]
    if restriction.until_at is not None:
        facts.append(Fact.of("restricted-until", restriction.until_at))
    if restriction.review_at is not None:
        facts.append(Fact.of("restricted-review-at", restriction.review_at))
    facts.append(Fact("what-happened", restriction.what_happened))
    if not any(each.name == "decided-by" for each in more) and outcome in RESTRICTING:
        facts.append(Fact("decided-by", restriction.imposed_by))
    return Decision(Subject.RESTRICTION, outcome, restriction.clause, (*facts, *more), restriction.version)
