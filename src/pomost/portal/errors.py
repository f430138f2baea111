"""The public list of a vendor's known errors: what is wrong, how to live with it, which version mends it.

Anybody may read it, signed in or not. It names no customer and no request; errors that are not confirmed are not in it.
"""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pomost.contracts.queries import local_day, terms_in_force
from pomost.people.requests import DeskRequest
from pomost.tickets import queries
from pomost.ui.product_parts import ErrorView, error_view, family_name


@dataclass(frozen=True, slots=True)
class ProductView:
    """The errors of one product."""

    name: str
    newest: str
    """The version to update to; empty: the vendor keeps no list."""
    open: tuple[ErrorView, ...]
    mended: tuple[ErrorView, ...]


@login_not_required
@require_safe
def errors(request: DeskRequest, vendor: str) -> HttpResponse:
    """Show what is known, by product."""
    today = local_day(request.vendor, request.now)
    _version, terms = terms_in_force(request.vendor, today)
    language = request.LANGUAGE_CODE or ""
    found = queries.public_errors(request.vendor)
    products = []
    for family in sorted({each.family for each in found}):
        shown = [error_view(each, language) for each in found if each.family == family]
        newest = queries.newest_release(request.vendor, family, today)
        products.append(
            ProductView(
                name=family_name(terms, family, language),
                newest=newest.version if newest else "",
                open=tuple(each for each in shown if not each.is_mended),
                mended=tuple(each for each in shown if each.is_mended),
            )
        )
    context = {
        "products": products,
        "vendor": request.vendor,
        "terms_url": reverse("portal:terms", args=[request.vendor.slug]),
    }
    return render(request, "portal/errors.html", context)
