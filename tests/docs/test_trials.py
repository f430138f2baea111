"""The tables in docs/explain/trials.md are true: each row is read and run."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from docs.test_explain import Row, money, seconds, tables
from pomost.rules.money import Money
from pomost.rules.terms.model import Terms
from pomost.rules.trial.compare import try_terms
from pomost.rules.trial.facts import Answered
from pomost.rules.trial.side import Kept
from rules.test_trial import happened, request, worked
from vendors import odd

WORDS = {True: "kept", False: "missed", None: "open"}


def promising(text: str) -> Terms:
    """Return the odd terms with another time for a call back."""
    amount = None if text == "none" else timedelta(seconds=seconds(text))
    return replace(
        odd(),
        promises=tuple(
            replace(each, amounts={**each.amounts, ("silver", "calm"): amount})
            if each.id == "call-back"
            else each
            for each in odd().promises
        ),
    )


def word(kept: Kept | None) -> str:
    return "none" if kept is None else WORDS[kept.met]


def check_promise(row: Row) -> None:
    asked = request(
        package_claimed="silver",
        severity="calm",
        events=happened(work_began=seconds(row["Work began after"]) // 60),
    )

    (tried,) = try_terms([asked], promising(row["Promised"]), promising(row["Draft"])).tried

    assert tried.both is not None
    before, after = (each.promises.get("call-back") for each in tried.both)
    assert (word(before), word(after)) == (row["Now"], row["With the draft"])
    assert tried.differs == (row["Differs"] == "yes")


def pricing(rate: Money) -> Terms:
    """Return the odd terms with another rate for presses."""
    lists = tuple(
        replace(
            prices,
            tariffs=tuple(
                replace(each, tariff=replace(each.tariff, rate_per_hour=rate)) for each in prices.tariffs
            ),
        )
        for prices in odd().price_lists
    )
    return replace(odd(), price_lists=lists)


def check_price(row: Row) -> None:
    asked = request(work=worked(seconds(row["Worked"]) // 60), answered=Answered("accepted"))

    (tried,) = try_terms([asked], pricing(money(row["Rate of an hour"])), pricing(money(row["Draft"]))).tried

    assert tried.both is not None
    assert [each.net for each in tried.both] == [money(row["Now"]), money(row["With the draft"])]
    assert tried.more == money(row["More"])


CHECKS: Mapping[str, Callable[[Row], None]] = {"promise": check_promise, "price": check_price}
TABLES = tables("trials.md")
ROWS = [
    pytest.param(table.check, row, id=f"{table.check}:{number}")
    for table in TABLES
    for number, row in table.rows
]


@pytest.mark.parametrize(("check", "row"), ROWS)
def test_what_the_page_says_is_what_the_rules_do(check: str, row: Row) -> None:
    CHECKS[check](row)


def test_every_table_is_checked_and_every_check_has_its_table() -> None:
    assert sorted(table.check for table in TABLES) == sorted(CHECKS)
    assert all(table.rows for table in TABLES)


def test_a_wrong_cell_is_noticed() -> None:
    row = {
        "Promised": "12 h",
        "Draft": "10 h",
        "Work began after": "11 h",
        "Now": "kept",
        "With the draft": "kept",
        "Differs": "no",
    }

    with pytest.raises(AssertionError):
        check_promise(row)
