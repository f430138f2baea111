"""Which address leads where. Realtime addresses are the engine's (config/asgi.py)."""

from django.urls import URLPattern, URLResolver, include, path

from pomost.api import pages as api_pages
from pomost.ui import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("healthz", pages.healthz, name="healthz"),
    path("sign-in/", pages.sign_in, name="sign_in"),
    path("sign-out/", pages.sign_out, name="sign_out"),
    path("theme/", pages.theme, name="theme"),
    path("language/", pages.language, name="language"),
    path("api/problems/", api_pages.problems, name="api_problems"),
    path("<slug:vendor>/api/v1/", include("pomost.api.urls")),
    path("audit/", include("pomost.audit.urls")),
    path("<slug:vendor>/console/", include("pomost.console.urls")),
    path("<slug:vendor>/", include("pomost.portal.urls")),
]

handler400 = "pomost.ui.pages.bad_request"
handler403 = "pomost.ui.pages.forbidden"
handler404 = "pomost.ui.pages.not_found"
handler500 = "pomost.ui.pages.server_error"
