"""Writes what follows from the wire's tables: types and tables for the browser, words, the protocol's page.

`make wire` runs it; a test fails while a written file differs from what it would write. Nothing here
decides anything: to change a message, change its dataclass or table.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, get_args, get_origin

from . import carrier, control, life, peer, sealed, shape, spoken
from .control import MESSAGES, REASONS, Language, Way
from .levels import Level, Side
from .peer import RULES
from .shape import AtMost, Field, Range, Text, fields_of, unwrapped

PROJECT: Final = Path(__file__).parents[3]
BROWSER: Final = Path("src/pomost/ui/static/ui/session")
MADE_BY: Final = "Written by `make wire` from src/pomost/wire. Do not edit."

HANDS: Final = {
    Way.AGENT_TO_DESK: "FromAgent",
    Way.DESK_TO_AGENT: "ToAgent",
    Way.VIEWER_TO_DESK: "FromViewer",
    Way.DESK_TO_VIEWER: "ToViewer",
}


def files() -> dict[Path, str]:
    """Return every generated file: its path within the project, and its text."""
    return {
        BROWSER / "wire.d.ts": browser_types(),
        BROWSER / "table.js": browser_table(),
        BROWSER / "word_lists.js": browser_words(),
        Path("docs/reference/protocol.md"): reference_page(),
    }


# Types for the browser.


def browser_types() -> str:
    """Return wire.d.ts: every message as tsc shall see it."""
    parts = [f"// {MADE_BY}\n"]
    parts.append(f"export type Level = {_union(level.word for level in Level)};")
    parts.extend(_interface(cls, None) for cls in _nested(_all_messages()))
    parts.extend(_interface(cls, cls.say) for cls in _control_classes())
    for way, name in HANDS.items():
        members = " | ".join(_control_name(cls) for cls in MESSAGES[way].values())
        parts.append(f"/** {way.value} */\nexport type {name} = {members};")
    parts.extend(_interface(rule.message, None, kind=rule.message.__name__) for rule in RULES)
    names = " | ".join(rule.message.__name__ for rule in RULES)
    parts.append(f"/** between the two ends, sealed */\nexport type PeerMessage = {names};")
    return "\n".join(parts) + "\n"


def _interface(cls: type[Any], say: str | None, kind: str | None = None) -> str:
    name = _control_name(cls) if say is not None else cls.__name__
    lines = [f"/** {_first_paragraph(cls)} */", f"export interface {name} {{"]
    if say is not None:
        lines.append(f'  say: "{say}";')
    if kind is not None:
        lines.append(f'  kind: "{kind}";')
    for field in fields_of(cls).values():
        mark = "?" if field.optional else ""
        lines.append(f"  {field.name}{mark}: {_type_of(field.hint)};")
    return "\n".join([*lines, "}"])


def _type_of(hint: Any) -> str:
    if get_origin(hint) is tuple:
        inner, _, _ = unwrapped(get_args(hint)[0])
        return f"{_type_of(inner)}[]"
    simple = {str: "string", int: "number", bool: "boolean", bytes: "Uint8Array", Level: "Level"}
    if hint in simple:
        return simple[hint]
    if is_dataclass(hint):
        return hint.__name__  # type: ignore[union-attr]  # a class, though is_dataclass admits instances
    if issubclass(hint, StrEnum):
        return _union(member.value for member in hint)
    return "number"


def _union(words: Iterable[str]) -> str:
    return " | ".join(json.dumps(word) for word in words)


def _control_name(cls: type[Any]) -> str:
    """Control messages are told from the peer's of the same name by a prefix."""
    return f"Desk{cls.__name__}"


def _control_classes() -> list[type[Any]]:
    return list(dict.fromkeys(cls for table in MESSAGES.values() for cls in table.values()))


def _all_messages() -> list[type[Any]]:
    return [*_control_classes(), *(rule.message for rule in RULES)]


def _nested(classes: Iterable[type[Any]]) -> list[type[Any]]:
    """Return the dataclasses that stand inside messages, each once, inner ones first."""
    found: dict[type[Any], None] = {}

    def walk(cls: type[Any]) -> None:
        for field in fields_of(cls).values():
            hint = field.hint
            if get_origin(hint) is tuple:
                hint, _, _ = unwrapped(get_args(hint)[0])
            if is_dataclass(hint) and isinstance(hint, type) and hint not in found:
                walk(hint)
                found[hint] = None

    for cls in classes:
        walk(cls)
    return list(found)


# Tables and words for the browser.


def browser_table() -> str:
    """Return table.js: numbers, levels, limits and labels that both twins must share."""
    rules = {
        rule.message.__name__: {
            "number": rule.number,
            "senders": sorted(side.value for side in rule.senders),
            "level": rule.level.word,
            "json": rule.layout == "json",
        }
        for rule in RULES
    }
    tables = {
        "PROTOCOL": control.PROTOCOL,
        "LEVELS": [level.word for level in Level],
        "CODECS": {codec.name: codec.value for codec in peer.Codec},
        "AV1": peer.AV1,
        "FLAGS": {flag.name: flag.value for flag in peer.TileFlag},
        "RULES": rules,
        "CIPHER": sealed.CIPHER,
        "LABEL": sealed.LABEL.decode("ascii"),
        "LIMITS": {
            "frame_bytes": carrier.FRAME_BYTES_MAX,
            "json_bytes": shape.JSON_BYTES_MAX,
            "text_bytes": peer.TEXT_BYTES_MAX,
            "tiles": peer.TILES_MAX,
            "kept": peer.KEPT_MAX,
            "picture_side": peer.PICTURE_SIDE_MAX,
            "cursor_bytes": peer.CURSOR_BYTES_MAX,
            "cursor_side": peer.CURSOR_SIDE_MAX,
            "key_code_bytes": peer.KEY_CODE_BYTES_MAX,
            "key_bytes": peer.KEY_BYTES_MAX,
        },
    }
    lines = [f"// @ts-check\n// {MADE_BY}\n"]
    for name, value in tables.items():
        lines.append(f"export const {name} = /** @type {{const}} */ ({json.dumps(value, indent=2)});")
    return "\n".join(lines) + "\n"


