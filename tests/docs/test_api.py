"""docs/reference/api.md is true: its examples are sent, in their order, and answered as it says."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.calling import program
from people import desk_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "api.md"
NOON = datetime(2026, 6, 15, 12, tzinfo=ZoneInfo("Europe/Warsaw"))
EXAMPLE = re.compile(
    r"```http\n(?P<method>GET|POST) /satisoft/api/v1(?P<path>\S+)\n(?:Idempotency-Key: (?P<key>\S+)\n)?(?P<body>\{.*\}\n)?"
    r"```\n```json\n(?P<answer>.*)\n```"
)


def differences(said: Any, got: Any, way: str = "") -> list[str]:
    """Return where the answer does not hold what the page says of it; it may hold more."""
    if isinstance(said, dict) and isinstance(got, dict):
        return [
            each for key, value in said.items() for each in differences(value, got.get(key), f"{way}.{key}")
        ]
    if isinstance(said, list) and isinstance(got, list) and len(said) == len(got):
        return [
            each
            for place, (one, other) in enumerate(zip(said, got, strict=True))
            for each in differences(one, other, f"{way}.{place}")
        ]
    return [] if said == got else [f"{way}: the page says {said!r}, the desk {got!r}"]


@pytest.mark.django_db
def test_the_examples_are_answered_as_the_page_says() -> None:
    text = PAGE.read_text(encoding="utf-8")
    crm = program(desk_of("satisoft").owen, NOON)
    examples = list(EXAMPLE.finditer(text))
    assert len(examples) == text.count("```http") >= 8

    wrong = {}
    for each in examples:
        path, _mark, query = each["path"].partition("?")
        answer = (
            crm.get(path, **dict(pair.split("=") for pair in query.split("&") if pair))
            if each["method"] == "GET"
            else crm.post(path, json.loads(each["body"]), key=each["key"] or "")
        )
        wrong[each["path"]] = differences(json.loads(each["answer"]), json.loads(answer.content))

    assert {path: faults for path, faults in wrong.items() if faults} == {}


def test_a_wrong_figure_would_be_noticed() -> None:
    assert differences({"a": [{"b": "1"}]}, {"a": [{"b": "2", "c": 3}]}) == [
        ".a.0.b: the page says '1', the desk '2'"
    ]
    assert differences({"a": [1]}, {"a": []})
