"""Facts of files: what came, what was returned corrected, who fetched it, and what its time ended."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext as _

from pomost.people.formats import file_size
from pomost.tickets.queries.sentences.told import About, Data, Told, Writer

SHORT: Final = 12
"""Digits of a SHA-256 that people compare by eye; the whole of it stands beside the file."""


def _kept(data: Data, about: About) -> Told:
    given = {
        "name": data["name"],
        "size": file_size(data["size"]),
        "number": data["number"],
        "sha256": data["sha256"][:SHORT],
    }
    if data["number"] > 1:
        text = _("Corrected copy returned: “%(name)s”, version %(number)s, %(size)s, SHA-256 %(sha256)s….")
        return Told(text % given, "file-check")
    if data["kind"] == "backup":
        return Told(_("Backup kept: “%(name)s”, %(size)s, SHA-256 %(sha256)s….") % given, "archive")
    return Told(_("File kept: “%(name)s”, %(size)s, SHA-256 %(sha256)s….") % given, "paperclip")


def _named(text: Callable[[], str], icon: str, *, is_bad: bool = False) -> Writer:
    """Return a writer for a sentence that names a file. `text` is called late, when the language is known."""
    return lambda data, about: Told(text() % {"name": data["name"]}, icon, is_bad)


FILES: Final[Mapping[str, Writer]] = {
    "file.kept": _kept,
    "file.taken": _named(lambda: _("“%(name)s” is fetched."), "download"),
    "file.received": _named(lambda: _("Receipt: “%(name)s” is there, whole and unchanged."), "check"),
    "file.erased": _named(lambda: _("The content of “%(name)s” is erased: its time was over."), "archive"),
    "file.upload-damaged": _named(
        lambda: _("“%(name)s” came damaged and was not kept."), "triangle-alert", is_bad=True
    ),
    "file.upload-cancelled": _named(lambda: _("“%(name)s” is not sent after all."), "x"),
    "file.upload-expired": _named(lambda: _("“%(name)s” was begun and never sent to its end."), "x"),
}