def browser_words() -> str:
    """Return word_lists.js: the words of each language, in the order of their numbers."""
    lists = {language.value: list(spoken.word_list(language)) for language in Language}
    written = json.dumps(lists, ensure_ascii=False, indent=0).replace(",\n", ", ")
    return f"// @ts-check\n// {MADE_BY}\n\n/** @type {{Record<string, string[]>}} */\nexport const WORD_LISTS = {written};\n"


# The reference page.


def reference_page() -> str:
    """Return docs/reference/protocol.md."""
    parts = [
        "# The protocol of a session",
        f"<!-- {MADE_BY} -->",
        INTRODUCTION,
        "## Between the desk and one end: text frames, JSON",
    ]
    for way in Way:
        parts.append(f"### {way.value.capitalize()}")
        parts.extend(_control_section(cls) for cls in MESSAGES[way].values())
    parts.append("## Reasons\n\n| `because` | in English |\n|---|---|")
    parts[-1] += "".join(f"\n| `{because.value}` | {why} |" for because, why in REASONS.items())
    parts.append(f"## Between the two ends: binary frames, sealed\n\n{_paragraphs(sealed.__doc__)}")
    parts.append(_peer_table())
    parts.extend(_peer_section(rule) for rule in RULES)
    parts.append(f"## The life of a session\n\n{_life_table()}")
    return "\n\n".join(parts) + "\n"


INTRODUCTION: Final = f"""\
Version {control.PROTOCOL}. Two ends, the customer's app (*agent*) and the technician's page (*viewer*), each hold one WebSocket to the desk.
Text frames are for the desk; binary frames are sealed for the other end and relayed unopened, at most
{carrier.FRAME_BYTES_MAX:,} bytes each. Unknown, missing or doubled keys and wrong types are refused with a sentence, and the socket
closes with 1008. Why keys are made the way they are: [session-keys](../explain/session-keys.md)."""


def _control_section(cls: type[Any]) -> str:
    rows = [_field_row(field) for field in fields_of(cls).values()]
    table = "\n\n| field | kind |\n|---|---|\n" + "\n".join(rows) if rows else ""
    return f"**`{cls.say}`** {_first_paragraph(cls)}{table}"


def _field_row(field: Field) -> str:
    kind = _kind(field.hint, field.limit)
    return f"| `{field.name}` | {kind}{', may be absent' if field.optional else ''} |"


def _kind(hint: Any, limit: Text | Range | AtMost | None) -> str:
    if isinstance(limit, Text):
        return f"text, {limit.least} to {limit.most} characters"
    if isinstance(limit, Range):
        return f"whole number, {limit.least} to {limit.most}"
    if isinstance(limit, AtMost):
        inner, _, _ = unwrapped(get_args(hint)[0])
        return f"list of at most {limit.most}: {_kind(inner, None)}"
    if is_dataclass(hint) and isinstance(hint, type):
        inner_fields = fields_of(hint).values()
        return "{ " + ", ".join(f"`{f.name}`: {_kind(f.hint, f.limit)}" for f in inner_fields) + " }"
    return " or ".join(f"`{word}`" for word in _words(hint)) or "true or false"


def _words(hint: Any) -> list[str]:
    if hint is Level:
        return [level.word for level in Level]
    return [member.value for member in hint] if issubclass(hint, StrEnum) else []


def _peer_table() -> str:
    lines = ["| number | message | said by | taken from level |", "|---|---|---|---|"]
    for rule in RULES:
        senders = " and ".join(side.value for side in Side if side in rule.senders)
        lines.append(f"| 0x{rule.number:02x} | {rule.message.__name__} | {senders} | {rule.level.word} |")
    return "\n".join(lines)


def _peer_section(rule: peer.Rule) -> str:
    return f"**{rule.message.__name__}** {_first_paragraph(rule.message)}\nBody: {_body_of(rule)}."


def _body_of(rule: peer.Rule) -> str:
    if rule.layout != "json":
        return rule.layout
    return "JSON, " + _kind(rule.message, None)


def _life_table() -> str:
    lines = ["| from | when | to |", "|---|---|---|"]
    lines.extend(f"| {state} | {step} | {then} |" for (state, step), then in life.STEPS.items())
    return "\n".join(lines)


def _first_paragraph(cls: type[Any]) -> str:
    return " ".join((cls.__doc__ or "").split("\n\n")[0].split())


def _paragraphs(docstring: str | None) -> str:
    """Return a module's docstring for Markdown; indented parts become blocks of code."""
    return (docstring or "").strip()


def stale(root: Path) -> Iterator[Path]:
    """Yield the generated files under `root` that are missing or differ from what would be written."""
    for path, text in files().items():
        file = root / path
        if not file.is_file() or file.read_text("utf-8") != text:
            yield path


def main() -> None:
    """Write every file that is stale."""
    made = files()
    for path in list(stale(PROJECT)):
        (PROJECT / path).write_text(made[path], "utf-8")
        sys.stdout.write(f"written: {path}\n")


if __name__ == "__main__":
    main()
