"""Addresses below /{vendor}/api/v1/."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path

from pomost.api import pages
from pomost.api.site import api

_operations: list[Any] = api.urls[0]
for _each in _operations:
    # A token is asked for by each operation itself; there is no sign-in page for programs.
    _each.callback = login_not_required(_each.callback)

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("docs/", pages.docs, name="docs"),
    path("openapi.json", pages.openapi, name="openapi"),
    *_operations,
]
