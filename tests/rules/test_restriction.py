"""Which restriction stands, who decides an appeal, and when one is possible: the rule alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.rules.restriction import (
    LOOKED_AT_WITHIN,
    Appeal,
    Concerned,
    MayAppeal,
    MayDecide,
    Restriction,
    Scope,
    Unfit,
    decision,
    may_appeal,
    may_decide,
    standing,
    unfit,
)

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HERE = Concerned(customer=1, contact=11, request=111)


def made(
    key: int = 1,
    scope: Scope = Scope.CUSTOMER,
    *,
    starts_at: datetime = NOW,
    until_at: datetime | None = NOW + DAY,
    review_at: datetime | None = None,
    ended_at: datetime | None = None,
    about: Concerned = HERE,
) -> Restriction:
    return Restriction(
        key=key,
        scope=scope,
        about=about,
        name="Acme",
        refusal="conduct",
        clause="6.3",
        version="1",
        what_happened="Shouting.",
        imposed_by="technician:2",
        starts_at=starts_at,
        until_at=until_at,
        review_at=review_at,
        ended_at=ended_at,
    )


@pytest.mark.parametrize(
    ("moment", "holds"),
    [
        (NOW - timedelta(microseconds=1), False),
        (NOW, True),
        (NOW + DAY - timedelta(microseconds=1), True),
        (NOW + DAY, False),
    ],
)
def test_it_holds_from_its_first_moment_to_just_before_its_last(moment: datetime, holds: bool) -> None:
    assert made().holds(moment) is holds


def test_one_that_was_lifted_holds_no_more_from_that_moment() -> None:
    lifted = made(ended_at=NOW + DAY / 2)

    assert lifted.holds(NOW + DAY / 2 - timedelta(microseconds=1))
    assert not lifted.holds(NOW + DAY / 2)


def test_one_without_an_end_holds_past_its_review() -> None:
    assert made(until_at=None, review_at=NOW + DAY).holds(NOW + 100 * DAY)


OTHERS = {
    "a colleague's request": Concerned(1, 12, 112),
    "another request of the same contact": Concerned(1, 11, 113),
    "another firm's": Concerned(2, 21, 211),
    "split off from it": Concerned(1, 12, 114, frozenset({111})),
}


@pytest.mark.parametrize(
    ("scope", "reached"),
    [
        (Scope.REQUEST, {"split off from it"}),
        (Scope.CONTACT, {"another request of the same contact"}),
        (
            Scope.CUSTOMER,
            {"a colleague's request", "another request of the same contact", "split off from it"},
        ),
    ],
)
def test_how_far_each_scope_reaches(scope: Scope, reached: set[str]) -> None:
    it = made(scope=scope)

    assert it.concerns(HERE)
    assert {name for name, about in OTHERS.items() if it.concerns(about)} == reached


def test_of_several_the_one_that_lasts_longest_decides() -> None:
    short, long_one, endless = made(1), made(2, until_at=NOW + 2 * DAY), made(3, until_at=None, review_at=NOW)

    assert standing([short, long_one], HERE, NOW) == long_one
    assert standing([short, endless, long_one], HERE, NOW) == endless
    assert standing([made(5), made(4)], HERE, NOW) == made(4), "of two alike the older"
    assert standing([], HERE, NOW) is None


moments = st.integers(-5, 5).map(lambda days: NOW + days * DAY)
restrictions = st.lists(
    st.builds(
        made,
        st.integers(1, 10**6),
        st.sampled_from(Scope),
        starts_at=moments,
        until_at=st.none() | moments,
        ended_at=st.none() | moments,
        about=st.sampled_from([HERE, *OTHERS.values()]),
    ),
    max_size=6,
    unique_by=lambda each: each.key,
)


@given(restrictions, moments, st.randoms())
def test_what_stands_holds_concerns_and_hides_nothing(
    found: list[Restriction], moment: datetime, chance: object
) -> None:
    chosen = standing(found, HERE, moment)
    those = [each for each in found if each.holds(moment) and each.concerns(HERE)]

    assert (chosen is None) == (not those)
    if chosen is not None:
        assert chosen in those
        assert chosen.until_at is None or all(
            each.until_at is not None and each.until_at <= chosen.until_at for each in those
        )
        # Lifting any other one changes nothing.
        assert (
            standing([each for each in found if each not in those or each == chosen], HERE, moment) == chosen
        )
    assert standing(list(reversed(found)), HERE, moment) == chosen


@pytest.mark.parametrize(
    ("until_at", "review_at", "why"),
    [
        (None, None, Unfit.NO_END),
        (NOW + DAY, NOW + DAY, Unfit.NO_END),
        (NOW, None, Unfit.PAST),
        (None, NOW - DAY, Unfit.PAST),
        (NOW + LOOKED_AT_WITHIN, None, None),
        (NOW + LOOKED_AT_WITHIN + timedelta(seconds=1), None, Unfit.TOO_FAR),
        (None, NOW + LOOKED_AT_WITHIN + timedelta(seconds=1), Unfit.TOO_FAR),
        (NOW + timedelta(seconds=1), None, None),
    ],
)
def test_how_long_one_can_last(
    until_at: datetime | None, review_at: datetime | None, why: Unfit | None
) -> None:
    assert unfit(until_at, review_at, NOW) is why


@pytest.mark.parametrize(
    ("decider", "restricted_by", "owners", "may"),
    [
        ("technician:1", {"technician:2"}, ["technician:1"], MayDecide.YES),
        ("technician:1", {"technician:1"}, ["technician:1"], MayDecide.ALONE),
        ("technician:1", {"technician:1"}, ["technician:1", "technician:3"], MayDecide.OWN),
        ("technician:3", {"technician:1"}, ["technician:1", "technician:3"], MayDecide.YES),
        ("technician:1", {"technician:1", "technician:3"}, ["technician:1", "technician:3"], MayDecide.ALONE),
        ("technician:2", {"technician:2"}, ["technician:1"], MayDecide.NOT_OWNER),
        ("technician:4", {"technician:2"}, ["technician:1"], MayDecide.NOT_OWNER),
    ],
)
def test_who_decides_an_appeal(
    decider: str, restricted_by: set[str], owners: list[str], may: MayDecide
) -> None:
    assert may_decide(decider, restricted_by, owners) is may


people = st.sampled_from([f"technician:{key}" for key in range(1, 5)])


@given(st.sets(people), st.lists(people, min_size=1, unique=True))
def test_an_appeal_always_finds_somebody_and_never_who_restricted_if_there_is_another(
    restricted_by: set[str], owners: list[str]
) -> None:
    answers = {each: may_decide(each, restricted_by, owners) for each in owners}

    assert set(answers.values()) & {MayDecide.YES, MayDecide.ALONE}
    if MayDecide.YES in answers.values():
        assert all(answers[each] is MayDecide.OWN for each in owners if each in restricted_by)


@pytest.mark.parametrize(
    ("appeals", "extended_at", "now", "may"),
    [
        ([], None, NOW, MayAppeal.YES),
        ([], None, NOW + 90 * DAY, MayAppeal.OVER),
        ([Appeal(NOW)], None, NOW, MayAppeal.WAITS),
        ([Appeal(NOW, NOW)], None, NOW + 30 * DAY - timedelta(seconds=1), MayAppeal.TOO_SOON),
        ([Appeal(NOW, NOW)], None, NOW + 30 * DAY, MayAppeal.YES),
        ([Appeal(NOW, NOW)], NOW + DAY, NOW + DAY, MayAppeal.YES),
        ([Appeal(NOW, NOW + DAY)], NOW, NOW + 2 * DAY, MayAppeal.TOO_SOON),
        ([Appeal(NOW, NOW), Appeal(NOW + 31 * DAY)], None, NOW + 70 * DAY, MayAppeal.WAITS),
    ],
)
def test_when_an_appeal_is_possible(
    appeals: list[Appeal], extended_at: datetime | None, now: datetime, may: MayAppeal
) -> None:
    assert may_appeal(made(until_at=NOW + 90 * DAY), appeals, extended_at, now) is may


def test_the_decision_names_reason_scope_span_and_whose_it_is() -> None:
    kept = decision(made(scope=Scope.REQUEST), "restricted")

    assert (kept.clause, kept.version, kept.value("refusal")) == ("6.3", "1", "conduct")
    assert kept.value("restricted-request") == "Acme"
    assert kept.value("restricted-until") == (NOW + DAY).isoformat()
    assert kept.value("decided-by") == "technician:2"
    assert decision(made(), "lapsed").value("decided-by") is None, "time decides nothing"
