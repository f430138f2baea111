"""Addresses of static files that change with their content: `/static/ui/pomost.css?v=1f0c9a2b`.

No copy is collected and no manifest is kept: the files are served from the packages (config/asgi.py), and the
eight hex digits of their SHA-256 make a browser fetch a new version and keep an old one.
"""

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class StaticFileMissing(Exception):
    """A template names a static file that no package holds."""


@cache
def content_version(name: str) -> str:
    """Return the first eight hex digits of the file's SHA-256, read once per process.

    Raises:
        StaticFileMissing: no app has this file. Vendored ones come from `python -m pomost.ui.assets`.
    """
    path = finders.find(name)
    if path is None:
        raise StaticFileMissing(
            f"No package holds static/{name}. If it begins with vendor/, run `python -m pomost.ui.assets`."
        )
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:8]


class HashedByContent(StaticFilesStorage):
    """Adds the version of a file's content to its address."""

    def url(self, name: str | None) -> str:
        """Return the address of `name` with its version; a folder or an address with a query stays as it is."""
        address = super().url(name)
        if not name or name.endswith("/") or "?" in address:
            return address
        return f"{address}?v={content_version(name)}"
