"""What `data/desktop.toml` says about the virtual desktop, as types.

Owns: reading that file. Refuses: keys it does not know. Read next: `desktop.py`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("data") / "desktop.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One entry of the start menu. `open`: languages of the desktop with which it is started at once."""

    key: str
    title: str
    kind: str
    language: str
    open: tuple[str, ...]
    vendor: str = ""
    person: str = ""
    geometry: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole file. Sizes are in pixels."""

    width: int
    height: int
    panel_height: int
    wallpaper: str
    layouts: Mapping[str, str]
    """Keyboard layout by language."""
    programs: tuple[Program, ...]
    openbox_theme: str
    openbox_settings: str

    def program(self, key: str) -> Program | None:
        """Return one program of the menu."""
        return next((program for program in self.programs if program.key == key), None)

    def usual(self, language: str) -> list[str]:
        """Return the programs that stand open on a desktop of this language."""
        return [program.key for program in self.programs if language in program.open]


@cache
def settings() -> Settings:
    """Read the file; once a process."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    programs = tuple(Program(**(entry | {"open": tuple(entry["open"])})) for entry in read["programs"])
    openbox = read["openbox"]
    size = (read["width"], read["height"], read["panel_height"])
    return Settings(
        *size, read["wallpaper"], read["layouts"], programs, openbox["theme"], openbox["settings"]
    )
