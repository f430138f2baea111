"""A desk that tells facts to a program until it is killed, in a process of its own and the database of POMOST_DATA.

`work` registers requests and sends; each line that it prints is a fact that was committed. `finish` starts again as a
desk does and sends what is left, with the time moved on past the lease of whoever was killed.
"""

import json
import os
import sys
from datetime import timedelta

from django.core.management import call_command

from people import ask, by, desk_of
from pomost.journal.models import Fact
from pomost.webhooks import actions
from pomost.webhooks.models import Delivery
from pomost.webhooks.sender import LEASE, run_once
from pomost.wire.clock import SystemClock


def work() -> None:
    """Register and send until the end."""
    call_command("migrate", verbosity=0)
    clock = SystemClock()
    desk = desk_of("satisoft")
    actions.subscribe(
        owner=desk.owen, url=os.environ["HOOK"], kinds=["ticket.registered"], by=by(desk.owen), at=clock.now()
    )
    while True:
        for _ in range(3):
            ticket = ask(desk.ada, "remote-help", clock.now(), family="subiekt")
            sys.stdout.write(f"{json.dumps(ticket.number)}\n")
            sys.stdout.flush()
        run_once(clock.now(), moment=clock.now)


def finish() -> None:
    """Send what is left, then say which facts there are and how their deliveries stand."""
    later = SystemClock().now() + LEASE + timedelta(minutes=1)
    while run_once(later):
        later += timedelta(seconds=1)
    facts = Fact.objects.filter(kind="ticket.registered").order_by("id")
    deliveries = Delivery.objects.order_by("id")
    found = {
        "numbers": [fact.data["number"] for fact in facts],
        "states": sorted({each.state for each in deliveries}),
        "ids": [each.webhook_id for each in deliveries],
    }
    sys.stdout.write(json.dumps(found))
