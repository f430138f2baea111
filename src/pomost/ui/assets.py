"""Copies what is not ours (Bootstrap's CSS, fonts, icons) from node_modules into static/vendor/.

Nothing of it is committed; `package-lock.json` names the versions. Only three subsets of the fonts are taken,
and only the icons that icons.txt names, as one sprite. Run it with `python -m pomost.ui.assets`; it rewrites
nothing that is already the same, so it may run before each start.
"""

import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
MODULES: Final = HERE.parents[2] / "node_modules"
VENDOR: Final = HERE / "static" / "vendor"
ICONS: Final = HERE / "icons.txt"

SUBSETS: Final = ("cyrillic", "latin-ext", "latin")
"""Letters of our three languages; latin-ext carries the rouble sign as well."""

FONTS: Final = (
    "@fontsource-variable/ibm-plex-sans/wght.css",
    "@fontsource/ibm-plex-mono/400.css",
    "@fontsource/ibm-plex-mono/500.css",
    "@fontsource/ibm-plex-mono/600.css",
)
FACE: Final = re.compile(
    r"/\* ibm-plex-[a-z]+-(?P<subset>[a-z-]+?)-(?:wght|\d+)-normal \*/\s*(?P<rule>@font-face \{.*?\})",
    re.DOTALL,
)
SOURCE: Final = re.compile(r"url\(\./files/(?P<file>[^)]+\.woff2)\)[^;]*;")
DRAWING: Final = re.compile(r"<svg[^>]*>(?P<shapes>.*)</svg>", re.DOTALL)


class AssetsMissing(Exception):
    """A package, file or icon is not in node_modules; the message names it and says what to run."""


def icon_names() -> tuple[str, ...]:
    """Return the names that icons.txt lists; pages may use no others."""
    lines = (line.strip() for line in ICONS.read_text(encoding="utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def copy_assets(modules: Path = MODULES, vendor: Path = VENDOR) -> list[Path]:
    """Bring `vendor` up to date with `modules` and return the files that had to be written.

    Raises:
        AssetsMissing: something is not there; nothing half-copied is left behind for that file.
    """
    written = [
        *_copy_bootstrap(modules, vendor),
        *_copy_fonts(modules, vendor),
        *_make_sprite(modules, vendor),
    ]
    _remove_strangers(vendor)
    return written


def _copy_bootstrap(modules: Path, vendor: Path) -> Iterator[Path]:
    css = _read(modules / "bootstrap/dist/css/bootstrap.min.css")
    # The map is not shipped, and a storage that hashes file names would look for it.
    yield from _write(
        vendor / "bootstrap.min.css", re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css).rstrip() + "\n"
    )


def _copy_fonts(modules: Path, vendor: Path) -> Iterator[Path]:
    rules: list[str] = []
    for sheet in FONTS:
        text = _read(modules / sheet)
        found = [match for match in FACE.finditer(text) if match["subset"] in SUBSETS]
        if len(found) != len(SUBSETS):
            raise AssetsMissing(
                f"{modules / sheet} has {len(found)} of the subsets {', '.join(SUBSETS)}. Run `npm ci --ignore-scripts`."
            )
        for match in found:
            source = SOURCE.search(match["rule"])
            if source is None:
                raise AssetsMissing(
                    f"{modules / sheet} names no woff2 file for {match['subset']}. Compare package.json with the lock."
                )
            file = source["file"]
            rules.append(SOURCE.sub(f'url("fonts/{file}") format("woff2");', match["rule"], count=1))
            yield from _copy(modules / sheet.rsplit("/", 1)[0] / "files" / file, vendor / "fonts" / file)
    yield from _write(vendor / "fonts.css", "\n".join(rules) + "\n")


def _make_sprite(modules: Path, vendor: Path) -> Iterator[Path]:
    symbols: list[str] = []
    for name in icon_names():
        drawing = DRAWING.search(_read(modules / f"lucide-static/icons/{name}.svg"))
        if drawing is None:
            raise AssetsMissing(
                f"lucide-static/icons/{name}.svg holds no drawing. Mend its line in {ICONS.name}."
            )
        shapes = " ".join(drawing["shapes"].split())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    yield from _write(
        vendor / "sprite.svg", '<svg xmlns="http://www.w3.org/2000/svg">' + "\n".join(symbols) + "</svg>\n"
    )


def _remove_strangers(vendor: Path) -> None:
    """Delete fonts of an older version, so that the folder holds what the style sheet names and no more."""
    named = set(re.findall(r'url\("fonts/([^"]+)"\)', (vendor / "fonts.css").read_text(encoding="utf-8")))
    for file in (vendor / "fonts").iterdir():
        if file.name not in named:
            file.unlink()


def _read(path: Path) -> str:
    if not path.is_file():
        raise AssetsMissing(
            f"{path} is missing. Run `npm ci --ignore-scripts` in {MODULES.parent}, then this command again."
        )
    return path.read_text(encoding="utf-8")


def _write(path: Path, text: str) -> Iterator[Path]:
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    yield path


def _copy(source: Path, path: Path) -> Iterator[Path]:
    if not source.is_file():
        raise AssetsMissing(
            f"{source} is missing. Run `npm ci --ignore-scripts` in {MODULES.parent}, then this command again."
        )
    if path.is_file() and path.read_bytes() == source.read_bytes():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, path)
    yield path


def main(arguments: Sequence[str] = ()) -> int:
    """Copy and say how much was new; 1 and a sentence when something is missing."""
    if arguments:
        sys.stderr.write("usage: python -m pomost.ui.assets   (it takes no arguments)\n")
        return 2
    try:
        written = copy_assets()
    except AssetsMissing as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    sys.stdout.write(f"{VENDOR}: {len(written)} files written, the rest was up to date.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
