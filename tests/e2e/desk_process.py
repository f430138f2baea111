"""Runs the desk as a server process with the test's clock: `python desk_process.py CLOCK_FILE PORT`.

The same application as production's; only the clock is another.
"""

import sys
from pathlib import Path

import uvicorn

sys.path.insert(0, str(Path(__file__).parent))

from shared_clock import SharedClock

from pomost.config.asgi import application_for


def main() -> None:
    clock_file, port = sys.argv[1:]
    uvicorn.run(application_for(SharedClock(Path(clock_file))), host="127.0.0.1", port=int(port), log_level="warning", ws="websockets-sansio",
                timeout_graceful_shutdown=2)


if __name__ == "__main__":
    main()
