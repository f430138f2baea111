"""Django without a desk: what the command needs to speak three languages and to print, and nothing else.

Owns the smallest settings: no database, no folder of data, no secret. Where a desk has its settings, they stay.
"""

from pathlib import Path

import django
from django.apps import apps
from django.conf import settings

SOURCE = Path(__file__).resolve().parent.parent


def prepare() -> None:
    """Make translations, templates and static files readable; done once."""
    if apps.ready:
        return
    if not settings.configured:
        settings.configure(
            INSTALLED_APPS=["django.contrib.staticfiles", "pomost.ui", "pomost.audit"],
            TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
            LOCALE_PATHS=[SOURCE / "ui" / "locale"],
            USE_TZ=True,
            TIME_ZONE="UTC",
            STATIC_URL="/static/",
        )
    django.setup()
