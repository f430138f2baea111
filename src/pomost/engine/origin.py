"""Whether a request comes from the desk's own pages.

A browser sends the technician's cookies along with whatever another site makes it open; the Origin
and Sec-Fetch-Site headers tell which site that was. The scheme is not compared, because behind a
proxy the engine does not see it; host and port are.
"""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection


def is_own_page(connection: HTTPConnection) -> bool:
    """Whether a page of this very host opened it; a WebSocket of any browser names its origin."""
    origin = connection.headers.get("origin")
    return origin is not None and _host_of(origin) == _own_host(connection)


def is_foreign_page(connection: HTTPConnection) -> bool:
    """Whether a page of another site opened it. Programs other than browsers say nothing: not foreign.

    An EventSource of our own page names no origin, but says Sec-Fetch-Site.
    """
    origin = connection.headers.get("origin")
    if origin is not None and _host_of(origin) != _own_host(connection):
        return True
    return connection.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")


def _own_host(connection: HTTPConnection) -> str:
    return connection.headers.get("host", "").lower()


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
