"""Turns JSON into frozen dataclasses and back, accepting exactly what the dataclass declares.

A message is declared once, as a dataclass whose fields carry their limits; reading, writing,
wire.d.ts and the reference page all follow from the declaration. Refused with a sentence: unknown,
missing or doubled keys, a wrong type (a boolean is no number), a text or list that is too long,
half a surrogate pair, NaN, and whatever json itself cannot read.
"""

import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from .errors import LocalProtocolError, RemoteProtocolError, quoted
from .levels import LEVELS_BY_WORD, Level

JSON_BYTES_MAX: Final = 64 * 1024
"""The largest JSON text in either protocol: a declaration of several pages fits, a flood does not."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Text:
    """A limit on a string, in characters."""

    most: int
    least: int = 0


@dataclass(frozen=True, slots=True)
class Range:
    """A limit on a whole number, both ends included."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class AtMost:
    """A limit on the length of a list."""

    most: int


Name = Annotated[str, Text(120, least=1)]
"""What a person, company or program is called."""
Key = Annotated[str, Text(80, least=1)]
"""An identifier: a session, a gate, a technician."""
Sentence = Annotated[str, Text(500)]
"""One or two sentences to be shown."""
Page = Annotated[str, Text(12_000)]
"""A declaration or clause in full; three sheets of paper."""
Sha256 = Annotated[str, Text(64, least=64)]
"""A hash in hexadecimal."""
Milliseconds = Annotated[int, Range(0, 10**12)]
Count = Annotated[int, Range(0, 2**53 - 1)]
"""A number that JavaScript holds exactly."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a declared message."""

    name: str
    hint: Any
    limit: Text | Range | AtMost | None
    optional: bool


_KNOWN: Final[dict[type[Any], Mapping[str, Field]]] = {}


def fields_of(cls: type[Any]) -> Mapping[str, Field]:
    """Return the declared fields of a message class, by name; taken apart once for each class."""
    if cls not in _KNOWN:
        _KNOWN[cls] = _fields_of(cls)
    return _KNOWN[cls]


def _fields_of(cls: type[Any]) -> Mapping[str, Field]:
    hints = get_type_hints(cls, include_extras=True)
    found = {}
    for field in fields(cls):
        hint, limit, optional = unwrapped(hints[field.name])
        if optional and field.default is MISSING:
            raise TypeError(f"{cls.__name__}.{field.name} may be None, so it needs None as its default.")
        found[field.name] = Field(field.name, hint, limit, optional)
    return found


def unwrapped(hint: Any) -> tuple[Any, Text | Range | AtMost | None, bool]:
    """Take a type hint apart into the bare type, its limit and whether None is allowed."""
    optional = False
    if get_origin(hint) in (Union, types.UnionType):
        (hint,) = (part for part in get_args(hint) if part is not type(None))
        optional = True
    limit = None
    if get_origin(hint) is Annotated:
        hint, limit = get_args(hint)
    return hint, limit, optional


def read(cls: type[T], raw: bytes | str, *, named: str) -> T:
    """Read one JSON object of the class `cls`.

    Args:
        cls: a dataclass declared with the types above.
        raw: the JSON text as it came.
        named: what the object is called in the sentence of an error.

    Raises:
        RemoteProtocolError: it is not exactly that.
    """
    return built(cls, parsed(raw, named), named)


def parsed(raw: bytes | str, named: str) -> Any:
    """Return what the JSON text says, before any shape is asked of it."""
    if len(raw) > JSON_BYTES_MAX:
        raise RemoteProtocolError(f"{named} is {len(raw)} bytes long; at most {JSON_BYTES_MAX} are allowed.")
    try:
        text = raw.decode("utf-8") if isinstance(raw, bytes) else raw
        return json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise RemoteProtocolError(f"{named} is not UTF-8 (byte {error.start}).") from error
    except (ValueError, RecursionError) as error:
        reason = quoted(str(error))
        raise RemoteProtocolError(f"{named} is not JSON that can be read: {reason}") from error


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def built(cls: type[T], value: Any, named: str) -> T:
    """Make a `cls` from the parsed JSON `value`, or say which field is wrong and why."""
    if not isinstance(value, dict):
        raise RemoteProtocolError(f"{named} must be an object, not {_kind_of(value)}.")
    declared = fields_of(cls)
    for key in value:
        if key not in declared:
            raise RemoteProtocolError(f"{named} has no field {quoted(key)}.")
    given = {}
    for field in declared.values():
        where = f"{named}.{field.name}"
        if value.get(field.name) is None:
            if not field.optional:
                raise RemoteProtocolError(f"{where} is missing.")
            continue
        given[field.name] = _checked(field.hint, field.limit, value[field.name], where)
    return cls(**given)


