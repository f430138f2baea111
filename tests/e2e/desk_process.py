"""Runs the desk as a server process with the test's clock: `python desk_process.py CLOCK_FILE PORT_FILE`.

The same application as production's; only the clock is another. The port is the machine's choice, told by the file; a desk
that starts again takes the one the file has.
"""

import socket
import sys
from pathlib import Path

import uvicorn

sys.path.insert(0, str(Path(__file__).parents[1]))

from e2e.shared_clock import SharedClock
from pomost.config.asgi import application_for
from pomost.config.server import SERVER_OPTIONS


def main() -> None:
    clock_file, port_file = (Path(argument) for argument in sys.argv[1:])
    port = int(port_file.read_text()) if port_file.exists() else 0
    listener = socket.create_server(("127.0.0.1", port))
    unfinished = port_file.with_suffix(".new")
    unfinished.write_text(str(listener.getsockname()[1]))
    unfinished.rename(port_file)
    config = uvicorn.Config(application_for(SharedClock(clock_file)), **SERVER_OPTIONS)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
