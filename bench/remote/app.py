"""The customer's real app without its windows: whoever asks is told yes. For measuring only.

    DISPLAY=:77 python bench/remote/app.py http://HOST:PORT/bench/

Capture, guard, keys and link are the product's own; only the clicks are missing, and the bar is not drawn, since it would cover a part
of the screen that the harness reads.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from pomost.agent import views
from pomost.agent.conversation import Conversation
from pomost.agent.pinned import Memory
from pomost.wire.clock import SystemClock
from pomost.wire.control import Language


class Yes:
    """Answers each window as the most trusting customer would."""

    conversation: "Unbarred"

    def introduce(self, vendor_name: str, language: Language) -> None: ...
    def hot_key(self, name: str) -> None: ...
    def finished(self) -> None: ...

    def show(self, view: views.View) -> None:
        talk = self.conversation
        match view:
            case views.Choosing(people=people) if people:
                talk.post(lambda: talk.call(people[0], "bench"))
            case views.Before():
                talk.post(lambda: talk.ask(lambda flow: flow.accepted_before(frozenset())))
            case views.Words(said=False):
                talk.post(lambda: talk.ask(lambda flow: flow.compared(match=True)))
            case views.Asked():
                talk.post(lambda: talk.ask(lambda flow: flow.answered(yes=True)))
            case views.Ended(why=why):
                print(why, file=sys.stderr)


class Unbarred(Conversation):
    def _show_bar(self) -> None: ...


def main() -> None:
    face = Yes()
    with tempfile.TemporaryDirectory() as folder:
        memory = Memory(sys.argv[1], Path(folder))
        face.conversation = Unbarred(sys.argv[1], SystemClock(), face, memory, dict(os.environ))
        asyncio.run(face.conversation.run())


if __name__ == "__main__":
    main()
