"""Requests a second of the board's page, and the server's processor time for each; prints JSON.

    python bench/pages.py [--source src --source ../other/src] [--tickets 20] [--requests 150] [--hands 2] [--rounds 3]

Each `--source` is a tree to serve from; with several, rounds take turns, so that one run compares them. The data is a
scratch folder, the server `pomost serve`, and the hands keep their connections as browsers do.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BOARD = "/centaur/console/"
SERVE = "import sys; from pomost.cli.main import main; sys.exit(main())"
START_S = 60
WARM_UP = 20
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(source: Path) -> Iterator[tuple[int, int]]:
    """Serve the desk from a tree inside; returns the server's process id and port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, "serve", "--port", str(port)],
        env=os.environ | {"PYTHONPATH": str(source.resolve())},
    )
    try:
        for _look in range(START_S * 5):
            time.sleep(0.2)
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
        yield server.pid, port
    finally:
        server.terminate()
        server.wait(START_S)


def processor_seconds(pid: int) -> float:
    """Return what a process has used, in itself and in the system's calls."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK_S


def ask(port: int, cookie: str, times: int) -> None:
    """Ask for the board, one time after another, over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for _time in range(times):
        connection.request("GET", BOARD, headers={"Cookie": cookie})
        answer = connection.getresponse()
        if answer.status != 200 or b"</html>" not in answer.read():
            raise SystemExit(f"The board answered {answer.status}.")
    connection.close()


def measured(source: Path, cookie: str, requests: int, hands: int) -> tuple[float, float]:
    """Return requests a second, and the server's milliseconds of processor time for each."""
    with served(source) as (pid, port):
        ask(port, cookie, WARM_UP)
        used, began = processor_seconds(pid), time.perf_counter()
        asking = [
            threading.Thread(target=ask, args=(port, cookie, requests // hands)) for _hand in range(hands)
        ]
        for hand in asking:
            hand.start()
        for hand in asking:
            hand.join()
        wall = time.perf_counter() - began
        done = requests // hands * hands
        return done / wall, (processor_seconds(pid) - used) * 1000 / done


def signed_in(tickets: int) -> str:
    """Make a desk with so many open tickets, and return the cookie of a technician."""
    from desk_of_size import filled
    from django.db import connections
    from django.test import Client

    desk = filled(tickets)
    browser = Client()
    browser.force_login(desk.tess.person)
    connections.close_all()
    return "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--source", type=Path, action="append")
    arguments.add_argument("--tickets", type=int, default=20)
    arguments.add_argument("--requests", type=int, default=150)
    arguments.add_argument("--hands", type=int, default=2)
    arguments.add_argument("--rounds", type=int, default=3)
    given = arguments.parse_args()
    sources = given.source or [Path("src")]
    with tempfile.TemporaryDirectory() as data:
        os.environ["POMOST_DATA"] = data
        cookie = signed_in(given.tickets)
        found: dict[str, list[tuple[float, float]]] = {str(source): [] for source in sources}
        for _round in range(given.rounds):
            for source in sources:
                found[str(source)].append(measured(source, cookie, given.requests, given.hands))
    told = {
        source: {
            "requests_per_second": [round(each[0], 1) for each in rounds],
            "processor_ms_per_request": [round(each[1], 1) for each in rounds],
            "median_processor_ms": round(statistics.median(each[1] for each in rounds), 1),
        }
        for source, rounds in found.items()
    }
    asked = {"tickets": given.tickets, "requests": given.requests, "hands": given.hands}
    print(
        json.dumps({"figure": "the board's page", **asked, "load_before": os.getloadavg()[0], "found": told})
    )


if __name__ == "__main__":
    main()
