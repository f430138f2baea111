"""Where content lies: a folder of small files, each encrypted with age and on the disk before anybody is told.

Owns the names in the folder, which are chance and nothing that a person typed, and the age identity. Does not know what
a piece belongs to; rows of `Piece` do. A piece that no row names is what a killed process left; `strays` finds it.
"""

import os
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import pyrage
from django.conf import settings
from django.utils.translation import gettext as _

from pomost.files.errors import Damaged, NoRoom

KEY_BYTES: Final = 16
SUFFIX: Final = ".age"
UNFINISHED: Final = ".unfinished"


class Store:
    """One folder and the identity that opens what lies in it."""

    def __init__(self, folder: Path, identity: str) -> None:
        self._folder = folder
        self._identity = pyrage.x25519.Identity.from_str(identity)
        self._recipient = self._identity.to_public()

    def put(self, content: bytes) -> str:
        """Encrypt and keep a piece; return its key when it and its name are on the disk.

        Raises:
            NoRoom: the disk is full; nothing is left of the piece.
        """
        key = secrets.token_hex(KEY_BYTES)
        path = self._path(key)
        unfinished = path.with_suffix(UNFINISHED)
        try:
            self._make_folder(path.parent)
            with unfinished.open("xb") as file:
                file.write(pyrage.encrypt(content, [self._recipient]))
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
            _sync_folder(path.parent)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise NoRoom(
                _("The desk cannot write to its disk (%(why)s). What was kept so far stays; go on later.")
                % {"why": error.strerror}
            ) from error
        return key

    def get(self, key: str) -> bytes:
        """Return a piece.

        Raises:
            Damaged: it is not there, or not as it was written.
        """
        try:
            content: bytes = pyrage.decrypt(self._path(key).read_bytes(), [self._identity])
        except (OSError, pyrage.DecryptError) as error:
            raise Damaged(
                _("A part of the kept content cannot be read any more. Tell whoever runs the desk.")
            ) from error
        return content

    def drop(self, keys: Iterable[str]) -> None:
        """Delete pieces; one that is gone already is no error."""
        for key in keys:
            self._path(key).unlink(missing_ok=True)

    def older_than(self, moment: datetime) -> Iterator[str]:
        """Give the keys of all pieces written before a moment, the unfinished ones too."""
        for path in self._folder.glob("??/*"):
            if path.stat().st_mtime < moment.timestamp():
                if path.suffix == UNFINISHED:
                    path.unlink(missing_ok=True)
                else:
                    yield path.stem

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}{SUFFIX}"

    def _make_folder(self, folder: Path) -> None:
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _sync_folder(folder.parent)


def the_store() -> Store:
    """Return the store of this desk, as the settings say."""
    return Store(settings.FILES_FOLDER, settings.FILES_KEY)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
