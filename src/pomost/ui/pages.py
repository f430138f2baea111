"""The pages that belong to no vendor: the start, sign-in, choices of theme and language, errors.

Everything else is the console's (technicians) or the portal's (customers).
"""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from pomost.people.models import Person, Vendor
from pomost.people.queries import places
from pomost.ui.attempts import attempts
from pomost.ui.theme import THEME_AGE_SECONDS, THEME_COOKIE, THEMES


class SignInForm(AuthenticationForm):
    """Mail address and password; one sentence for either being wrong, so that neither can be guessed."""

    username = forms.EmailField(
        label=_("Mail address"),
        widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": _(
            "The mail address and the password do not fit together. Check both, and the keyboard's language."
        ),
        "inactive": _("This account is closed. The owner of the desk can open it again."),
    }


class SignIn(LoginView):
    """Sign-in; it shows the vendor whose page somebody was on the way to."""

    template_name = "ui/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look at the password, unless too many were wrong just now: then say when to come back (429)."""
        email, place = request.POST.get("username", ""), request.META.get("REMOTE_ADDR", "")
        now: datetime = request.now  # type: ignore[attr-defined]  # set by config.middleware.Moment
        until = attempts.begin(email, place, now)
        if until is not None:
            minutes = -(-(until - now) // timedelta(minutes=1))
            form = SignInForm(request, initial={"username": email})
            context = self.get_context_data(form=form, wait_minutes=minutes)
            return self.render_to_response(
                context, status=429, headers={"Retry-After": str(int((until - now).total_seconds()) + 1)}
            )
        answer = super().post(request, *args, **kwargs)
        if request.user.is_authenticated:
            attempts.succeeded(email, place)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the vendor's name and mark, or none."""
        context = super().get_context_data(**kwargs)
        slug = self.get_redirect_url().strip("/").split("/")[0]
        vendor = Vendor.objects.filter(slug=slug).first() if slug else None
        return {
            "wait_minutes": 0,
            **context,
            "vendor_name": vendor.name if vendor else "",
            "vendor_mark": vendor.mark if vendor else "",
            "vendor_slug": vendor.slug if vendor else "",
        }


sign_in = SignIn.as_view()
sign_out = method_decorator(login_not_required, name="dispatch")(LogoutView).as_view(next_page="sign_in")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead a person to their vendor; somebody with several chooses."""
    person = request.user
    if not isinstance(person, Person):
        return redirect("sign_in")
    works, asks = places(person)
    found = {place.vendor.pk: place.vendor for place in works} | {
        place.customer.vendor.pk: place.customer.vendor for place in asks
    }
    vendors = list(found.values())
    if len(vendors) == 1:
        return redirect("portal:home", vendors[0].slug)
    return render(request, "ui/home.html", {"vendors": vendors})


@login_not_required
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer that the pages run and the database can be read."""
    Vendor.objects.exists()
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice of light or dark for this browser."""
    answer = redirect(_back(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        answer.set_cookie(
            THEME_COOKIE, chosen, max_age=THEME_AGE_SECONDS, samesite="Lax", secure=request.is_secure()
        )
    return answer


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the choice of a language for this browser."""
    answer = redirect(_back(request))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=THEME_AGE_SECONDS,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return answer


def _back(request: HttpRequest) -> str:
    """Return the page the form stood on, if it is ours, else the start."""
    came_from = request.META.get("HTTP_REFERER", "")
    ours = url_has_allowed_host_and_scheme(
        came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return came_from if ours else "/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 in the look."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 in the look."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 in the look."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 in the look."""
    return render(request, "500.html", status=500)
