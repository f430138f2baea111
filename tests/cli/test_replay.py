"""`pomost replay`: all vectors pass, a wrong one is told, and what cannot be read is refused with a sentence."""

import json
from pathlib import Path
from typing import Any

import pytest

from pomost.cli.main import main

VECTORS = Path(__file__).parent.parent / "vectors"
KINDS = ("sla", "billing", "source-clocks", "source-prices", "source-entitlements")

REACTION: dict[str, Any] = {
    "id": "X1",
    "vendor": "centaur",
    "clock": "reaction",
    "package": "extended",
    "severity": "critical",
    "received": "2026-06-11T16:30:00+03:00",
    "expected_due": "2026-06-15T09:30:00+03:00",
}
PRICE: dict[str, Any] = {
    "id": "X2",
    "vendor": "satisoft",
    "family": "subiekt",
    "date": "2026-06-16",
    "worked_seconds": 4800,
    "expected": {"net": "400.00", "gross": "492.00"},
}
CLAIM: dict[str, Any] = {
    "id": "X3",
    "vendor": "centaur",
    "package_claimed": "extended",
    "package_shown": False,
    "service": "remote-connection",
    "version": "current",
    "expected": {"package": "basic", "outcome": "refused"},
}
WORKING: dict[str, Any] = {
    "id": "X4",
    "timezone": "UTC",
    "hours": {"mon": [["09:00", "17:00"]]},
    "holidays": [],
    "start": "2026-06-15T09:00:00Z",
    "op": "add",
    "amount_minutes": 60,
    "end": None,
    "expected": "2026-06-15T10:00:00Z",
}
SHEET: dict[str, Any] = {
    "id": "X6",
    "op": "round_timesheet",
    "mode": "default",
    "round_begin_minutes": 15,
    "round_end_minutes": 15,
    "round_duration_minutes": 60,
    "begin": "09:07:00",
    "end": "23:50:00",
    "expected_begin": "09:00:00",
    "expected_end": "24:00:00",
    "expected_duration_seconds": 54000,
}
CHARGE: dict[str, Any] = {
    "id": "X7",
    "op": "time_charge",
    "minimum_minutes": 60,
    "round_up_minutes": 0,
    "billable_minutes": 100,
    "rate_minor_per_hour": 20001,
    "expected_hours": 1.6666666666666667,
    "expected_total_minor": 33335,
}


def replay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, cases: object, *more: str
) -> tuple[int, list[dict[str, Any]], str]:
    file = tmp_path / "cases.json"
    file.write_text(cases if isinstance(cases, str) else json.dumps(cases), encoding="utf-8")
    code = main(["replay", kind, str(file), *more])
    out = capsys.readouterr()
    return code, [json.loads(line) for line in out.out.splitlines()], out.err


@pytest.mark.parametrize("kind", KINDS)
def test_every_vector_is_decided_as_its_source_says(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["replay", kind, str(VECTORS / f"{kind}.json")])

    *lines, last = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["id"] for line in lines if not line["ok"]] == []
    assert last == {"kind": kind, "cases": len(lines), "ok": len(lines), "differ": 0}
    assert len(lines) == len(json.loads((VECTORS / f"{kind}.json").read_text(encoding="utf-8")))
    assert code == 0


@pytest.mark.parametrize(
    ("kind", "case", "key", "wrong"),
    [
        ("source-clocks", REACTION, "expected_due", "2026-06-15T09:31:00+03:00"),
        ("source-prices", PRICE, "expected", {"net": "400.00", "gross": "492.01"}),
        ("source-entitlements", CLAIM, "expected", {"package": "basic", "outcome": "included"}),
        ("source-entitlements", CLAIM, "expected", {"package": "basic", "mood": "good"}),
        ("sla", WORKING, "expected", "2026-06-15T10:00:01Z"),
        ("billing", SHEET, "expected_end", "23:45:00"),
        ("billing", CHARGE, "expected_total_minor", 33334),
    ],
)
def test_a_case_that_differs_is_told_with_the_answer_and_the_exit_code(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    case: dict[str, Any],
    key: str,
    wrong: object,
) -> None:
    right_code, right, _ = replay(tmp_path, capsys, kind, [case])
    code, lines, _ = replay(tmp_path, capsys, kind, [case | {key: wrong}])

    assert (right_code, right[0]["ok"]) == (0, True)
    assert (code, lines[0]["ok"]) == (1, False)
    assert lines[0]["got"] not in (wrong, {key.removeprefix("expected_"): wrong})
    assert lines[-1] == {"kind": kind, "cases": 1, "ok": 0, "differ": 1}


