"""Random additions and measurements of working time against workclock and django-bizcal; prints JSON.

    python bench/differential.py --n 1000000 --seed 1

One case is one random desk, start and amount, asked of `Calendar.add`, of `Calendar.add_many` and of both others, and the
working time of the same span measured by all of them. A difference is counted by its kind, and the first of
each are printed whole. Exit code 1 when there is any.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
settings.configure(USE_TZ=True, TIME_ZONE="UTC", INSTALLED_APPS=[])

from other_calendars import Desk, random_desk  # noqa: E402 (django-bizcal reads Django's settings when imported)

CASES_A_DESK = 400
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
SECONDS = 3 * 366 * 86_400
LONGEST_SECONDS = 60 * 3600


def asked(chance: Random, desk: Desk, n: int) -> list[tuple[datetime, timedelta]]:
    """Return `n` starts, half of them by the desk's wall clock and on whole quarters, with amounts of either sign."""
    zone = ZoneInfo(desk.zone)
    cases = []
    for _ in range(n):
        start = FIRST + timedelta(seconds=chance.randrange(SECONDS))
        amount = timedelta(seconds=chance.randint(1, LONGEST_SECONDS))
        if chance.random() < 0.5:
            start = start.replace(minute=start.minute // 5 * 5, second=0).astimezone(zone)
            amount = timedelta(minutes=chance.randint(1, LONGEST_SECONDS // 300) * 5)
        cases.append((start, amount if chance.random() < 0.8 else -amount))
    return cases


class Tally:
    """Differences by kind, with the first of each."""

    def __init__(self) -> None:
        self.asked = Counter[str]()
        self.differ = Counter[str]()
        self.examples: dict[str, str] = {}

    def compare(self, kind: str, desk: Desk, ours: object, ask: Callable[[], object], case: object) -> None:
        """Count a question, and note it when the other engine answers something else or fails."""
        self.asked[kind] += 1
        try:
            theirs = ask()
        except (ValueError, OverflowError, ArithmeticError) as refusal:
            theirs = refusal
        if theirs != ours:
            self.differ[kind] += 1
            self.examples.setdefault(kind, f"{desk} {case}: ours {ours!r}, theirs {theirs!r}")


def compare_desk(tally: Tally, desk: Desk, cases: list[tuple[datetime, timedelta]]) -> None:
    ours, others = desk.ours(), desk.others()
    alone = [ours.add(start, amount) for start, amount in cases]
    together = ours.add_many([start for start, _ in cases], [amount for _, amount in cases])
    for case, due, also in zip(cases, alone, together, strict=True):
        start, amount = case
        tally.compare("add_many", desk, due, lambda also=also: also, case)
        span = (min(start, due), max(start, due))
        worked = ours.worked(*span)
        for name, engine in others.items():
            way = "forward" if amount > timedelta(0) else "backward"
            tally.compare(f"{name} add {way}", desk, due, lambda e=engine, c=case: e.add(*c), case)
            tally.compare(f"{name} worked", desk, worked, lambda e=engine, s=span: e.worked(*s), span)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--n", type=int, default=1_000_000, help="cases")
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    chance, tally, begun = Random(given.seed), Tally(), time.perf_counter()
    done = 0
    while done < given.n:
        desk = random_desk(chance)
        n = min(CASES_A_DESK, given.n - done)
        compare_desk(tally, desk, asked(chance, desk, n))
        done += n
    answer = {
        "figure": "differences from other engines of working time",
        "cases": done,
        "seed": given.seed,
        "comparisons": dict(tally.asked),
        "differences": sum(tally.differ.values()),
        "by_kind": dict(tally.differ),
        "examples": tally.examples,
        "seconds": round(time.perf_counter() - begun, 1),
    }
    print(json.dumps(answer, indent=1, ensure_ascii=False))
    return 1 if tally.differ else 0


if __name__ == "__main__":
    raise SystemExit(main())
