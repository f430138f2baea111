"""The customer's hands and the technician's injector on one desktop: `python.exe hands_process.py`, under Windows or Wine.

Says `ready HOT_KEY`, then a line for each sign of the customer's own hands. For each line on standard input it injects: `move X Y` says where the pointer then
is, `type` types and clicks and says `done`. Programs talk JSON.
"""

import json
import sys
import threading

assert sys.platform == "win32", "A program for Windows; Wine will do."

from pomost.agent.hands_windows import Hands
from pomost.agent.input_windows import WindowsInjector
from pomost.agent.screen_windows import WindowsScreen
from pomost.wire import peer
from pomost.wire.clock import SystemClock


def say(*words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def main() -> None:
    hands = Hands(SystemClock(), on_hot_key=lambda: say("hot key"), on_own_hand=lambda: say("own hand"))
    threading.Thread(target=hands.watch, args=(500, lambda: None), daemon=True).start()
    injector, screen = WindowsInjector(), WindowsScreen()
    say("ready", hands.hot_key)
    for line in sys.stdin:
        match line.split():
            case ["move", x, y]:
                injector.inject(peer.Move(1, int(x), int(y)), 0)
                say("at", *screen.pointer())
            case ["type"]:
                for down in (True, False):
                    injector.inject(peer.KeyStroke(1, down, "ControlLeft", "Control"), 0)
                    injector.inject(peer.Button(1, 0, down, 640, 20), 0)
                injector.inject(peer.TypedText(1, "ż"), 0)
                injector.inject(peer.Wheel(1, 0, 120, 640, 20), 0)
                say("done")


if __name__ == "__main__":
    main()
