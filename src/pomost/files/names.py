"""The name of a file as it is shown and given back: never a path, never a way to write one thing and show another.

Names are kept as the sender wrote them, as far as they are names. In the store nothing is called by them.
"""

import unicodedata
from typing import Final
from urllib.parse import quote

from django.utils.translation import gettext as _

from pomost.files.errors import FileRefused

CHARACTERS_MAX: Final = 200
DIRECTION: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
"""Signs that turn the direction of writing, by which cod.exe is shown as exe.doc."""


def kept_name(given: str) -> str:
    """Return the name without its folders.

    Raises:
        FileRefused: nothing is left of it, it is too long, or holds signs that no name needs.
    """
    name = unicodedata.normalize("NFC", given.replace("\\", "/").rsplit("/", 1)[-1]).strip()
    if not name.strip(". "):
        raise FileRefused(_("The file has no name. Give it one and send it again."))
    if len(name) > CHARACTERS_MAX:
        raise FileRefused(
            _("The file's name has %(count)s characters; %(most)s fit. Rename it and send it again.")
            % {"count": len(name), "most": CHARACTERS_MAX}
        )
    if any(unicodedata.category(sign) in ("Cc", "Cs") or sign in DIRECTION for sign in name):
        raise FileRefused(_("The file's name holds signs that cannot be shown. Rename it and send it again."))
    return name


def content_disposition(name: str) -> str:
    """Return the header that makes a browser save the content under its name, whatever letters it has (RFC 6266)."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._- ") else "_" for sign in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
