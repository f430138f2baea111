"""What stands around every portal page: the vendor, the four places, who is signed in."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import pgettext

from pomost.people.requests import DeskRequest
from pomost.ui.parts import FaceView, PlaceView, Shell

PLACES = ("home", "requests", "documents", "consents")


def page(
    request: DeskRequest, template: str, place: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    """Render a portal page with everything that stands around it."""
    return render(
        request,
        template,
        {"shell": shell_of(request), "place": place, "now": request.now, **context},
        status=status,
    )


def shell_of(request: DeskRequest) -> Shell:
    """Return the navigation of one vendor's portal."""
    vendor, contact = request.vendor, request.contact
    labels = {
        "home": pgettext("place", "Start"),
        "requests": pgettext("place", "Requests"),
        "documents": pgettext("place", "Documents"),
        "consents": pgettext("place", "Consents"),
    }
    icons = {"home": "house", "requests": "inbox", "documents": "receipt-text", "consents": "shield-check"}
    return Shell(
        vendor_name=vendor.name,
        vendor_mark=vendor.mark,
        home_url=reverse("portal:home", args=[vendor.slug]),
        places=[
            PlaceView(key, labels[key], reverse(f"portal:{key}", args=[vendor.slug]), icons[key])
            for key in PLACES
        ],
        me=FaceView(contact.name, contact.pk),
        role=contact.customer.name,
        sign_out_url=reverse("sign_out"),
        terms_url=reverse("portal:terms", args=[vendor.slug]),
        errors_url=reverse("portal:errors", args=[vendor.slug]),
    )
