"""The machine of tests/laws at length: anything at any time on five desks, with chance instead of the same histories; prints JSON.

    POMOST_DATA=/tmp/scratch python bench/machine.py --examples 100 --seed 1 [--database postgresql]

Makes a database of its own: in POMOST_DATA, or on a PostgreSQL that is started for the run. A history that breaks a law ends
the run with its steps. Otherwise it says how often each verb succeeded, so that one that never did is seen.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pomost.config.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from hypothesis import HealthCheck, Phase, settings  # noqa: E402
from hypothesis.stateful import run_state_machine_as_test  # noqa: E402

from billing.stories import story_of  # noqa: E402
from databases import Postgres, using  # noqa: E402
from laws.invariants import INVARIANTS  # noqa: E402
from laws.wider import WiderDeskMachine  # noqa: E402


@contextmanager
def own_database(vendor: str) -> Iterator[None]:
    """Let Django use a migrated database of this run inside."""
    if vendor == "sqlite":
        call_command("migrate", verbosity=0)
        yield
        return
    with tempfile.TemporaryDirectory() as shared:
        server = Postgres.of_this_run(Path(shared))
        with server.own_database() as name, using(server.settings(name)):
            yield


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--examples", type=int, default=100)
    arguments.add_argument("--steps", type=int, default=40)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument(
        "--vendors", nargs="*", default=["bonus", "centaur", "damal", "kryzhik", "satisoft"]
    )
    arguments.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = arguments.parse_args()
    with own_database(given.database):
        play(given)


def play(given: argparse.Namespace) -> None:
    """Play the histories in the database that Django uses, take them back, and print what came to pass."""
    begun, happened = time.perf_counter(), {}
    for place, slug in enumerate(given.vendors):
        with transaction.atomic():
            counts: Counter[str] = Counter()
            machine = type("Desk", (WiderDeskMachine,), {"story": story_of(slug), "happened": counts})
            # The seed of the machine's chance, as `hypothesis.seed` leaves it on a test.
            machine._hypothesis_internal_use_seed = given.seed * 100 + place
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=given.examples,
                    stateful_step_count=given.steps,
                    deadline=None,
                    database=None,
                    suppress_health_check=list(HealthCheck),
                    phases=(Phase.generate,),
                ),
            )
            happened[slug] = dict(sorted(counts.items()))
            transaction.set_rollback(True)
    print(
        json.dumps(
            {
                "figure": "anything at any time, by the actions",
                "database": connection.vendor,
                "histories_a_vendor": given.examples,
                "steps_at_most": given.steps,
                "invariants": len(INVARIANTS),
                "succeeded": happened,
                "seconds": round(time.perf_counter() - begun, 1),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
