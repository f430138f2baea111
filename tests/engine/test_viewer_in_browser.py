"""The viewer's modules in a real browser, the engine on a real port, and an app in Python."""

import hashlib
import io
import struct
from collections.abc import Iterator

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser, Page, sync_playwright

from pomost.agent.video_av import Av1Encoder
from pomost.wire import control, peer
from pomost.wire.control import Language
from pomost.wire.levels import Level
from pomost.wire.peer import Codec, KeyStroke, Screen, Tile, TileFlag, Tiles, TypedText
from pomost.wire.spoken import words

from .browser_page import App, Served, pixels_of, served
from .desk import OFFER, SESSION

WIDTH, HEIGHT = 400, 200
SCREEN = Screen(WIDTH, HEIGHT, "screen", "pl", ())


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def desk() -> Iterator[Served]:
    with served() as app:
        yield app


@pytest.fixture
def app(desk: Served) -> Iterator[App]:
    app = App(desk.host)
    app.call()
    desk.engine.hub.answered(SESSION, OFFER.offer, OFFER.signature)
    yield app
    app.close()


@pytest.fixture
def page(chromium: Browser, desk: Served, app: App) -> Iterator[Page]:
    """The technician's page, joined, with keys made."""
    context = chromium.new_context()
    context.add_cookies([{"name": "sessionid", "value": "t", "url": f"http://{desk.host}"}])
    page = context.new_page()
    page.goto(f"http://{desk.host}/")
    app.until_locked()
    page.wait_for_function("told.locked?.[0]")
    yield page
    context.close()


def allowed(page: Page, app: App, level: Level) -> None:
    """Both say that the words match; the customer allows `level`; the first picture is there."""
    page.evaluate("session.sayWords(true)")
    app.until(control.Words)
    app.say(control.Words(match=True))
    app.say(control.Grant(level))
    app.until(control.MeterShown)
    app.send(peer.Granted(level), SCREEN)
    page.wait_for_function("told.screen")
    page.wait_for_function(f"told.level?.[0] === '{level.word}'")


def encoded(image: Image.Image, kind: str) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, lossless=True) if kind == "WEBP" else image.save(file, kind)
    return file.getvalue()


