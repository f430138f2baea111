"""Anything at any time, on five desks and two databases: whatever is tried, the laws hold in the tables and the journal gives the same clocks.

The same histories each time, so that nobody's change fails by chance; bench/machine.py plays others, and many more.
"""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from billing.stories import story_of
from laws.wider import WiderDeskMachine

SLUGS = ("bonus", "centaur", "damal", "kryzhik", "satisoft")
EXAMPLES = {"sqlite": 6, "postgresql": 4}
"""Histories a desk. The second database is slower, and asked for what differs there: locks, triggers, types."""
STEPS = 30
MUCH = 8
"""So many kinds of steps must have succeeded: a machine that is refused everything keeps every law."""


@pytest.mark.parametrize("slug", SLUGS)
def test_whatever_is_tried_the_laws_hold(slug: str, both_databases: str) -> None:
    story = story_of(slug)
    happened: Counter[str] = Counter()
    machine = type("Desk", (WiderDeskMachine,), {"story": story, "happened": happened})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES[both_databases],
            stateful_step_count=STEPS,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
            derandomize=True,
        ),
    )

    assert len(happened) >= MUCH, sorted(happened)
