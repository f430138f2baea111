"""Public holidays: transfers and working Saturdays of Russia, the law's days of Poland, and how far they are known."""

from datetime import date

import pytest

from pomost.contracts.public_holidays import public_holidays


def test_russias_transfers_and_working_saturdays_are_in_it() -> None:  # A2
    found = public_holidays("RU", None, range(2025, 2027))

    assert date(2025, 11, 1) in found.working_days
    assert date(2025, 11, 3) in found.days_off
    assert date(2026, 1, 9) in found.days_off
    assert date(2026, 6, 12) in found.days_off


def test_nothing_is_known_past_russias_last_decree() -> None:
    found = public_holidays("RU", None, range(2024, 2060))

    assert found.confirmed_until is not None
    assert date(2026, 12, 31) <= found.confirmed_until < date(2059, 12, 31)
    assert max(found.days_off) <= found.confirmed_until


def test_polands_days_are_fixed_by_law_to_the_last_year_asked_for() -> None:
    found = public_holidays("PL", None, range(2024, 2030))

    assert found.confirmed_until == date(2029, 12, 31)
    assert found.working_days == frozenset()
    assert {date(2026, 5, 1), date(2026, 5, 3), date(2026, 12, 24)} <= set(found.days_off)
    assert date(2024, 12, 24) not in found.days_off  # a day off since 2025


@pytest.mark.parametrize(("country", "subdivision"), [("XX", None), ("pl", None), ("", None), ("PL", "XX")])
def test_an_unknown_country_or_part_is_refused(country: str, subdivision: str | None) -> None:
    with pytest.raises(LookupError, match="No public holidays are known"):
        public_holidays(country, subdivision, range(2024, 2026))
