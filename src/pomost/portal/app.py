"""How to show the screen: the customer's app, in the four steps that the person on the phone names."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from pomost.people.queries import on_call
from pomost.people.requests import DeskRequest
from pomost.portal.guard import contact_page
from pomost.portal.shell import page

DIALLED = frozenset("+0123456789")


@contact_page
@require_safe
def app(request: DeskRequest) -> HttpResponse:
    """Show the steps, the number to call and the address that the app asks for."""
    phone = request.vendor.phone
    context: dict[str, object] = {
        "address": request.build_absolute_uri(reverse("portal:home", args=[request.vendor.slug])),
        "phone": phone,
        "phone_link": "".join(sign for sign in phone if sign in DIALLED),
        "staff": ", ".join(each.person.name for each in on_call(request.vendor)),
    }
    return page(request, "portal/app.html", "home", context)
