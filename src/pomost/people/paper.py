"""From a page to a PDF.

Owns the PDF maker and what it may read: our own static files and nothing else, no network, no file elsewhere. Refuses a
page that asks for more: no PDF is made then. What stands on the page is its own folder's.
"""

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

STATIC_HOST: Final = "static.invalid"
"""A host that can never exist (RFC 2606); the fetcher answers for it from our static files."""
TYPES: Final = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


class DocumentFailed(RuntimeError):
    """No PDF could be made. The sentence names the address that is at fault."""


class OnlyOurStatics(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Reads our own static files and refuses every other address, so that no text of a page can fetch anything."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return the static file behind `url`; `headers` mean nothing to a file.

        Raises:
            FatalURLFetchingError: the address is not one of ours, or there is no such file. No PDF is made then.
        """
        found = _static_file(url)
        if found is None:
            raise FatalURLFetchingError(f"A document may not read {url}. Only our static files stand on it.")
        kind = TYPES.get(found.suffix, "application/octet-stream")
        return URLFetcherResponse(url, body=found.read_bytes(), headers={"Content-Type": kind})


def _static_file(url: str) -> Path | None:
    parts = urlsplit(url)
    if (parts.scheme, parts.netloc) != ("https", STATIC_HOST):
        return None
    try:
        found = finders.find(parts.path.lstrip("/"))
    except SuspiciousFileOperation:  # the path climbs out of the static folders
        return None
    return Path(found) if isinstance(found, str) else None


def pdf_from(page: str) -> bytes:
    """Return the PDF of a page; addresses on it begin with "/" and are those of static files, such as "/ui/tokens.css".

    Raises:
        DocumentFailed: something it asks for is none of our static files, or is not installed.
    """
    html = HTML(string=page, base_url=f"https://{STATIC_HOST}/", url_fetcher=OnlyOurStatics())
    try:
        made: bytes = html.write_pdf()
    except FatalURLFetchingError as refused:
        raise DocumentFailed(str(refused)) from refused
    return made
