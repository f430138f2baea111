"""A whole desk that serves files until it is killed, for a process of its own in the database of POMOST_DATA.

`serve` is the application that `pomost serve` runs, on a loopback port. Before it serves it says on one line where it
listens, who may send, and how the version is fetched that there is.
"""

import json
import socket
import sys

import uvicorn
from django.core.management import call_command
from django.db import connections

from people import by, cast
from pomost.files.models import Version
from pomost.files.permits import fetching_permit, sending_permit
from pomost.people.models import Contact
from pomost.wire.clock import SystemClock


def serve() -> None:
    """Make the desk where there is none, and serve it until the end."""
    from pomost.config.asgi import application
    from pomost.config.server import SERVER_OPTIONS

    call_command("migrate", verbosity=0)
    ada = Contact.objects.filter(name="Ada").first() or cast().ada
    now = SystemClock().now()
    permit = sending_permit(
        customer=ada.customer, subject="bench:1", kind="attachment", by=by(ada), language="en", at=now
    )
    version = Version.objects.first()
    listener = socket.create_server(("127.0.0.1", 0))
    said = {
        "port": listener.getsockname()[1],
        "permit": permit,
        "fetch": fetching_permit(version, now) if version else "",
        "sha256": version.sha256 if version else "",
    }
    connections.close_all()
    sys.stdout.write(f"{json.dumps(said)}\n")
    sys.stdout.flush()
    uvicorn.Server(uvicorn.Config(application, **SERVER_OPTIONS)).run(sockets=[listener])
