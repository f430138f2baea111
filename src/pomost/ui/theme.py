"""Light or dark: what the person has chosen in this browser, kept in a cookie.

Until then the system decides (static/ui/theme.js), so nothing is stored for somebody who never chose.
"""

from typing import Final

from django.http import HttpRequest

THEME_COOKIE: Final = "pomost_theme"
THEMES: Final = ("light", "dark")
THEME_AGE_SECONDS: Final = 365 * 24 * 3600


def chosen_theme(request: HttpRequest | None) -> str:
    """Return `light` or `dark`, or an empty string where the system decides."""
    theme = request.COOKIES.get(THEME_COOKIE, "") if request is not None else ""
    return theme if theme in THEMES else ""
