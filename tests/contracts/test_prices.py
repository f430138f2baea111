"""A price as people read it before they agree."""

from datetime import date
from pathlib import Path

import pytest

from pomost.contracts.prices import price_said
from pomost.contracts.public_holidays import public_holidays
from pomost.rules.pricing import NoPrice
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parse import parse_terms

TERMS = Path(__file__).resolve().parents[2] / "terms"
DAY = date(2026, 6, 15)


def terms_of(slug: str) -> Terms:
    return parse_terms((TERMS / f"{slug}.toml").read_text(encoding="utf-8"), f"{slug}.toml", public_holidays)


def test_a_price_that_is_only_an_example_says_so() -> None:
    said = price_said(terms_of("damal"), DAY, "en", service="remote-consultation", package="sla")

    assert "180.00" in said
    assert said.endswith("(example rate)")


def test_a_published_price_carries_no_remark() -> None:
    said = price_said(terms_of("satisoft"), DAY, "en", service="remote-help", family="subiekt")

    assert "200.00" in said
    assert "example" not in said


def test_where_several_prices_could_be_meant_none_is_named() -> None:
    with pytest.raises(NoPrice):
        price_said(terms_of("satisoft"), DAY, "en", service="remote-help")
