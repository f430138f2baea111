"""Manners of what the browser gets: hashed names, no inline styles, icons that exist, colours that can be read."""

import json
import re
from pathlib import Path

import pytest
from django.template import engines
from django.templatetags.static import static
from django.test import RequestFactory

from pomost.ui import assets
from pomost.ui.importmap import import_map, module_names
from pomost.ui.staticfiles import StaticFileMissing, content_version

SOURCE = Path(assets.__file__).resolve().parents[1]
OURS = [
    file
    for home in ("ui", "console", "portal")
    for file in sorted((SOURCE / home / "static" / home).rglob("*"))
]
TEMPLATES = [
    file
    for home in ("ui", "console", "portal")
    for file in sorted((SOURCE / home / "templates").rglob("*.html"))
]
"""Of pages; letters and documents are no pages and have no content policy."""
TOKENS = SOURCE / "ui/static/ui/tokens.css"
RELATIVE_IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["']\.{1,2}/""")
INLINE_STYLE = re.compile(r"""\sstyle=|\son[a-z]+=["']|<style""")

# Text needs 4.5, shapes and borders 3 (WCAG 1.4.3, 1.4.11).
TEXT_PAIRS = [
    "ink/surface",
    "ink/paper",
    "ink-2/surface",
    "ink-2/paper",
    "ink-2/sunken",
    "ink-3/surface",
    "ink-3/paper",
    "river/surface",
    "river/paper",
    "river/river-tint",
    "on-river/river-fill",
    "oak/oak-tint",
    "ontime/surface",
    "ontime/ontime-tint",
    "soon/surface",
    "soon/soon-tint",
    "late/surface",
    "late/late-tint",
    "paused/surface",
    "paused/paused-tint",
    "none/surface",
    "none/none-tint",
    "ink/soon-tint",
    "ink-2/river-tint",
    "on-late/late-fill",
    "face-ink-1/face-1",
    "face-ink-2/face-2",
    "face-ink-3/face-3",
    "face-ink-4/face-4",
    "face-ink-5/face-5",
]
SHAPE_PAIRS = ["line-strong/surface", "line-strong/paper", "oak/surface", "river/paper"]


def themes() -> list[dict[str, str]]:
    """Return the colours of light and dark, read from the style sheet itself."""
    blocks = re.findall(r"\{([^}]*)\}", TOKENS.read_text(encoding="utf-8"))[:2]
    return [dict(re.findall(r"--pm-([a-z0-9-]+):\s*(#[0-9a-f]{6})", block)) for block in blocks]


def contrast(one: str, other: str) -> float:
    """Return WCAG's contrast ratio of two colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("pair", "least"), [(pair, 4.5) for pair in TEXT_PAIRS] + [(pair, 3.0) for pair in SHAPE_PAIRS]
)
def test_each_pair_of_colours_can_be_read(theme: int, pair: str, least: float) -> None:
    front, back = pair.split("/")
    colours = themes()[theme]
    assert contrast(colours[front], colours[back]) >= least


def test_the_contrast_check_can_fail() -> None:
    assert contrast("#98a3ae", "#ffffff") < 4.5


def test_modules_import_each_other_by_bare_names_only() -> None:
    offenders = [
        file.name
        for file in OURS
        if file.suffix == ".js" and RELATIVE_IMPORT.search(file.read_text(encoding="utf-8"))
    ]
    assert offenders == []


@pytest.mark.parametrize("line", ['import { a } from "./b.js"', "import('../c.js')", "import './d.js'"])
def test_the_check_of_imports_can_fail(line: str) -> None:
    assert RELATIVE_IMPORT.search(line)


def test_no_template_has_inline_styles_or_handlers() -> None:
    offenders = [file.name for file in TEMPLATES if INLINE_STYLE.search(file.read_text(encoding="utf-8"))]
    assert offenders == []


@pytest.mark.parametrize("html", ['<i style="left:2%">', '<a onclick="go()">', "<style>"])
def test_the_check_of_inline_styles_can_fail(html: str) -> None:
    assert INLINE_STYLE.search(html)


def test_colours_stand_in_the_tokens_and_nowhere_else() -> None:
    offenders = {
        file.name: found
        for file in OURS
        if file.suffix == ".css"
        and file != TOKENS
        and (found := re.findall(r":[^;{]*(#[0-9a-fA-F]{3,8})\b", file.read_text("utf-8")))
    }
    assert offenders == {}


def test_the_import_map_names_every_module_with_its_version() -> None:
    imports = json.loads(import_map())["imports"]

    assert set(imports) == set(module_names())
    assert imports["#ui/parts.js"] == f"/static/ui/parts.js?v={content_version('ui/parts.js')}"


def test_the_import_map_carries_the_nonce_of_the_answer() -> None:
    request = RequestFactory().get("/")
    request.csp_nonce = "b64"  # type: ignore[attr-defined]

    html = engines["django"].from_string("{% load pomost_ui %}{% import_map %}").render({}, request)

    assert html.startswith('<script type="importmap" nonce="b64">')


def test_an_address_changes_with_the_content_of_the_file() -> None:
    assert re.fullmatch(r"/static/ui/tokens\.css\?v=[0-9a-f]{8}", static("ui/tokens.css"))


def test_a_static_file_that_does_not_exist_is_named() -> None:
    with pytest.raises(StaticFileMissing, match=r"static/ui/nothing\.css"):
        static("ui/nothing.css")


def test_icons_are_listed_once_and_sorted() -> None:
    names = list(assets.icon_names())
    assert names == sorted(set(names))


def test_assets_say_what_is_missing_and_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(
        assets.AssetsMissing, match=r"bootstrap\.min\.css is missing. Run `npm ci --ignore-scripts`"
    ):
        assets.copy_assets(modules=tmp_path, vendor=tmp_path / "vendor")


def test_assets_are_written_once_and_then_left_alone(tmp_path: Path) -> None:
    first = assets.copy_assets(vendor=tmp_path)
    again = assets.copy_assets(vendor=tmp_path)

    assert first
    assert again == []
    assert "sourceMappingURL" not in (tmp_path / "bootstrap.min.css").read_text(encoding="utf-8")
