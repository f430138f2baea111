"""Seconds from a fresh clone to the first page of `make demo`; prints JSON.

    python bench/first_page.py

Clones this repository into a scratch folder, runs `make demo` there with ports of its own choosing, waits until the desk answers, and stops it.
Packages come from where the machine's package clients get them, so the figure holds for this machine and its network.
"""

import json
import os
import re
import signal
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "pomost"
        began = time.monotonic()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        demo = subprocess.Popen(
            ["make", "demo"], cwd=clone, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        try:
            with urllib.request.urlopen(address_said_by(demo), timeout=30):
                seconds = round(time.monotonic() - began, 1)
        finally:
            # The whole group, as a terminal's Ctrl+C does: make passes nothing on.
            os.killpg(demo.pid, signal.SIGINT)
            demo.wait(60)
    print(json.dumps({"figure": "fresh clone to the demo's first page", "seconds": seconds}))


def address_said_by(demo: subprocess.Popen[str]) -> str:
    """Return the desk's address once the demo has printed it."""
    assert demo.stdout is not None
    said = []
    for line in demo.stdout:
        said.append(line)
        found = re.search(r"Desk\s+(http://\S+)", line)
        if found:
            return found[1]
    raise SystemExit(f"The demo ended without an address. It said:\n{''.join(said)}")


if __name__ == "__main__":
    main()