def test_an_instant_is_the_same_however_it_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, _ = replay(
        tmp_path, capsys, "source-clocks", [REACTION | {"expected_due": "2026-06-15T06:30:00Z"}]
    )

    assert code == 0


def test_the_answer_is_decided_by_the_terms_in_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shipped = Path(__file__).parents[2] / "terms" / "centaur.toml"
    changed = shipped.read_text(encoding="utf-8").replace('critical = "1h"', 'critical = "2h"')
    folder = tmp_path / "terms"
    folder.mkdir()
    (folder / "centaur.toml").write_text(changed, encoding="utf-8")

    code, lines, _ = replay(tmp_path, capsys, "source-clocks", [REACTION], "--terms", str(folder))

    assert code == 1
    assert lines[0]["got"] == {"due": "2026-06-15T10:30:00+03:00"}


def without(case: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in case.items() if name != key}


@pytest.mark.parametrize(
    ("kind", "cases", "says"),
    [
        pytest.param("sla", "{", "is not JSON", id="half a file"),
        pytest.param("sla", "", "is not JSON", id="nothing"),
        pytest.param("sla", "{}", "must be a JSON array", id="no array"),
        pytest.param("sla", "[" * 100_000, "nested too deeply", id="endless nesting"),
        pytest.param("sla", "[NaN]", "NaN is not a number", id="not a number"),
        pytest.param("sla", "[1]", "case 1: a case must be an object", id="no object"),
        pytest.param("sla", [without(WORKING, "id")], "“id” must be text", id="no id"),
        pytest.param("sla", [WORKING, WORKING], "stands on 2 cases", id="an id twice"),
        pytest.param("sla", [without(WORKING, "expected")], "nothing to compare", id="nothing expected"),
        pytest.param("sla", [WORKING | {"op": "subtract"}], "add, deadline or between", id="an unknown operation"),
        pytest.param("sla", [WORKING | {"start": "2026-06-15T09:00:00"}], "with an offset", id="no offset"),
        pytest.param("sla", [WORKING | {"start": 7}], "with an offset", id="a number for an instant"),
        pytest.param("sla", [WORKING | {"timezone": "Mars"}], "make no calendar", id="an unknown zone"),
        pytest.param("sla", [WORKING | {"hours": {"mo": []}}], "must map weekdays", id="an unknown weekday"),
        pytest.param("sla", [WORKING | {"hours": {"mon": ["09:00"]}}], "must hold intervals", id="half an interval"),
        pytest.param("sla", [WORKING | {"hours": {"mon": [[9, 17]]}}], "must hold intervals", id="hours in numbers"),
        pytest.param("sla", [WORKING | {"hours": {"mon": 9}}], "must hold intervals", id="no list of hours"),
        pytest.param("sla", [WORKING | {"holidays": ["1 May"]}], "must be a date", id="a holiday in words"),
        pytest.param("sla", [WORKING | {"start": "today"}], "with an offset", id="a day in words"),
        pytest.param("sla", [WORKING | {"holidays": "none"}], "must be a list of dates", id="no list of holidays"),
        pytest.param("sla", [WORKING | {"pauses": [["x"]]}], "must be a list of [from, to]", id="half a pause"),
        pytest.param("sla", [WORKING | {"amount_minutes": "60"}], "must be a number", id="an amount in words"),
        pytest.param("sla", [WORKING | {"amount_minutes": 10**12}], "longer than ten years", id="an endless amount"),
        pytest.param("sla", [WORKING | {"hours": {}}], "there is no answer", id="a desk that never opens"),
        pytest.param("billing", [SHEET | {"op": "guess"}], "must be one of round_timesheet", id="an unknown question"),
        pytest.param("billing", [SHEET | {"mode": "round"}], "must be one of default", id="an unknown mode"),
        pytest.param("billing", [SHEET | {"begin": "9 o'clock"}], "a time of the day", id="a time in words"),
        pytest.param("billing", [SHEET | {"end": "09:06:59"}], "there is no answer", id="an end before the begin"),
        pytest.param("billing", [SHEET | {"round_end_minutes": -5}], "a number from 0", id="a negative unit"),
        pytest.param("billing", [SHEET | {"round_end_minutes": 0.001}], "minutes of whole seconds", id="part of a second"),
        pytest.param("billing", [CHARGE | {"rate_minor_per_hour": 10**40}], "a number from 0", id="an endless rate"),
        pytest.param("billing", [CHARGE | {"billable_minutes": True}], "a number from 0", id="true minutes"),
        pytest.param("source-clocks", [REACTION | {"vendor": "acme"}], "no terms of the vendor “acme”", id="an unknown vendor"),
        pytest.param("source-clocks", [REACTION | {"clock": "sun"}], "must be one of", id="an unknown clock"),
        pytest.param("source-clocks", [REACTION | {"package": "extendet"}], "Did you mean “extended”", id="an unknown package"),
        pytest.param("source-clocks", [REACTION | {"severity": "fatal"}], "no severity “fatal”", id="an unknown severity"),
        pytest.param("source-clocks", [REACTION | {"received": "1999-01-01T00:00:00Z"}], "in force on 1999-01-01", id="before all terms"),
        pytest.param("source-clocks", [REACTION | {"vendor": "bonus", "clock": "complaint", "confirmed": "2026-06-15T09:00:00Z"}], "have no [warranty]", id="no warranty"),
        pytest.param("source-prices", [PRICE | {"worked_seconds": -1}], "whole number from 0", id="negative work"),
        pytest.param("source-prices", [PRICE | {"worked_seconds": 1.5}], "whole number from 0", id="half a second"),
        pytest.param("source-prices", [PRICE | {"worked_seconds": True}], "whole number from 0", id="true work"),
        pytest.param("source-prices", [PRICE | {"date": "soon"}], "must be a date", id="a day in words"),
        pytest.param("source-prices", [PRICE | {"family": "navireo"}], "no rate", id="a product without a rate"),
        pytest.param("source-prices", [PRICE | {"vendor": "centaur"}], "have no price list", id="a vendor without prices"),
        pytest.param("source-entitlements", [CLAIM | {"package_shown": "yes"}], "true or false", id="shown in words"),
        pytest.param("source-entitlements", [CLAIM | {"version": "old"}], "current or outdated", id="a version in words"),
        pytest.param("source-entitlements", [CLAIM | {"service": "magic"}], "no service “magic”", id="an unknown service"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_a_sentence_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, cases: object, says: str
) -> None:
    code, lines, error = replay(tmp_path, capsys, kind, cases)

    assert code == 2
    assert lines == []
    assert says in error
    assert error.startswith("pomost: ")


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["replay", "sla", str(tmp_path / "none.json")]) == 2
    assert "cannot be read: No such file" in capsys.readouterr().err


@pytest.mark.parametrize(("content", "says"), [(None, "has no terms file"), ("format = 1", "has problems")])
def test_a_folder_without_terms_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, says: str
) -> None:
    folder = tmp_path / "terms"
    folder.mkdir()
    if content is not None:
        (folder / "a.toml").write_text(content, encoding="utf-8")

    code, _, error = replay(tmp_path, capsys, "source-clocks", [REACTION], "--terms", str(folder))

    assert code == 2
    assert says in error


def test_what_is_not_promised_has_no_due_moment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = REACTION | {"vendor": "satisoft", "package": "price-list", "severity": None, "expected_due": None}
    quota = {"id": "X5", "vendor": "satisoft", "package": "price-list", "tasks": 1, "worked_seconds": 60}

    code, _, _ = replay(tmp_path, capsys, "source-prices", [quota | {"expected": {"quota": None}}])
    refused, _, error = replay(tmp_path, capsys, "source-clocks", [case])

    assert code == 0
    assert refused == 2
    assert "“severity” must be text" in error


def test_minutes_that_are_not_round_are_compared_by_their_seconds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    between = WORKING | {"op": "between", "end": "2026-06-15T09:00:07Z", "amount_minutes": None}

    by_seconds, _, _ = replay(tmp_path, capsys, "sla", [between | {"expected": 0.1, "expected_seconds": 7}])
    by_minutes, _, _ = replay(tmp_path, capsys, "sla", [between | {"expected": 0.1166666667}])

    assert (by_seconds, by_minutes) == (0, 0)