def _checked(hint: Any, limit: Any, value: Any, where: str) -> Any:
    if get_origin(hint) is tuple:
        return _checked_list(hint, limit, value, where)
    if is_dataclass(hint):
        return built(hint, value, where)  # type: ignore[arg-type]  # is_dataclass also admits instances
    if hint is Level:
        return _chosen(value, LEVELS_BY_WORD, where)
    if issubclass(hint, StrEnum):
        return _chosen(value, {member.value: member for member in hint}, where)
    return PLAIN[hint](value, limit, where)


def _checked_list(hint: Any, limit: AtMost, value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise RemoteProtocolError(f"{where} must be a list, not {_kind_of(value)}.")
    if len(value) > limit.most:
        raise RemoteProtocolError(f"{where} has {len(value)} entries; at most {limit.most} are allowed.")
    inner, inner_limit, _ = unwrapped(get_args(hint)[0])
    return tuple(_checked(inner, inner_limit, entry, f"{where}[{n}]") for n, entry in enumerate(value))


def _chosen(value: Any, choices: Mapping[str, Any], where: str) -> Any:
    if not isinstance(value, str) or value not in choices:
        shown = quoted(value) if isinstance(value, str) else _kind_of(value)
        raise RemoteProtocolError(f"{where} is {shown}; it must be one of {', '.join(choices)}.")
    return choices[value]


def _text(value: Any, limit: Text, where: str) -> str:
    if not isinstance(value, str):
        raise RemoteProtocolError(f"{where} must be a text, not {_kind_of(value)}.")
    if not limit.least <= len(value) <= limit.most:
        raise RemoteProtocolError(
            f"{where} is {len(value)} characters long; it must be {limit.least} to {limit.most}."
        )
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise RemoteProtocolError(f"{where} holds half a surrogate pair, which is no character.")
    return value


def _whole(value: Any, limit: Range, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise RemoteProtocolError(f"{where} must be a whole number, not {_kind_of(value)}.")
    if not limit.least <= value <= limit.most:
        raise RemoteProtocolError(f"{where} is out of range; it must be {limit.least} to {limit.most}.")
    return value


def _yes_or_no(value: Any, _: None, where: str) -> bool:
    if not isinstance(value, bool):
        raise RemoteProtocolError(f"{where} must be true or false, not {_kind_of(value)}.")
    return value


PLAIN: Final[Mapping[type, Any]] = {str: _text, int: _whole, bool: _yes_or_no}


def _kind_of(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def plain(value: Any) -> Any:
    """Return a declared value as what json can write; a field that is None is left out."""
    if is_dataclass(value):
        items = ((name, getattr(value, name)) for name in fields_of(type(value)))
        return {name: plain(entry) for name, entry in items if entry is not None}
    if isinstance(value, tuple):
        return [plain(entry) for entry in value]
    return value.word if isinstance(value, Level) else value


def written(value: Any, named: str) -> Any:
    """Return `plain(value)` after checking it as strictly as the other side will.

    Raises:
        LocalProtocolError: the other side would refuse it.
    """
    bare = plain(value)
    try:
        built(type(value), json.loads(json.dumps(bare)), named)
    except RemoteProtocolError as error:
        raise LocalProtocolError(str(error)) from error
    return bare


def canonical(value: Any) -> bytes:
    """Return plain JSON values as the one byte string that is hashed and signed.

    Keys sorted, no spaces, UTF-8 unescaped. No floats are ever declared, so none can differ.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