def noise(width: int, height: int, seed: int) -> Image.Image:
    raw = b"".join(
        hashlib.sha256(struct.pack(">II", seed, n)).digest() for n in range(width * height * 3 // 32 + 1)
    )
    return Image.frombytes("RGB", (width, height), raw[: width * height * 3])


def shown(page: Page) -> Image.Image:
    png = pixels_of(page.evaluate("document.getElementById('picture').toDataURL('image/png')"))
    return Image.open(io.BytesIO(png)).convert("RGB")


def test_both_ends_show_the_same_words(page: Page, app: App) -> None:
    numbers = app.sealed.word_numbers
    assert numbers is not None

    assert page.evaluate("told.locked") == [list(words(Language.PL, numbers)), "AES-256-GCM"]


@pytest.mark.parametrize("decoder", ["the browser's ImageDecoder", "none, as in older browsers"])
def test_every_kind_of_tile_comes_out_pixel_by_pixel(page: Page, app: App, decoder: str) -> None:
    if decoder.startswith("none"):
        page.evaluate("delete globalThis.ImageDecoder")
    allowed(page, app, Level.LOOK)
    webp, png, raw = noise(100, 50, 1), noise(100, 50, 2), noise(100, 50, 3)
    tiles = (
        Tile(0, 0, WIDTH, HEIGHT, Codec.SOLID, b"\x12\x34\x56"),
        Tile(0, 0, 100, 50, Codec.WEBP, encoded(webp, "WEBP")),
        Tile(100, 0, 100, 50, Codec.PNG, encoded(png, "PNG")),
        Tile(200, 0, 100, 50, Codec.RAW, raw.tobytes()),
        Tile(10, 5, 100, 50, Codec.COPY, struct.pack(">HH", 0, 0)),
        Tile(0, 60, 200, 100, Codec.COPY, struct.pack(">10H", 100, 0, 10, 70, 50, 40, 40, 90, 50, 40)),
    )
    app.send(Tiles(1, TileFlag.NONE, tiles[:2]), Tiles(1, TileFlag.LAST, tiles[2:]))
    acknowledged = app.until(peer.Ack)
    expected = Image.new("RGB", (WIDTH, HEIGHT), (0x12, 0x34, 0x56))
    for image, x in ((webp, 0), (png, 100), (raw, 200)):
        expected.paste(image, (x, 0))
    expected.paste(expected.crop((0, 0, 100, 50)), (10, 5))
    moved = expected.crop((100, 0, 300, 100))
    for part in ((10, 70, 60, 110), (40, 90, 90, 130)):  # what stays may overlap
        moved.paste(expected.crop(part), (part[0], part[1] - 60))
    expected.paste(moved, (0, 60))
    digest = hashlib.sha256(struct.pack(">HH", WIDTH, HEIGHT) + expected.tobytes()).digest()
    app.send(peer.Digest(1, digest))
    page.wait_for_function("told.exact?.[0] === true")

    assert acknowledged.frame_id == 1
    assert shown(page).tobytes() == expected.tobytes()


def test_video_is_shown_nearly_and_made_exact_by_tiles(page: Page, app: App) -> None:
    allowed(page, app, Level.LOOK)
    codecs = app.until(peer.CanDecode).codecs
    ground, film = noise(WIDTH, HEIGHT, 5), [Image.linear_gradient("L").rotate(90 * n) for n in range(3)]
    film = [image.resize((256, 128)).convert("RGB") for image in film]
    encoder = Av1Encoder(256, 128)
    frames = [encoder.encode(image) for image in film]
    app.send(
        Tiles(
            1,
            TileFlag.LAST | TileFlag.EXACT,
            (Tile(0, 0, WIDTH, HEIGHT, Codec.WEBP, encoded(ground, "WEBP")),),
        ),
        peer.VideoStream(3, peer.AV1, 256, 128),
        *(
            Tiles(2 + n, TileFlag.LAST, (Tile(64, 32, 256, 128, Codec.VIDEO, bytes((3, n == 0)) + data),))
            for n, data in enumerate(frames)
        ),
    )

    assert codecs == (peer.AV1,)
    assert [app.until(peer.Ack).frame_id for _ in range(4)] == [1, 2, 3, 4]
    nearly = shown(page)
    error = ImageStat.Stat(ImageChops.difference(nearly.crop((64, 32, 320, 160)), film[-1])).mean
    assert max(error) < 8
    nearly.paste((0, 0, 0), (64, 32, 320, 160))
    ground.paste((0, 0, 0), (64, 32, 320, 160))
    assert nearly.tobytes() == ground.tobytes(), "around the film nothing changed"


def test_video_that_cannot_be_decoded_is_said_and_the_picture_goes_on(page: Page, app: App) -> None:
    allowed(page, app, Level.LOOK)
    app.until(peer.CanDecode)
    app.send(
        peer.VideoStream(1, peer.AV1, 256, 128),
        Tiles(1, TileFlag.LAST, (Tile(0, 0, 256, 128, Codec.VIDEO, b"\1\1no video at all"),)),
        Tiles(2, TileFlag.LAST, (Tile(0, 0, WIDTH, HEIGHT, Codec.SOLID, b"\x12\x34\x56"),)),
    )

    assert app.until(peer.CanDecode).codecs == ()
    while app.until(peer.Ack).frame_id != 2:
        pass
    assert shown(page).getpixel((10, 10)) == (0x12, 0x34, 0x56)


def test_a_frame_of_a_stream_that_never_began_ends_the_session(page: Page, app: App) -> None:
    allowed(page, app, Level.LOOK)
    app.send(Tiles(1, TileFlag.LAST, (Tile(0, 0, 256, 128, Codec.VIDEO, b"\1\1frame"),)))

    assert "belongs to no stream" in app.until(control.Ended).why


def test_a_wrong_digest_shows_no_badge(page: Page, app: App) -> None:
    allowed(page, app, Level.LOOK)
    app.send(Tiles(1, TileFlag.LAST, (Tile(0, 0, WIDTH, HEIGHT, Codec.SOLID, b"abc"),)))
    app.until(peer.Ack)
    app.send(peer.Digest(1, bytes(32)), peer.Masked(hidden=True, why="bank"))
    page.wait_for_function("told.masked")
    page.evaluate("new Promise((done) => requestIdleCallback(() => requestIdleCallback(done)))")

    assert not page.evaluate("told.exact?.[0]")


def test_frames_are_shown_in_order_however_long_each_takes_to_decode(page: Page, app: App) -> None:
    allowed(page, app, Level.LOOK)
    slow = noise(WIDTH, HEIGHT, 4)
    app.send(
        Tiles(1, TileFlag.LAST, (Tile(0, 0, WIDTH, HEIGHT, Codec.WEBP, encoded(slow, "WEBP")),)),
        Tiles(2, TileFlag.LAST, (Tile(0, 0, 10, 10, Codec.SOLID, b"\xff\0\0"),)),
    )

    assert [app.until(peer.Ack).frame_id, app.until(peer.Ack).frame_id] == [1, 2]
    slow.paste((255, 0, 0), (0, 0, 10, 10))
    assert shown(page).tobytes() == slow.tobytes()


def test_a_tile_that_unfolds_into_another_picture_ends_the_session(page: Page, app: App) -> None:
    allowed(page, app, Level.LOOK)
    bomb = Tile(0, 0, 10, 10, Codec.PNG, encoded(Image.new("RGB", (9_000, 9_000)), "PNG"))
    app.send(Tiles(1, TileFlag.LAST, (bomb,)))

    assert "holds another picture" in app.until(control.Ended).why
    assert page.evaluate("told.ended[0].because") == "tampered"


def test_mouse_and_keys_arrive_as_they_were_made(page: Page, app: App) -> None:
    allowed(page, app, Level.ACT)
    app.send(Tiles(7, TileFlag.LAST, (Tile(0, 0, WIDTH, HEIGHT, Codec.SOLID, b"abc"),)))
    app.until(peer.Ack)
    page.mouse.click(50, 25)
    page.mouse.wheel(0, 100)
    page.keyboard.press("Shift+A")
    page.keyboard.insert_text("żółć ₽")
    page.keyboard.press("Enter")

    assert app.until(peer.Button) == peer.Button(7, 0, down=True, x=100, y=50)
    assert app.until(peer.Button) == peer.Button(7, 0, down=False, x=100, y=50)
    assert app.until(peer.Wheel) == peer.Wheel(7, dx=0, dy=120, x=100, y=50)
    strokes = [app.until(KeyStroke) for _ in range(6)]
    assert [(s.down, s.code, s.key) for s in strokes] == [
        (True, "ShiftLeft", "Shift"),
        (True, "KeyA", "A"),
        (False, "KeyA", "A"),
        (False, "ShiftLeft", "Shift"),
        (True, "Enter", "Enter"),
        (False, "Enter", "Enter"),
    ]
    assert app.until(TypedText) == TypedText(7, "żółć ₽")


def test_the_last_of_many_moves_always_arrives(page: Page, app: App) -> None:
    allowed(page, app, Level.POINT)
    page.mouse.move(1, 1)
    page.mouse.move(150, 75, steps=40)
    while (move := app.until(peer.Move)) != peer.Move(0, 300, 150):
        assert move.x <= 300


def test_below_act_no_key_and_no_button_leaves_the_page(page: Page, app: App) -> None:
    allowed(page, app, Level.POINT)
    page.mouse.click(50, 25)
    page.keyboard.press("a")
    page.evaluate("session.chat('done')")
    app.until(peer.Chat)

    assert {type(message) for message in app.messages} <= {peer.Move, peer.CanDecode, peer.Ping}


def test_the_page_asks_how_old_its_picture_is_and_calls_it_stale_when_nobody_answers(
    page: Page, app: App
) -> None:
    allowed(page, app, Level.LOOK)
    app.send(Tiles(1, TileFlag.LAST, (Tile(0, 0, WIDTH, HEIGHT, Codec.SOLID, b"\x01\x02\x03"),)))
    app.until(peer.Ack)
    app.send(peer.Pong(app.until(peer.Ping).echo, 1, 0))
    page.wait_for_function("(figures = session.stats(), figures.ageMs !== null && !figures.stale)")

    page.wait_for_function("session.stats().stale")


def test_leaving_the_page_lets_every_key_go(page: Page, app: App) -> None:
    allowed(page, app, Level.ACT)
    page.mouse.click(50, 25)
    page.keyboard.down("Control")
    page.evaluate("document.activeElement.blur()")

    app.until(peer.ReleaseAll)


def test_after_the_apps_link_broke_the_picture_goes_on_under_new_keys(page: Page, app: App) -> None:
    allowed(page, app, Level.LOOK)
    before = app.sealed.word_numbers
    app.break_and_return()
    app.until_locked()
    app.send(SCREEN, Tiles(1, TileFlag.LAST, (Tile(0, 0, WIDTH, HEIGHT, Codec.SOLID, b"\x01\x02\x03"),)))
    app.until(peer.Ack)

    assert shown(page).getpixel((0, 0)) == (1, 2, 3)
    assert app.sealed.word_numbers == before
    assert page.evaluate("told.locked[1]") == "AES-256-GCM"


def test_when_looking_is_withdrawn_the_picture_is_gone(page: Page, app: App) -> None:
    allowed(page, app, Level.LOOK)
    app.send(Tiles(1, TileFlag.LAST, (Tile(0, 0, WIDTH, HEIGHT, Codec.SOLID, b"abc"),)))
    app.until(peer.Ack)
    app.send(peer.Granted(Level.NONE))
    page.wait_for_function("told.level[0] === 'none'")

    assert shown(page).getcolors() == [(WIDTH * HEIGHT, (0, 0, 0))]


def test_the_technician_ends_it(page: Page, app: App) -> None:
    page.evaluate("session.end('Done.')")

    assert app.until(control.Ended).why == "Done."
    page.wait_for_function("told.ended")
    assert page.evaluate("told.locked") == [None, None]
