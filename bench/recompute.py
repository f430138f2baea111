"""All clocks of many open tickets recomputed after a day off is added, while somebody goes on writing; prints JSON.

    POMOST_DATA=/tmp/scratch python bench/recompute.py --tickets 100000

Another process writes a note to a ticket, by the real action, every 20 ms: before the recomputation begins and while it
runs. Its waits are the figure that says whether writers are held up.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from datetime import timedelta
from itertools import count
from pathlib import Path

from desk_of_size import DAY_OFF, NOW, filled
from django.db import connection

from people import by
from pomost.contracts.calendar_edits import override_calendar
from pomost.contracts.calendars import CalendarBook
from pomost.contracts.queries import terms_of
from pomost.people.models import Technician
from pomost.tickets import actions
from pomost.tickets.models import Clock, MovedClock, Ticket

SETTLED = NOW + timedelta(minutes=5)
WRITES_BEFORE = 100


def write_until(stop: Path) -> None:
    """Write notes until the file appears, and print how long each took, in milliseconds."""
    technician = Technician.objects.select_related("person").earliest("pk")
    ticket = Ticket.objects.earliest("pk")
    for turn in count():
        if stop.exists():
            return
        begun = time.perf_counter()
        actions.note(ticket, f"Note {turn}", technician=technician, by=by(technician), at=SETTLED)
        print(round((time.perf_counter() - begun) * 1000, 2), flush=True)
        time.sleep(0.02)


def waits(lines: list[str]) -> dict[str, float | int]:
    took = sorted(float(line) for line in lines)
    return {
        "writes": len(took),
        "median_ms": took[len(took) // 2] if took else 0,
        "p99_ms": took[int(len(took) * 0.99)] if took else 0,
        "longest_ms": took[-1] if took else 0,
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--tickets", type=int, default=10_000)
    arguments.add_argument("--write-until", type=Path, help="be the writer (used by the bench itself)")
    given = arguments.parse_args()
    if given.write_until:
        write_until(given.write_until)
        return
    begun = time.perf_counter()
    desk = filled(given.tickets)
    filling = time.perf_counter() - begun
    stop = Path(str(connection.settings_dict["NAME"]) + ".stop").absolute()
    stop = stop if stop.parent.exists() else Path(f"{stop.name}.stop").absolute()
    stop.unlink(missing_ok=True)
    with subprocess.Popen(
        [sys.executable, __file__, "--write-until", str(stop)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        before = [writer.stdout.readline() for _ in range(WRITES_BEFORE)]
        override_calendar(
            desk.vendor, "office", first_day=DAY_OFF, last_day=DAY_OFF, hours=(), by=by(desk.owen), at=NOW
        )
        recomputer = actions.Recomputer()
        begun, cpu = time.perf_counter(), time.process_time()
        moved = recomputer.run_once(SETTLED)
        wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
        rest = recomputer.run_once(SETTLED)
        stop.touch()
        during = writer.stdout.read().split()
    stop.unlink()
    print(
        json.dumps(
            {
                "figure": "recomputation after a day off is added",
                "database": connection.vendor,
                "tickets": given.tickets,
                "moved": moved,
                "moved_by_a_second_pass": rest,
                "kept_values": MovedClock.objects.count(),
                "wrong": wrong(),
                "wall_seconds": round(wall, 2),
                "cpu_seconds": round(cpu, 2),
                "writer_before": waits(before),
                "writer_during": waits(during),
                "filling_seconds": round(filling, 1),
            },
            indent=1,
        )
    )


def wrong() -> int:
    """Return how many of the first thousand clocks, and of the last, are not due where a whole recomputation says."""
    ticket = Ticket.objects.select_related("terms").earliest("pk")
    calendar = CalendarBook.of(ticket.vendor_id).applied_to(terms_of(ticket.terms)).calendar("office")
    clocks = [*Clock.objects.order_by("pk")[:1000], *Clock.objects.order_by("-pk")[:1000]]
    return sum(
        clock.started_at is not None
        and clock.due_at != calendar.add(clock.started_at, timedelta(seconds=clock.amount_seconds))
        for clock in clocks
    )


if __name__ == "__main__":
    main()
