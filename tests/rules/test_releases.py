"""Versions in their order, and which of them is outdated on a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.rules.decision import Decision
from pomost.rules.releases import (
    Release,
    VersionInvalid,
    canonical,
    judge_version,
    judged_by_hand,
    named_by,
    newest,
    version_key,
)
from vendors import shipped

CENTAUR = shipped("centaur")
DAY = date(2026, 6, 15)
LIST = (
    Release("3.12", date(2024, 3, 1), date(2025, 1, 1)),
    Release("3.15.2", date(2025, 9, 1), date(2026, 6, 16)),
    Release("3.16.0", date(2026, 2, 1)),
    Release("3.16.2", date(2026, 5, 20)),
    Release("4.0", date(2026, 7, 1)),
)
numbers = st.lists(st.integers(0, 10**6), min_size=1, max_size=4)
versions = st.builds(
    lambda figures, end: ".".join(map(str, figures)) + end,
    numbers,
    st.sampled_from(["", "-beta", "-rc2", "a", " b"]),
)


def outcome(version: str, on: date = DAY) -> str:
    decision = judge_version(CENTAUR, LIST, version, on)
    assert decision is not None
    return decision.outcome


def test_numbers_are_ordered_by_size_and_not_by_letters() -> None:
    written = ["3.2", "3.9", "3.10-beta", "3.10-rc1", "3.10-rc2", "3.10", "3.10a", "3.10.1", "3.11", "10"]

    shuffled = written[5:] + written[:5]
    assert sorted(shuffled, key=version_key) == written


@pytest.mark.parametrize("version", ["3.16", "3.16.0", "v3.16", " 3.16.0.0 ", "V3.16", "3-16", "03.16"])
def test_one_version_is_written_in_many_ways(version: str) -> None:
    assert version_key(version) == version_key("3.16")
    assert canonical(version) == "3.16"


@pytest.mark.parametrize(
    "version",
    [
        "",
        " ",
        "latest",
        "the newest one",
        ".",
        "3..1",
        "3.1.",
        "3.1;drop",
        "٣.١",
        "3.1\x00",
        "3.1\n2",
        "1" * 41,
    ],
)
def test_what_is_no_version_is_said_to_be_none(version: str) -> None:
    with pytest.raises(VersionInvalid):
        version_key(version)
    assert named_by(LIST, version, DAY) is None


def test_a_hostile_text_is_read_at_once() -> None:
    with pytest.raises(VersionInvalid):
        version_key("1" * 39 + "!")  # a pattern that tries again for each split would never end


@given(versions, versions)
def test_versions_are_in_one_order_and_doubles_are_told_by_their_one_way_to_be_written(
    a: str, b: str
) -> None:
    assert (version_key(a) < version_key(b)) + (version_key(a) == version_key(b)) + (
        version_key(a) > version_key(b)
    ) == 1
    assert (canonical(a) == canonical(b)) == (version_key(a) == version_key(b))
    assert version_key(canonical(a)) == version_key(a)


@given(st.text(max_size=60))
def test_any_text_is_a_version_or_is_refused(text: str) -> None:
    try:
        key = version_key(text)
    except VersionInvalid:
        return
    assert key[-1] == (1, 0, "")


def test_a_version_is_outdated_from_its_day_on() -> None:
    assert outcome("3.12") == "outdated"
    assert outcome("3.15.2") == "current"
    assert outcome("3.15.2", date(2026, 6, 16)) == "outdated"
    assert outcome("3.16") == "current"


@pytest.mark.parametrize("version", ["3.14", "3.16.1", "latest", "4.0", "3.12-rc1"])
def test_a_version_that_is_not_in_the_list_is_asked_of_a_person(version: str) -> None:
    assert outcome(version) == "unstated"


def test_the_reasons_name_the_days_and_the_newest_version() -> None:
    decision = judge_version(CENTAUR, LIST, " v3.12 ", DAY)

    assert decision is not None
    assert {each.name: each.value for each in decision.facts} == {
        "product-version": "v3.12",
        "released-on": "2024-03-01",
        "outdated-from": "2025-01-01",
        "version-newest": "3.16.2",
    }
    assert decision.clause == "7.1"
    assert Decision.from_json(decision.as_json()) == decision


def test_nothing_is_decided_where_nothing_hangs_on_it() -> None:
    assert judge_version(CENTAUR, (), "3.12", DAY) is None
    assert judge_version(CENTAUR, LIST, "  ", DAY) is None
    assert judge_version(shipped("satisoft"), LIST, "3.12", DAY) is None
    assert judged_by_hand(shipped("satisoft"), "3.12", "current", by="desk", reason="They pay.") is None


days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
releases = st.lists(
    st.builds(
        lambda version, day, alive: Release(
            version, day, None if alive is None else day + timedelta(days=alive)
        ),
        versions,
        days,
        st.none() | st.integers(1, 2000),
    ),
    max_size=6,
    unique_by=lambda each: canonical(each.version),
)


@given(releases, days)
def test_the_version_to_update_to_is_out_alive_and_none_is_higher(listed: list[Release], on: date) -> None:
    found = newest(listed, on)
    alive = [each for each in listed if each.released_on <= on and not each.is_outdated(on)]

    assert (found is None) == (not alive)
    if found is not None:
        assert found in alive
        assert all(version_key(each.version) <= version_key(found.version) for each in alive)


@given(releases, versions, days, st.integers(0, 1000))
def test_what_is_outdated_stays_outdated(listed: list[Release], version: str, on: date, later: int) -> None:
    now = judge_version(CENTAUR, listed, version, on)
    then = judge_version(CENTAUR, listed, version, on + timedelta(days=later))

    if now is not None and now.outcome == "outdated":
        assert then is not None
        assert then.outcome == "outdated"


def test_a_person_may_decide_otherwise_with_a_reason() -> None:
    decision = judged_by_hand(CENTAUR, "3.12", "current", by="technician:1", reason="A hotfix was given.")

    assert decision is not None
    assert [each.name for each in decision.facts] == ["product-version", "decided-by", "reason"]
