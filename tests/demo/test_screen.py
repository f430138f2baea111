"""The page that stands for the customer's own screen: what it shows, what it takes, whom it refuses."""

import asyncio
import gc
import io
import json
import struct
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
import websockets
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pomost.demo.desktop import Desktop
from pomost.demo.screen import MESSAGE_BYTES_MAX, NotInput, ScreenPage, read_input
from pomost.demo.settings import settings
from pomost.wire import peer
from pomost.wire.clock import SystemClock
from pomost.wire.levels import Level, Side

from .pages import Reader, served
from .screens import PATIENCE_S, desktop, eventually

NO_SCREEN = ":9999"


def page(display: str) -> ScreenPage:
    return ScreenPage(
        display, SystemClock(), {"desk": "http://127.0.0.1:8000", "mailbox": "http://127.0.0.1:8011"}
    )


def on(one: Desktop, monkeypatch: pytest.MonkeyPatch) -> AbstractAsyncContextManager[str]:
    """The page over a desktop."""
    monkeypatch.setenv("XAUTHORITY", one.environment["XAUTHORITY"])
    return served(page(one.environment["DISPLAY"]).app())


async def closed_with(line: websockets.ClientConnection) -> int | None:
    """Read until the server closes; the code it gives."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            async for _ in line:
                pass
    except websockets.ConnectionClosedError as closed:
        return closed.rcvd.code if closed.rcvd else None
    return line.close_code


def test_the_page_says_that_it_is_not_the_product() -> None:
    text = Reader(page(NO_SCREEN).app(), "http://127.0.0.1:8010", "pl").get("/").text

    assert "Nie należy do produktu" in text
    assert 'href="http://127.0.0.1:8000"' in text


def understood(data: bytes) -> peer.Message | str:
    """The message, or the sentence with which it is refused."""
    try:
        return read_input(data)
    except NotInput as refused:
        return str(refused)


@given(st.binary(max_size=200))
def test_whatever_bytes_come_they_are_input_or_refused_with_a_sentence(data: bytes) -> None:
    message = understood(data)

    assert message
    assert isinstance(message, str) or peer.encode(message, Side.VIEWER) == data


@pytest.mark.parametrize(
    "message",
    [peer.Ask(Level.ACT), peer.Chat("hello"), peer.Bye("gone")],
    ids=lambda message: type(message).__name__,
)
def test_what_only_a_session_knows_is_no_input(message: peer.Message) -> None:
    with pytest.raises(NotInput, match="mouse and keyboard only"):
        read_input(peer.encode(message, Side.VIEWER))


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://evil.example", None),
        ("http://127.0.0.1:1", None),
        (None, None),
        ("http://evil.example", "evil.example"),
    ],
    ids=["another site", "another port", "no origin", "another name"],
)
def test_only_the_page_itself_may_open_the_screen(origin: str | None, host: str | None) -> None:
    async def story() -> None:
        async with served(page(NO_SCREEN).app()) as here:
            asking = websockets.connect(
                f"ws://{host or here}/screen",
                origin=websockets.Origin(origin) if origin else None,
                host="127.0.0.1",
                port=int(here.split(":")[1]),
            )
            with pytest.raises(websockets.InvalidStatus) as refused:
                await asking
            assert refused.value.response.status_code == 403

    asyncio.run(story())


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # python-xlib 0.33 forgets a refused socket
def test_a_screen_that_is_not_there_is_said_so() -> None:
    async def story() -> None:
        async with served(page(NO_SCREEN).app()) as host, open_line(host) as line:
            assert await closed_with(line) == 1011
            assert "does not answer" in (line.close_reason or "")

    asyncio.run(story())
    gc.collect()  # so that it forgets it here and not in another test


class Browser:
    """What the page's script does: draws, acknowledges, sends."""

    def __init__(self, line: websockets.ClientConnection) -> None:
        self.line = line
        self.picture = Image.new("RGB", (1, 1))

    async def draw(self) -> peer.Message:
        data = await asyncio.wait_for(self.line.recv(), PATIENCE_S)
        assert isinstance(data, bytes)
        message = peer.decode(data, Side.AGENT)
        if isinstance(message, peer.Screen):
            self.picture = Image.new("RGB", (message.width, message.height))
        if isinstance(message, peer.Tiles):
            for tile in message.tiles:
                solid = tile.codec is peer.Codec.SOLID
                piece = (
                    Image.new("RGB", (tile.width, tile.height), tuple(tile.data))
                    if solid
                    else Image.open(io.BytesIO(tile.data))
                )
                self.picture.paste(piece, (tile.x, tile.y))
            await self.send(peer.Ack(message.frame_id, 1))
        return message

    async def send(self, message: peer.Message) -> None:
        await self.line.send(peer.encode(message, Side.VIEWER))


def open_line(host: str) -> websockets.connect:
    return websockets.connect(f"ws://{host}/screen", origin=websockets.Origin(f"http://{host}"))


def test_a_stranger_sees_the_screen_clicks_and_types(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        async with (
            desktop(tmp_path, "pl") as (one, _),
            on(one, monkeypatch) as host,
            open_line(host) as line,
        ):
            browser = Browser(line)
            assert isinstance(await browser.draw(), peer.Screen)
            assert browser.picture.size == (settings().width, settings().height)
            file = one.state_file("ledger-pl")
            while not (file.exists() and json.loads(file.read_text())["rows"]):
                await browser.draw()

            state = json.loads(file.read_text())
            x, y, width, height = state["places"]["note"]
            for down in (True, False):
                await browser.send(peer.Button(1, 0, down, x + width // 2, y + height // 2))
            await eventually(
                lambda: json.loads(file.read_text())["focus"] == "note", "the field has the keyboard"
            )
            await browser.send(peer.TypedText(1, "żółw"))
            await browser.send(peer.KeyStroke(1, True, "Digit5", "5"))
            await eventually(
                lambda: json.loads(file.read_text())["note"] == "żółw5", "the word is in the field"
            )

            white = browser.picture.crop((x + 6, y + 6, x + 60, y + height - 6)).getextrema()
            while white == ((255, 255),) * 3:
                await browser.draw()
                white = browser.picture.crop((x + 6, y + 6, x + 60, y + height - 6)).getextrema()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"\xff", 1008),
        (struct.pack(">BI", 0x22, 1), 1008),
        (b"", 1008),
        ("text", 1008),
        (bytes(MESSAGE_BYTES_MAX + 1), 1009),
    ],
    ids=["unknown message", "cut short", "empty", "text", "too long"],
)
def test_what_is_no_input_closes_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sent: bytes | str, code: int
) -> None:
    async def story() -> None:
        async with (
            desktop(tmp_path, "pl") as (one, _),
            on(one, monkeypatch) as host,
            open_line(host) as line,
        ):
            await line.send(sent)

            assert await closed_with(line) == code

    asyncio.run(story())
