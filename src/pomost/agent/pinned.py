"""What the app remembers of a desk between two starts: above all its key.

It owns one small file for each desk address and vendor, in $XDG_CONFIG_HOME/pomost/agent/. The first start trusts the key that agent.json
tells and writes it down (trust on first use: whoever can forge the very first answer can forge the desk; use https). Every later start
refuses another key with `OtherDesk`; nothing is sent to such a desk. Removing the file forgets the desk.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pomost.wire.control import Language

CONFIG_BYTES_MAX = 16_384
"""Largest agent.json taken."""


class BadConfig(Exception):
    """agent.json is not what it should be; the message says what is wrong."""


class OtherDesk(Exception):
    """The desk shows another key than before; the message says what to do."""

    def __init__(self, file: Path) -> None:
        """`file` holds the key that was known."""
        super().__init__(str(file))
        self.file = file


@dataclass(frozen=True, slots=True)
class DeskConfig:
    """agent.json, checked."""

    vendor: str
    name: str
    desk_key: str
    """Base64 of 32 bytes."""
    languages: tuple[Language, ...]

    @property
    def key(self) -> Ed25519PublicKey:
        """The key that signs offers."""
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(self.desk_key))


@dataclass(frozen=True, slots=True)
class Remembered:
    """What stands in the file."""

    vendor: str
    desk_key: str
    customer_name: str


def parsed_config(raw: bytes) -> DeskConfig:
    """agent.json as the desk sent it.

    Raises:
        BadConfig: a field is missing or wrong.
    """
    try:
        value = json.loads(raw[:CONFIG_BYTES_MAX])
        vendor, name, key = (str(value[field]) for field in ("vendor", "name", "desk_key"))
        languages = tuple(Language(word) for word in value["languages"] if word in tuple(Language))
        if len(base64.b64decode(key, validate=True)) != 32:
            raise BadConfig("The desk’s key in agent.json does not have 32 bytes.")
    except (ValueError, KeyError, TypeError, binascii.Error) as wrong:
        raise BadConfig(
            f"The desk’s agent.json cannot be read: {wrong!r}. Is the address complete?"
        ) from wrong
    if not vendor or not name:
        raise BadConfig("The desk’s agent.json names no vendor.")
    return DeskConfig(vendor, name[:120], key, languages)


class Memory:
    """The file for one desk."""

    def __init__(self, desk: str, folder: Path) -> None:
        """`desk` is the address as given, `folder` where files are kept."""
        parts = urlsplit(desk)
        self.file = folder / (re.sub(r"[^\w.-]+", "_", f"{parts.netloc}{parts.path}").strip("_") + ".json")

    def recall(self) -> Remembered | None:
        """What is remembered, or None: nothing, or not readable."""
        try:
            value = json.loads(self.file.read_text("utf-8"))
            return Remembered(**{name: str(value[name]) for name in ("vendor", "desk_key", "customer_name")})
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def check(self, config: DeskConfig, customer_name: str) -> None:
        """Compare the desk with what is remembered; remember it when it is new.

        Raises:
            OtherDesk: it shows another key, or is another vendor's, or the file is damaged.
        """
        known = self.recall()
        if known is None and self.file.exists():
            raise OtherDesk(self.file)
        if known is not None and (known.desk_key, known.vendor) != (config.desk_key, config.vendor):
            raise OtherDesk(self.file)
        if known is None:
            self.write(Remembered(config.vendor, config.desk_key, customer_name))

    def write(self, remembered: Remembered) -> None:
        """Replace the file in one step; only its owner can read it."""
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = self.file.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(asdict(remembered), stream, ensure_ascii=False)
        new.replace(self.file)


def config_folder(environment: Mapping[str, str]) -> Path:
    """Where the app keeps its files."""
    base = environment.get("XDG_CONFIG_HOME") or str(
        Path(environment.get("HOME", "~")).expanduser() / ".config"
    )
    return Path(base) / "pomost" / "agent"
