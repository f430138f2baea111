"""The request as our pages see it: with the moment, the vendor and the person's place at that vendor.

`now` and `vendor` are set by config.middleware, `technician` or `contact` by the guard of the page's audience.
"""

from datetime import datetime

from django.http import HttpRequest

from pomost.people.models import Contact, Technician, Vendor


class DeskRequest(HttpRequest):
    """A request to a page of one vendor's desk."""

    now: datetime
    """The moment by the desk's clock, taken once a request; aware."""
    vendor: Vendor
    technician: Technician
    contact: Contact
