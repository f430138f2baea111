"""Who may open a console page: staff of the address's vendor, and for some pages only some roles.

Every view of this folder wears `technician_page`. It also turns a refusal that a view lets through into a page with
the refusal's sentence, so that no view needs to.
"""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, pgettext_lazy

from pomost.people import access
from pomost.people.errors import NoAccess, NotFound, Refused
from pomost.people.models import Person, Technician
from pomost.people.requests import DeskRequest
from pomost.people.roles import may

__all__ = ["ROLE_WORDS", "may", "technician_page"]

P = ParamSpec("P")
Page = Callable[Concatenate[DeskRequest, P], HttpResponse]

ROLE_WORDS = {
    Technician.Role.TECHNICIAN: pgettext_lazy("role", "technician"),
    Technician.Role.DISPATCHER: pgettext_lazy("role", "dispatcher"),
    Technician.Role.BOOKKEEPER: pgettext_lazy("role", "bookkeeper"),
    Technician.Role.OWNER: pgettext_lazy("role", "owner"),
}


def technician_page(
    least: Technician.Role = Technician.Role.TECHNICIAN,
) -> Callable[[Page[P]], Callable[..., HttpResponse]]:
    """Let staff of the vendor in whose role is at least `least`, and set `request.technician`."""

    def decorate(page: Page[P]) -> Callable[..., HttpResponse]:
        def guarded(request: HttpRequest, vendor: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            desk = cast(DeskRequest, request)
            try:
                desk.technician = _admitted(desk, least)
                return page(desk, *args, **kwargs)
            except NoAccess as refused:
                return render(request, "ui/refused.html", {"sentence": str(refused)}, status=403)
            except NotFound as refused:
                return render(request, "ui/refused.html", {"sentence": str(refused)}, status=404)
            except Refused as refused:
                return render(request, "ui/refused.html", {"sentence": str(refused)}, status=409)

        update_wrapper(guarded, page)
        return guarded

    return decorate


def _admitted(request: DeskRequest, least: Technician.Role) -> Technician:
    """Return the technician behind a request.

    Raises:
        NoAccess: they do not work for this vendor, or their role is too narrow.
    """
    technician = access.technician(cast(Person, request.user), request.vendor)
    if not may(technician, least):
        raise NoAccess(
            gettext("Only this role can do it: %(role)s. Ask for it.") % {"role": ROLE_WORDS[least]}
        )
    return technician
