"""Addresses of the audit, below /audit/."""

from django.urls import path

from pomost.audit import page

app_name = "audit"

urlpatterns = [
    path("", page.page, name="page"),
    path("example/<slug:key>.csv", page.example, name="example"),
]
