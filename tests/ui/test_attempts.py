"""Trying passwords: a few times at once, then ever more slowly, and the same for addresses that do not exist."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from django.test import Client, override_settings

from people import BEFORE
from pomost.config.middleware import CLOCK_KEY
from pomost.people.actions import add_person
from pomost.ui import pages
from pomost.ui.attempts import (
    FIRST_WAIT,
    FORGOTTEN_AFTER,
    FREE_TRIES,
    FREE_TRIES_OF_A_PLACE,
    KEPT_MAX,
    LONGEST_WAIT,
    Attempts,
)

NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
HOME, CAFE = "192.0.2.1", "192.0.2.77"


class SetClock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def monotonic_ms(self) -> int:
        return 0


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Counters of this test's own, and a hash that does not take a second for each of many wrong passwords."""
    monkeypatch.setattr(pages, "attempts", Attempts())
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def browser(fresh: None, clock: SetClock) -> Client:
    made = Client()
    cast(dict[str, object], made.defaults)[CLOCK_KEY] = clock
    return made


def try_often(
    attempts: Attempts, times: int, email: str = "eva@example.org", place: str = HOME
) -> datetime | None:
    until = None
    for _time in range(times):
        until = attempts.begin(email, place, NOW)
    return until


def test_a_few_wrong_passwords_cost_nothing() -> None:
    assert try_often(Attempts(), FREE_TRIES) is None


def test_the_next_one_has_to_wait() -> None:
    assert try_often(Attempts(), FREE_TRIES + 1) == NOW + FIRST_WAIT


def test_each_further_failure_doubles_the_wait_up_to_a_bound() -> None:
    attempts, now, waits = Attempts(), NOW, []
    for _time in range(FREE_TRIES + 8):
        until = attempts.begin("eva@example.org", HOME, now)
        if until is not None:
            waits.append(until - now)
            now = until
            attempts.begin("eva@example.org", HOME, now)

    assert waits[:3] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT]
    assert max(waits) == LONGEST_WAIT


def test_an_attempt_that_is_not_looked_at_does_not_make_the_wait_longer() -> None:
    attempts = Attempts()
    try_often(attempts, FREE_TRIES + 20)

    assert attempts.begin("eva@example.org", HOME, NOW) == NOW + FIRST_WAIT


def test_a_stranger_elsewhere_does_not_lock_the_person_out() -> None:
    attempts = Attempts()
    try_often(attempts, FREE_TRIES + 5, place=CAFE)

    assert attempts.begin("eva@example.org", HOME, NOW) is None


def test_case_and_spaces_of_the_address_do_not_give_new_tries() -> None:
    attempts = Attempts()
    try_often(attempts, FREE_TRIES)

    assert attempts.begin(" EVA@example.org ", HOME, NOW) is not None


def test_one_place_cannot_try_everybodys_password() -> None:
    attempts = Attempts()
    for person in range(FREE_TRIES_OF_A_PLACE):
        assert attempts.begin(f"{person}@example.org", CAFE, NOW) is None

    assert attempts.begin("another@example.org", CAFE, NOW) is not None
    assert attempts.begin("another@example.org", HOME, NOW) is None


def test_the_right_password_forgives() -> None:
    attempts = Attempts()
    try_often(attempts, FREE_TRIES)
    attempts.succeeded("eva@example.org", HOME)

    assert try_often(attempts, FREE_TRIES) is None


def test_an_office_that_signs_in_rightly_is_never_slowed_down() -> None:
    attempts = Attempts()
    for person in range(FREE_TRIES_OF_A_PLACE * 2):
        assert attempts.begin(f"{person}@example.org", HOME, NOW) is None
        attempts.succeeded(f"{person}@example.org", HOME)


def test_after_a_quiet_hour_all_is_forgotten() -> None:
    attempts = Attempts()
    try_often(attempts, FREE_TRIES)
    later = NOW + FORGOTTEN_AFTER + timedelta(seconds=1)

    assert attempts.begin("eva@example.org", HOME, later) is None
    assert attempts.begin("eva@example.org", HOME, later) is None


def test_an_attacker_cannot_fill_the_memory() -> None:
    attempts = Attempts()
    for number in range(KEPT_MAX + 50):
        attempts.begin(f"{number}@example.org", f"place {number}", NOW)

    assert len(attempts._counts) == KEPT_MAX


def sign_in(browser: Client, email: str, password: str) -> tuple[int, str]:
    answer = browser.post("/sign-in/", {"username": email, "password": password})
    return answer.status_code, answer.content.decode().replace(email, "")


def test_the_page_says_when_to_come_back_whether_or_not_the_address_exists(db: None, browser: Client) -> None:
    add_person(
        email="eva@example.org", name="Eva", language="en", password="a long bridge", by="system", at=BEFORE
    )

    known = [sign_in(browser, "eva@example.org", "wrong")[0] for _time in range(FREE_TRIES + 1)]
    unknown = [sign_in(browser, "nobody@example.org", "wrong")[0] for _time in range(FREE_TRIES + 1)]

    assert known == unknown == [*[200] * FREE_TRIES, 429]
    assert "Try again in 1 minute." in sign_in(browser, "eva@example.org", "wrong")[1]


def test_while_it_waits_not_even_the_right_password_is_looked_at(
    db: None, browser: Client, clock: SetClock
) -> None:
    add_person(
        email="eva@example.org", name="Eva", language="en", password="a long bridge", by="system", at=BEFORE
    )
    for _time in range(FREE_TRIES):
        sign_in(browser, "eva@example.org", "wrong")

    assert sign_in(browser, "eva@example.org", "a long bridge")[0] == 429
    clock.at += FIRST_WAIT
    assert sign_in(browser, "eva@example.org", "a long bridge")[0] == 302
