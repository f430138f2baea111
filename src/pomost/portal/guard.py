"""Who may open a portal page: contacts of the address's vendor.

Every view of this folder wears `contact_page`. Staff who follow a portal link land on their board; anybody else reads why not.
A refusal that an action raises is shown where the person was, as a sentence.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from pomost.people import access
from pomost.people.errors import NoAccess, NotFound, Refused
from pomost.people.models import Person, Technician
from pomost.people.requests import DeskRequest

P = ParamSpec("P")
Page = Callable[Concatenate[DeskRequest, P], HttpResponse]


def contact_page(page: Page[P]) -> Callable[..., HttpResponse]:
    """Let contacts of the vendor in, and set `request.contact`."""

    @wraps(page)
    def guarded(request: HttpRequest, vendor: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        desk = cast(DeskRequest, request)
        person = cast(Person, request.user)
        try:
            desk.contact = access.contact(person, desk.vendor)
            return page(desk, *args, **kwargs)
        except NoAccess as refused:
            if Technician.objects.filter(vendor=desk.vendor, person=person).exists():
                return redirect("console:board", vendor)
            return _refusal(request, refused, 403)
        except NotFound as refused:
            return _refusal(request, refused, 404)
        except Refused as refused:
            if request.method in ("GET", "HEAD"):
                return _refusal(
                    request, refused, 409
                )  # the page itself cannot be made: no other page to go back to
            messages.error(request, str(refused))
            number = kwargs.get("number")
            return redirect("portal:request", vendor, number) if number else redirect("portal:home", vendor)

    return guarded


def _refusal(request: HttpRequest, refused: Refused, status: int) -> HttpResponse:
    return render(request, "ui/refused.html", {"sentence": str(refused)}, status=status)
