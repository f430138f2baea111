"""`pomost demo`: a whole desk with invented people on this machine. What it does is in pomost/demo/run.py.

The module is named by a string and loaded when asked for: the other commands need neither its X screen nor its mail server.
"""

import argparse
import importlib
from pathlib import Path
from typing import Any

RUN = "pomost.demo.run"


def add_to(subcommands: Any) -> None:
    """Register the command."""
    demo = subcommands.add_parser(
        "demo", help="run everything with sample data and a virtual desktop until Ctrl+C"
    )
    demo.add_argument("--data", type=Path, default=Path("var/demo"), help="the demo's own folder (var/demo)")
    demo.add_argument("--fresh", action="store_true", help="forget what the folder holds and begin anew")
    demo.add_argument(
        "--language", choices=["pl", "ru"], default="pl", help="of the virtual desktop and its programs"
    )
    demo.add_argument(
        "--screen",
        choices=["virtual", "real"],
        default="virtual",
        help="real: share this computer's own X11 screen",
    )
    for name, port in (("desk", 8000), ("screen", 8010), ("mailbox", 8011), ("smtp", 8025)):
        demo.add_argument(
            f"--{name}-port", type=int, default=port, help=f"{port}; the next free one if it is taken"
        )
    demo.set_defaults(run=_demo)


def _demo(chosen: argparse.Namespace) -> int:
    demo = importlib.import_module(RUN)
    ports = demo.Ports(chosen.desk_port, chosen.screen_port, chosen.mailbox_port, chosen.smtp_port)
    wishes = demo.Wishes(
        chosen.data, chosen.language, real_screen=chosen.screen == "real", fresh=chosen.fresh, ports=ports
    )
    return int(demo.run(wishes))
