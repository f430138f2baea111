"""The apps that look at the list of technicians and have not called yet."""

from typing import Final

from pomost.wire.control import Language, People

from .gateway import Gateway, Refused
from .line import Line

APPS_MAX: Final = 5_000
"""Apps that may wait in this process. Each costs a socket and some kilobytes."""


class Lobby:
    """Keeps every app's list of technicians true."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._waiting: dict[Line, tuple[str, Language]] = {}
        self._stale: set[str] = set()
        self._changes = 0

    async def enter(self, line: Line, vendor: str, language: Language) -> None:
        """Show the list to an app, and keep it true from now on.

        Raises:
            Refused: no such vendor, or too many apps wait.
        """
        if len(self._waiting) >= APPS_MAX:
            raise Refused("Too many apps are waiting at this desk. Try again in a minute, or telephone.")
        people = await self._people(vendor, language)
        line.tell(people)
        self._waiting[line] = (vendor, language)

    async def _people(self, vendor: str, language: Language) -> People:
        """Read the list, again if it changed while it was read: the next change must find the app waiting here."""
        while True:
            before = self._changes
            people = People(tuple(await self._gateway.people(vendor, language)))
            if self._changes == before:
                return people

    def leave(self, line: Line) -> None:
        """The app called, or is gone; harmless when it was not here."""
        self._waiting.pop(line, None)

    def come_back(self, line: Line, vendor: str, language: Language) -> None:
        """An app whose call was declined looks at the list again; it is sent with the next tick."""
        self._waiting[line] = (vendor, language)
        self._stale.add(vendor)

    def people_changed(self, vendor: str) -> None:
        """Somebody came, went or is busy: the vendor's apps get a new list with the next tick.

        So a technician who changes pages, or ten who come at nine, cost one reading and not ten.
        """
        self._stale.add(vendor)
        self._changes += 1

    async def tick(self) -> None:
        """Show new lists where they changed."""
        while self._stale:
            vendor = self._stale.pop()
            languages = {language for of_vendor, language in self._waiting.values() if of_vendor == vendor}
            for language in sorted(languages):
                people = People(tuple(await self._gateway.people(vendor, language)))
                for line, where in list(self._waiting.items()):
                    if where == (vendor, language):
                        line.tell(people)
