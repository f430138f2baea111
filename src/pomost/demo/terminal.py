"""What the terminal says when the demo runs: addresses, sign-ins, and how to begin.

Owns: those lines. Does not own: who the people are (cast files) and where things answer (run.py).
"""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from pomost.demo.roster import PASSWORD, SignIn, sign_ins, vendor_files
from pomost.demo.settings import settings

PACKAGE: Final = Path(__file__).resolve().parents[1]
SAMPLES: Final = PACKAGE / "terms_data" / "samples"
ROLE_FIRST: Final = "technician"


def welcome(
    desk: str,
    screen: str,
    mailbox: str,
    smtp_port: int,
    folder: Path,
    language: str,
    hints: Mapping[str, Mapping[str, str]],
) -> Iterator[str]:
    """Yield the lines: addresses, then everybody who can sign in, then the first steps in each language."""
    people = sign_ins(vendor_files())
    yield ""
    yield "The demo runs. Everybody in it is invented, and nothing leaves this computer."
    yield ""
    yield f"  Desk                {desk}/"
    if screen:
        yield f"  Customer's screen   {screen}/   a virtual desktop, in a browser"
    yield f"  Mailbox             {mailbox}/   what the desk mails; SMTP on port {smtp_port}"
    yield f"  Audit               {desk}/audit/   a month kept elsewhere, judged by terms; tables to try it with:"
    for sample in sorted(SAMPLES.glob("*.csv")):
        yield f"                      {sample.resolve()}"
    yield f"  Data                {folder}"
    yield ""
    yield f"  Everybody's password: {PASSWORD}"
    widest = max(len(each.name) for each in people)
    for vendor in dict.fromkeys(each.vendor for each in people):
        yield ""
        yield f"  {desk}/{vendor}/"
        for each in people:
            if each.vendor == vendor:
                yield f"    {each.role:<11}  {each.name:<{widest}}  {each.email}"
    first = _first(people, language)
    yield ""
    for code, say in hints.items():
        words = say["begin" if screen else "own_screen"]
        yield f"  {code}  {words.format(technician=first.email, desk=f'{desk}/{first.vendor}/', screen=f'{screen}/')}"
    yield ""
    yield "  Ctrl+C stops everything."
    yield ""


def _first(people: list[SignIn], language: str) -> SignIn:
    """Return a technician whom the app that stands open on the desktop can call."""
    known = settings()
    apps = [
        program.vendor for key in known.usual(language) if (program := known.program(key)) and program.vendor
    ]
    return next(each for each in people if each.vendor in apps and each.role == ROLE_FIRST)


def compile_translations() -> None:
    """Compile the catalogues that were not yet; without msgfmt the pages stay English."""
    program = shutil.which("msgfmt")
    for source in PACKAGE.glob("**/locale/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if program is not None and (not target.exists() or target.stat().st_mtime < source.stat().st_mtime):
            subprocess.run([program, "--check-format", "-o", str(target), str(source)], check=True)
