"""Random histories of requests, played by the rules of five vendors and an odd sixth, against every law; prints JSON.

    python bench/histories.py --n 100000 --seed 1

Says how many histories broke a law (the first of each law with its seed, so that it can be played again), and how often
each thing came to pass, so that a law that was never tried is seen. The laws are in tests/rules/laws.py, the chance in
tests/rules/histories.py, the desk in tests/rules/played_desk.py; a test shows that each law catches a desk with a wrong rule.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pomost.config.settings")

from rules.histories import history
from rules.laws import LAWS, Trial, broken, occurred
from rules.played_desk import Rules, play
from vendors import SLUGS, odd, shipped


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--n", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    terms = [*(shipped(slug) for slug in SLUGS), odd()]
    rules, seen, by_terms = Rules(), Counter(), Counter()
    wrong: dict[str, dict[str, object]] = {}
    breaches: Counter[str] = Counter()
    begun, processor = time.perf_counter(), time.process_time()
    for n in range(given.n):
        seed = f"{given.seed}-{n}"
        chance = Random(seed)
        told = history(chance, chance.choice(terms))
        played = play(told, rules)
        for law, what in broken(Trial(played, rules, chance)).items():
            breaches[law] += 1
            wrong.setdefault(law, {"seed": seed, "terms": told.terms.vendor.slug, "what": what})
        seen += occurred(played)
        by_terms[told.terms.vendor.slug] += 1
    print(
        json.dumps(
            {
                "figure": "random histories against the laws",
                "histories": given.n,
                "seed": given.seed,
                "laws": list(LAWS),
                "broken": dict(breaches),
                "first_of_each": wrong,
                "by_terms": dict(sorted(by_terms.items())),
                "came_to_pass": dict(sorted(seen.items())),
                "seconds": round(time.perf_counter() - begun, 1),
                "processor_seconds": round(time.process_time() - processor, 1),
            },
            indent=1,
        )
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
