"""How to show the screen: the customer's app, in the four steps that the person on the phone names."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from pomost.people.requests import DeskRequest
from pomost.portal.guard import contact_page
from pomost.portal.shell import page


@contact_page
@require_safe
def app(request: DeskRequest) -> HttpResponse:
    """Show the steps and the address that the app asks for."""
    address = request.build_absolute_uri(reverse("portal:home", args=[request.vendor.slug]))
    return page(request, "portal/app.html", "home", {"address": address})
