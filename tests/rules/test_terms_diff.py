"""What changes between two versions: nothing between a version and itself, and every mutated thing by name."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pomost.contracts.public_holidays import public_holidays
from pomost.contracts.shipped_terms import SHIPPED_TERMS
from pomost.rules.money import Money
from pomost.rules.terms.diff import Change, diff
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parse import parse_terms
from pomost.rules.terms.parts import Cell
from pomost.rules.terms.point import About, Price, Whom
from pomost.rules.terms.problems import TermsInvalid
from vendors import ODD, SLUGS, no_holidays, odd, shipped

ALL = [*(shipped(slug) for slug in SLUGS), odd()]
TEXTS = {slug: (SHIPPED_TERMS / f"{slug}.toml").read_text(encoding="utf-8") for slug in SLUGS} | {
    "odd": ODD.read_text(encoding="utf-8")
}


known_holidays = cache(public_holidays)


def changed(slug: str, *edits: tuple[str, str]) -> Terms:
    """A shipped file with some of its text replaced; every replaced text must be there."""
    text = TEXTS[slug]
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return parse_terms(text, f"{slug}.toml", no_holidays if slug == "odd" else known_holidays)


def only(changes: tuple[Change, ...], about: About) -> Change:
    found = [each for each in changes if each.about is about]
    assert len(found) == 1, changes
    return found[0]


@pytest.mark.parametrize("terms", ALL, ids=lambda terms: terms.vendor.slug)
def test_a_version_does_not_differ_from_itself(terms: Terms) -> None:
    assert diff(terms, terms) == ()


def test_a_shorter_promise_is_named_for_its_package_and_severity_with_both_clauses() -> None:
    new = changed(
        "centaur",
        ("from = 2024-01-01", "from = 2026-07-01"),
        ('critical = "1h"', 'critical = "30m"'),
    )

    (change,) = diff(shipped("centaur"), new)

    assert change.about is About.AMOUNT
    assert change.whom == Whom(package="extended", severity="critical")
    assert (change.before, change.after) == (timedelta(hours=1), timedelta(minutes=30))
    assert change.clause_before == change.clause_after is not None
    assert change.holds_from == date(2026, 7, 1)


def test_a_new_price_is_named_for_each_product_it_is_for_and_for_no_other() -> None:
    new = changed("satisoft", ('rate_per_hour = "200.00"', 'rate_per_hour = "220.00"'))

    changes = diff(shipped("satisoft"), new)

    assert {each.whom.family for each in changes} == {"subiekt", "gestor"}
    assert {each.about for each in changes} == {About.PRICE}
    for each in changes:
        assert isinstance(each.before, Price)
        assert isinstance(each.after, Price)
        assert each.before.rate_per_hour == Money.of("200.00", "PLN")
        assert each.after.rate_per_hour == Money.of("220.00", "PLN")
        assert each.clause_before == each.clause_after == "4.1"


def test_a_later_price_list_is_told_with_its_own_day() -> None:
    lists = TEXTS["satisoft"][
        TEXTS["satisoft"].index("[[price_list]]") : TEXTS["satisoft"].index("[estimate]")
    ]
    later = (
        lists.replace('id = "2024"', 'id = "2027"')
        .replace("from = 2024-01-01", "from = 2027-01-01")
        .replace('rate_per_hour = "400.00"', 'rate_per_hour = "440.00"')
        .replace('vat = "23"', 'vat = "24"')
    )
    new = changed("satisoft", ("[estimate]", f"{later}\n[estimate]"))

    changes = diff(shipped("satisoft"), new)

    assert {(each.about, each.whom.family) for each in changes} == {
        (About.PRICE, "database-repair"),
        (About.VAT, None),
    }
    for each in changes:
        assert each.holds_from == date(2027, 1, 1)


def test_the_id_of_a_tariff_is_no_ones_business() -> None:
    assert (
        diff(
            shipped("satisoft"),
            changed("satisoft", ('id = "books"', 'id = "ledgers"'), ('id = "2024"', 'id = "a"')),
        )
        == ()
    )


def test_a_service_that_becomes_paid_is_one_change_of_its_cell() -> None:
    new = changed(
        "centaur",
        ("from = 2024-01-01", "from = 2026-01-01"),
        ('cells = { basic = "no", extended = "yes" }', 'cells = { basic = "unstated", extended = "yes" }'),
    )

    (change,) = diff(shipped("centaur"), new)

    assert change.about is About.CELL
    assert (change.before, change.after) == (Cell.NO, Cell.UNSTATED)
    assert change.whom.package == "basic"


def test_the_same_rule_by_another_clause_is_a_change_of_the_clause_only() -> None:
    new = changed(
        "satisoft",
        ('after = "solution.confirmed"\nclause = "6"', 'after = "solution.confirmed"\nclause = "7"'),
    )

    (change,) = diff(shipped("satisoft"), new)

    assert change.only_the_clause
    assert (change.about, change.clause_before, change.clause_after) == (About.INVOICE, "6", "7")


def test_a_new_package_is_told_with_what_it_gets() -> None:
    package = (
        '[[package]]\nid = "gold"\nname = { pl = "Złoty", ru = "Золотой", en = "Gold" }\nclause = "1.1"\n\n'
    )
    paid = 'cells = { price-list = "paid" }'
    wider = (paid, 'cells = { price-list = "paid", gold = "yes" }')
    new = changed("satisoft", ("[[service]]", f"{package}[[service]]"), wider, wider, wider)

    changes = diff(shipped("satisoft"), new)

    assert only(changes, About.PACKAGE).key == "gold"
    assert {each.about for each in changes} == {About.PACKAGE, About.CELL}
    assert {each.after for each in changes if each.about is About.CELL} == {Cell.YES}


def test_holidays_of_years_that_only_the_newer_file_was_read_for_are_no_change() -> None:
    assert diff(shipped("damal"), changed("damal", ("from = 2024-01-01", "from = 2029-01-01"))) == ()


HARMLESS = re.compile(r"(version|note|id|country|slug|public_holidays) = |#")
"""Lines whose change serves nobody otherwise: names within the file, remarks, and what makes it another vendor's."""
TRANSLATED = re.compile(r"\w+\.(pl|ru) = ")
"""One language of a text is enough to try."""


