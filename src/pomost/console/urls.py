"""Addresses of the technicians' pages, below /{vendor}/console/."""

from django.urls import URLPattern, URLResolver

app_name = "console"

urlpatterns: list[URLPattern | URLResolver] = []
