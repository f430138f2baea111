"""The import map: one bare name for each of our browser modules, pointing at its hashed file.

Modules import each other as `#ui/pointer.js`; Node and tsc resolve the same names through package.json. A
relative import would go past the hashes, so a test forbids it.
"""

import json
from functools import cache
from pathlib import Path
from typing import Final

from django.contrib.staticfiles.storage import staticfiles_storage

PACKAGE: Final = Path(__file__).resolve().parents[1]
HOMES: Final = ("ui", "console", "portal")


def module_names() -> dict[str, str]:
    """Return each module's name and its path below the static root: `#ui/theme.js` to `ui/theme.js`."""
    names: dict[str, str] = {}
    for home in HOMES:
        root = PACKAGE / home / "static" / home
        for file in sorted(root.rglob("*.js")):
            path = file.relative_to(root).as_posix()
            names[f"#{home}/{path}"] = f"{home}/{path}"
    return names


@cache
def import_map() -> str:
    """Return the map as JSON that may stand inside a script element."""
    imports = {name: staticfiles_storage.url(path) for name, path in module_names().items()}
    return json.dumps({"imports": imports}, ensure_ascii=True).replace("<", "\\u003c")