@pytest.mark.parametrize("slug", [*SLUGS, "odd"])
def test_no_line_of_a_file_can_change_without_a_change_being_told(slug: str) -> None:
    """The last text of each line is written otherwise; what is still terms must differ."""
    lines = TEXTS[slug].splitlines()
    base = parse_terms(TEXTS[slug], "a.toml", no_holidays)
    silent, tried = [], 0
    for place, line in enumerate(lines):
        texts = re.findall(r'"[^"\n]*"', line)
        if not texts or HARMLESS.match(line) or TRANSLATED.match(line):
            continue
        for new in _others(line.split(" = ")[0], texts[-1], base):
            before, _, rest = line.rpartition(texts[-1])
            mutated = [*lines[:place], before + new + rest, *lines[place + 1 :]]
            try:
                other = parse_terms("\n".join(mutated), "a.toml", no_holidays)
            except TermsInvalid:
                continue
            tried += 1
            if not diff(base, other):
                silent.append(f"{line} → {new}")
            break

    assert tried > 40
    assert silent == [], "\n".join(silent)


OTHER_WORDS = {
    "before": ("look", "act"),
    "level": ("look", "act"),
    "time": ("elapsed",),
    "kind": ("text", "phone", "phone-noted"),
    "channels": ("mail",),
    "cells": ("unstated",),
    "starts": ("work.began",),
    "stops": ("request.closed",),
    "after": ("request.closed", "work.began"),
    "scope": ("session", "request"),
    "decline_leaves": ("worked-time", "nothing"),
    "beyond": ("goes-on", "ask-again"),
    "set_by": ("technician", "customer"),
    "change": ("freely",),
    "effect": ("may-end", "may-refuse"),
    "counts": ("hours", "requests"),
    "elsewhere": ("no",),
    "zone": ("Europe/Berlin",),
    "currency": ("USD",),
}


def _others(key: str, old: str, terms: Terms) -> list[str]:
    """Other values that might be accepted in the place of one."""
    inner = old[1:-1]
    if re.fullmatch(r"\d+\.\d\d", inner):
        return [f'"{Decimal(inner) + 1}"']
    if re.fullmatch(r"\d+[hms]", inner):
        return [f'"{int(inner[:-1]) + 1}{inner[-1]}"']
    if re.fullmatch(r"\d\d:\d\d-\d\d:\d\d", inner):
        return ['"10:00-11:00"']
    if key == "clause" or key.endswith("_clause"):
        return [f'"{next(each.id for each in terms.clauses if each.id != inner)}"']
    words = OTHER_WORDS.get(key, (f"{inner} x",))
    return [f'"{each}"' for each in words if each != inner]


@given(st.data())
def test_every_mutated_cell_amount_and_price_is_named_for_whom_it_is(data: st.DataObject) -> None:
    """Whatever is changed in the values, exactly that is told: nothing more, nothing less."""
    terms = data.draw(st.sampled_from([shipped("centaur"), shipped("kryzhik"), shipped("damal"), odd()]))
    row_index = data.draw(st.integers(0, len(terms.matrix) - 1))
    row = terms.matrix[row_index]
    package = data.draw(st.sampled_from(sorted(row.cells)))
    cell = data.draw(st.sampled_from([each for each in Cell if each is not row.cells[package]]))
    rows = (
        *terms.matrix[:row_index],
        replace(row, cells={**row.cells, package: cell}),
        *terms.matrix[row_index + 1 :],
    )
    other = replace(terms, matrix=rows)
    expected = {(About.CELL, "", Whom(package, row.service))}
    if terms.promises:
        index = data.draw(st.integers(0, len(terms.promises) - 1))
        promise = terms.promises[index]
        place = data.draw(st.sampled_from(list(promise.amounts)))
        amount = data.draw(st.integers(1, 100).map(lambda n: timedelta(minutes=n, seconds=1)))
        mutated = replace(promise, amounts={**promise.amounts, place: amount})
        other = replace(other, promises=(*terms.promises[:index], mutated, *terms.promises[index + 1 :]))
        severities = (
            [place[1]] if place[1] or not terms.severities else [each.id for each in terms.severities]
        )
        expected |= {(About.AMOUNT, promise.id, Whom(package=place[0], severity=each)) for each in severities}

    changes = diff(terms, other)

    assert {
        (each.about, each.key, each.whom) for each in changes if each.about is not About.PRICE
    } == expected
    assert {each.whom.service for each in changes if each.about is About.PRICE} <= {row.service}
    back = diff(other, terms)
    assert {
        (each.about, each.key, each.whom, each.before, each.after)
        for each in changes
        if each.about is not About.PRICE
    } == {
        (each.about, each.key, each.whom, each.after, each.before)
        for each in back
        if each.about is not About.PRICE
    }
