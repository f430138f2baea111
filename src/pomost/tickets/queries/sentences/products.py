"""Facts of versions of the product and of known errors."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from pomost.tickets.queries.languages import in_language
from pomost.tickets.queries.sentences.told import About, Data, Told, Writer


def _version_set(data: Data, about: About) -> Told:
    named = {"version": data["version"] or "–"}
    if data["outdated"]:
        return Told(_("Version %(version)s: it is outdated.") % named, "history")
    return Told(_("Version %(version)s: it is not outdated.") % named, "history")


def _error_linked(data: Data, about: About) -> Told:
    return Told(_("Known error %(error)s: %(title)s") % _error(data, about), "bug")


def _error_unlinked(data: Data, about: About) -> Told:
    return Told(_("It is not the known error %(error)s: %(title)s") % _error(data, about), "bug")


def _error(data: Data, about: About) -> dict[str, object]:
    return {"error": data["error"], "title": in_language(data["title"], about.language)}


def _error_mended(data: Data, about: About) -> Told:
    return Told(_("Version %(version)s mends the error.") % {"version": data["version"]}, "bug")


PRODUCTS: Final[Mapping[str, Writer]] = {
    "ticket.version-set": _version_set,
    "ticket.error-linked": _error_linked,
    "ticket.error-unlinked": _error_unlinked,
    "ticket.error-mended": _error_mended,
}
