"""Which addresses the desk may call: public ones by HTTPS, and what the operator has allowed besides.

Whoever may write a URL into the desk could otherwise reach through it what only the desk's machine can see (its own
services, the office's network, a cloud's metadata). A name is resolved here, every address it has is judged, and the
connection then goes to the address that was judged, so that the name cannot change its mind in between.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

PORTS: Final = {"https": 443, "http": 80}
URL_CHARACTERS_MAX: Final = 500
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


class NotCalled(Exception):
    """The desk does not call this address; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart."""

    scheme: str
    host: str
    port: int
    path: str
    """With the query, beginning with a slash."""

    @property
    def host_header(self) -> str:
        """Name and, where it is not the usual one, port."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == PORTS[self.scheme] else f"{name}:{self.port}"

    def at(self, address: Address) -> str:
        """Return the URL with the address in place of the name."""
        host = f"[{address}]" if address.version == 6 else str(address)
        return f"{self.scheme}://{host}:{self.port}{self.path}"


def target_of(url: str) -> Target:
    """Take a URL apart.

    Raises:
        NotCalled: it is no plain http or https URL of a host.
    """
    wrong = NotCalled(
        _("“%(url)s” is not an address to call. Write it like https://example.org/hook.") % {"url": url[:80]}
    )
    if (
        len(url) > URL_CHARACTERS_MAX
        or not url.isascii()
        or not url.isprintable()
        or " " in url
        or "\\" in url
    ):
        raise wrong
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc or parts.fragment or port == 0:
        raise wrong
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname, port or PORTS[parts.scheme], path)


def judge(target: Target, found: Iterable[Address], allowed: Sequence[Network]) -> Address:
    """Return the address to call among those that a name has.

    Raises:
        NotCalled: one of them is not public and not allowed, or the connection would be plain to a public one.
    """
    addresses = list(found)
    if not addresses:
        raise NotCalled(_("%(host)s has no address.") % {"host": target.host})
    for address in addresses:
        if any(address.version == each.version and address in each for each in allowed):
            continue
        if not _is_public(address):
            raise NotCalled(
                _(
                    "%(host)s leads to %(address)s, which is not a public address. The operator can allow its network."
                )
                % {"host": target.host, "address": address}
            )
        if target.scheme != "https":
            raise _plain()
    return addresses[0]


async def resolve(target: Target) -> list[Address]:
    """Return every address of the target's host.

    Raises:
        NotCalled: the name is not known.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            target.host, target.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
        )
    except (OSError, UnicodeError):
        raise NotCalled(_("%(host)s is not found.") % {"host": target.host}) from None
    return list(dict.fromkeys(ipaddress.ip_address(each[4][0]) for each in found))


def written_target(url: str, allowed: Sequence[Network]) -> Target:
    """Take apart a URL that somebody writes down, and judge what can be judged without asking for its name.

    Raises:
        NotCalled: as `target_of` and `judge`.
    """
    target = target_of(url)
    try:
        judge(target, [ipaddress.ip_address(target.host)], allowed)
    except ValueError:  # a name, which is resolved at each call
        if target.scheme != "https" and not allowed:
            raise _plain() from None
    return target


def _plain() -> NotCalled:
    return NotCalled(_("A public address is called by HTTPS only. Write https:// before it."))


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved
