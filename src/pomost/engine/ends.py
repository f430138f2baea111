"""The conversation with one socket, from hello to goodbye: the app's and the technician's.

What may be said is in wire/control.py; here each message has one handler in a table. A refusal of
the desk is told and the talk goes on; a broken protocol is told, closes the socket and ends the
session, because an end that speaks nonsense cannot be trusted with a customer's screen.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pomost.wire import control
from pomost.wire.clock import Clock
from pomost.wire.control import REASONS, Because
from pomost.wire.errors import RemoteProtocolError
from pomost.wire.levels import Side

from .gateway import Caller, Gateway, Refused, TechnicianSeen
from .line import HELLO_SECONDS, Line, LineClosed
from .lobby import Lobby
from .room import Room
from .rooms import Rooms

Handlers = Mapping[type[Any], Callable[[Any], Awaitable[None]]]


class AgentEnd:
    """A customer's app: first in the lobby, then in a room."""

    def __init__(
        self, vendor: str, line: Line, *, gateway: Gateway, rooms: Rooms, lobby: Lobby, clock: Clock
    ) -> None:
        self._vendor = vendor
        self._line = line
        self._gateway = gateway
        self._rooms = rooms
        self._lobby = lobby
        self._clock = clock
        self._room: Room | None = None
        self._hello: control.Hello | None = None
        self._handlers: Handlers = {
            control.Call: self._call,
            control.Hangup: lambda _: self._in_room().end(Because.HUNG_UP, Side.AGENT),
            control.Consent: lambda said: self._in_room().consent(said),
            control.Grant: lambda said: self._in_room().grant(said.level),
            control.Withdraw: lambda said: self._in_room().withdraw(said.level_now),
            control.Words: lambda said: self._in_room().words(Side.AGENT, said.match),
            control.EstimateAnswer: lambda said: self._in_room().estimate_answered(said),
            control.Beat: self._beat,
            control.End: lambda said: self._in_room().end(said.why, Side.AGENT),
        }

    async def talk(self) -> None:
        """Serve the app until its socket closes."""
        try:
            await self._greet(await _first(self._line, control.Hello))
            await _listen(self._line, self._handlers, self._relay)
        except RemoteProtocolError as error:
            await _nonsense(Side.AGENT, self._line, self._room, error)
        except Refused as refusal:
            self._line.refuse(refusal.why, refusal.because)
        except LineClosed:
            pass  # the ordinary end of a conversation; what follows from it is below
        except Exception:
            await _went_wrong(self._line, self._room)
            raise
        finally:
            self._lobby.leave(self._line)
            if self._room is not None:
                await self._room.lost(Side.AGENT, self._line)

    async def _greet(self, hello: control.Hello) -> None:
        self._hello = hello
        if hello.resume is None:
            await self._lobby.enter(self._line, self._vendor, hello.language)
            return
        self._room = self._rooms.find(hello.resume.session, self._vendor)
        await self._room.agent_returned(self._line, hello.resume.key)

    async def _call(self, said: control.Call) -> None:
        hello = self._hello
        if hello is None or self._is_in_room():
            raise Refused("This app is in a call already.")
        caller = Caller(said.caller_name, said.caller_company, hello.language, hello.app_version)
        session = await self._gateway.call(self._vendor, said.technician, caller, self._clock.now())
        self._room = self._rooms.open(session, self._vendor, said.technician, hello.language)
        self._lobby.leave(self._line)
        self._room.ring(
            self._line,
            said.caller_name,
            declined=lambda: self._lobby.come_back(self._line, self._vendor, hello.language),
        )

    async def _beat(self, said: control.Beat) -> None:
        if self._is_in_room():
            await self._in_room().beat(said)

    def _relay(self, frame: bytes) -> None:
        self._in_room().relay(Side.AGENT, frame)

    def _is_in_room(self) -> bool:
        return self._room is not None and self._rooms.get(self._room.session) is self._room

    def _in_room(self) -> Room:
        if self._room is None:
            raise RemoteProtocolError("There is no session to say that in; call first.")
        return self._room


class ViewerEnd:
    """A technician's page in one session."""

    def __init__(
        self,
        vendor: str,
        session: str,
        technician: TechnicianSeen,
        line: Line,
        *,
        gateway: Gateway,
        rooms: Rooms,
    ) -> None:
        self._vendor = vendor
        self._session = session
        self._technician = technician
        self._line = line
        self._gateway = gateway
        self._rooms = rooms

    async def talk(self) -> None:
        """Serve the page until its socket closes."""
        room: Room | None = None
        try:
            hello = await _first(self._line, control.ViewerHello)
            room = self._rooms.find(self._session, self._vendor)
            await self._join(room, hello.page)
            handlers: Handlers = {
                control.Asked: lambda said: room.asked(said.level),
                control.Words: lambda said: room.words(Side.VIEWER, said.match),
                control.End: lambda said: room.end(said.why, Side.VIEWER),
            }
            await _listen(self._line, handlers, lambda frame: room.relay(Side.VIEWER, frame))
        except RemoteProtocolError as error:
            await _nonsense(Side.VIEWER, self._line, room, error)
        except Refused as refusal:
            self._line.refuse(refusal.why, refusal.because)
        except LineClosed:
            pass  # the ordinary end of a conversation; what follows from it is below
        except Exception:
            await _went_wrong(self._line, room)
            raise
        finally:
            if room is not None:
                await room.lost(Side.VIEWER, self._line)

    async def _join(self, room: Room, page: str) -> None:
        offered = await self._gateway.viewer_may_join(self._session, self._technician.id)
        if offered is None:
            raise Refused("This session is over, or another technician took it.")
        await room.viewer_came(self._line, page, offered)


async def _first(line: Line, cls: type[Any]) -> Any:
    """Return the hello that must come first and soon."""
    try:
        async with asyncio.timeout(HELLO_SECONDS):
            said = await line.read()
    except TimeoutError:
        raise Refused(f"No hello came within {HELLO_SECONDS} s.") from None
    if not isinstance(said, cls):
        raise RemoteProtocolError("The first message must be hello.")
    if said.protocol != control.PROTOCOL:
        raise Refused(
            f"This end speaks version {said.protocol} of the protocol, the desk speaks {control.PROTOCOL}. "
            "Load the app or the page anew."
        )
    return said


async def _listen(line: Line, handlers: Handlers, relay: Callable[[bytes], None]) -> None:
    while line.is_open:
        said = await line.read()
        if isinstance(said, bytes):
            relay(said)
            continue
        handler = handlers.get(type(said))
        if handler is None:
            raise RemoteProtocolError("hello is said once.")
        try:
            await handler(said)
        except Refused as refusal:
            line.tell(control.Refused(refusal.why, refusal.because))


async def _nonsense(side: Side, line: Line, room: Room | None, error: RemoteProtocolError) -> None:
    line.refuse(str(error), Because.BROKEN_PROTOCOL)
    if room is not None:
        await room.end(Because.BROKEN_PROTOCOL, side)


async def _went_wrong(line: Line, room: Room | None) -> None:
    line.refuse(REASONS[Because.NOT_STORED], Because.NOT_STORED)
    if room is not None:
        await room.end(Because.NOT_STORED, None)
