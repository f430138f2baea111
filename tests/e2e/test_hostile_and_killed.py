"""What nobody wants: a relay that swaps keys, and processes that die in the middle of a session."""

import json
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from websockets.sync.client import connect as dial

from e2e.desk import Desk, OpensDesk
from e2e.relay import KeySwapper, Relay
from e2e.screen import CustomersComputer, eventually
from e2e.steps import agree, call, click_into_note, compare, connect, give, words_of, write_into_note
from e2e.technician import AtTheDesk
from pomost.wire.sealed import HANDSHAKE_FRAME_BYTES_MAX

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("screen")]

SPECIALIST = "Игорь Небылицын"
BEGINS = "2026-06-11T10:00:00+03:00"


def at_work(desk: Desk, browser: Browser, computer: CustomersComputer, address: str) -> tuple[AtTheDesk, str]:
    """A technician at the board with a noted call, a customer with the app open; return the ticket's number too."""
    technician = AtTheDesk(desk, desk.sign_in(browser, "staff@example.org", "ru"))
    number = technician.note_call("remote-connection", "Настроить маршруты", severity="low")
    technician.see_board()
    computer.start_program()
    computer.start_app(desk.clock_file, address)
    return technician, number


def session_row(desk: Desk) -> dict[str, Any]:
    """Return the newest session as the desk has stored it."""
    names = ("id", "state", "first_grant_at", "metered_ms", "ended_at", "end_reason", "level")
    (row,) = desk.rows(f"SELECT {', '.join(names)} FROM remote_remotesession ORDER BY rung_at DESC LIMIT 1")  # noqa: S608
    return dict(zip(names, row, strict=True))


def seconds_since_grant(desk: Desk) -> float:
    """Return the time that has passed since the first grant of the newest session."""
    granted = datetime.fromisoformat(session_row(desk)["first_grant_at"]).replace(tzinfo=UTC)
    return (desk.clock.now() - granted).total_seconds()


def entered_seconds(desk: Desk) -> int:
    """Wait for the one entry of the work; return its seconds."""
    rows = eventually(
        "the entry of the session", lambda: desk.rows("SELECT worked_seconds FROM worklog_entry")
    )
    ((seconds,),) = rows
    return int(seconds)


def hold(technician: AtTheDesk, computer: CustomersComputer) -> None:
    """The technician presses a key and a mouse button, and does not let go."""
    technician.page.keyboard.down("Shift")
    technician.page.mouse.down()
    eventually("a key and a button to be down", lambda: all(computer.held()))


def is_running(process: int) -> bool:
    """Say whether a process that is not our child still runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_swapped_keys_show_other_words_and_whoever_says_so_closes_it(
    browser: Browser, desk_of: OpensDesk, computer_of: Callable[[str], CustomersComputer]
) -> None:
    with (
        desk_of("centaur", BEGINS) as desk,
        computer_of("ru") as computer,
        KeySwapper(desk.url()) as relay,
    ):
        technician, number = at_work(desk, browser, computer, relay.url)

        # The customer sees that the words differ.
        call(technician, computer, number, SPECIALIST)
        agree(computer)
        assert technician.words() != words_of(computer)
        computer.picture(desk.pictures / "app-words-differ.png")
        desk.picture(technician.page, "words-differ")
        computer.click(computer.word("They differ"))
        computer.read(computer.word("The session has ended"))
        computer.picture(desk.pictures / "app-ended.png")
        technician.session_is_over()
        technician.is_told("words_differ")
        desk.picture(technician.page, "closed")
        assert session_row(desk)["state"] == "ended"

        # The next time it is the technician who sees it.
        computer.click(computer.word("Back to the list"))
        technician.see_board()
        call(technician, computer, number, SPECIALIST)
        agree(computer)
        assert technician.words() != words_of(computer)
        technician.words_differ()
        computer.read(
            computer.word("The words differ: somebody may be listening in between. Nothing was shared.")
        )
        technician.session_is_over()

        # Whoever stood in between held the keys of both, and there was nothing to read: no picture left the app.
        assert relay.opened == []
        assert max(relay.sealed_by_app()) <= HANDSHAKE_FRAME_BYTES_MAX
        assert desk.rows("SELECT state, first_grant_at FROM remote_remotesession") == [("ended", None)] * 2
        assert desk.rows("SELECT count(*) FROM worklog_entry") == [(0,)]
        assert technician.errors == []


def test_nothing_of_the_screen_leaves_before_the_click_and_nobody_returns_after_the_end(
    browser: Browser, desk_of: OpensDesk, computer_of: Callable[[str], CustomersComputer]
) -> None:
    with desk_of("centaur", BEGINS) as desk, computer_of("ru") as computer, Relay(desk.url()) as relay:
        technician, number = at_work(desk, browser, computer, relay.url)
        call(technician, computer, number, SPECIALIST)
        agree(computer)
        compare(technician, computer)

        # The words are the same and the technician asks: still nothing but the handshake has left the app.
        technician.ask("look")
        computer.read(computer.word("Allow looking"))
        assert relay.sealed_by_app()
        assert max(relay.sealed_by_app()) <= HANDSHAKE_FRAME_BYTES_MAX
        computer.click(computer.word("Allow looking"))
        technician.level_is("look")
        technician.picture_is_exact()
        assert max(relay.sealed_by_app_before("grant")) <= HANDSHAKE_FRAME_BYTES_MAX
        assert sum(relay.sealed_by_app()) > 10_000

        # The technician's page is closed. The customer is told at once, and after the grace it is over.
        session = session_row(desk)["id"]
        desk.clock.forward(timedelta(minutes=2))
        technician.meter_shows("0:02")
        technician.page.close()
        computer.read(computer.word("The connection is interrupted"))
        computer.picture(desk.pictures / "app-interrupted.png")
        before = seconds_since_grant(desk)
        desk.clock.forward(timedelta(seconds=21))
        computer.read(computer.word("The technician left and did not come back."))
        computer.picture(desk.pictures / "app-ended.png")
        assert entered_seconds(desk) <= before
        assert session_row(desk)["state"] == "ended"

        # Neither end's socket is opened again: not with the technician's cookies, not with the app's own key.
        again = AtTheDesk(desk, desk.sign_in(browser, "staff@example.org", "ru"))
        address = f"{desk.url().replace('http', 'ws', 1)}viewer/{session}/ws"
        answer = again.page.evaluate(
            """(address) => new Promise((resolve, reject) => {
                const socket = new WebSocket(address);
                socket.onopen = () => socket.send(JSON.stringify({ say: "hello", protocol: 1, page: "0".repeat(32) }));
                socket.onmessage = ({ data }) => resolve(JSON.parse(data));
                socket.onerror = () => reject(new Error("no socket"));
            })""",
            address,
        )
        assert (answer["say"], answer["because"]) == ("refused", "over")
        known = relay.last("ringing")
        with dial(f"{desk.url().replace('http', 'ws', 1)}agent/ws") as line:
            hello = relay.last("hello") | {
                "resume": {"session": known["session"], "key": known["resume_key"]}
            }
            line.send(json.dumps(hello))
            refused = json.loads(line.recv(timeout=30))
        assert (refused["say"], refused["because"]) == ("refused", "over")
        again.page.goto(desk.url(f"console/sessions/{session}/"))
        expect(again.page.locator("[data-socket]")).to_have_count(0)
        desk.picture(again.page, "record")
        assert technician.errors == []


def test_a_killed_desk_keeps_what_was_metered_and_agreed(
    browser: Browser, desk_of: OpensDesk, computer_of: Callable[[str], CustomersComputer]
) -> None:
    with desk_of("bonus", "2026-06-17T10:00:00+03:00") as desk, computer_of("ru") as computer:
        technician = AtTheDesk(desk, desk.sign_in(browser, "staff@example.org", "ru"))
        number = technician.note_call("direct-connection", "Сверка лицевых счетов")
        technician.see_board()
        computer.start_program()
        computer.start_app(desk.clock_file, desk.url())
        connect(technician, computer, number, "Лидия Выдумкина")
        give(technician, computer, "act")
        write_into_note(technician, computer, "До обрыва")
        agreed = desk.rows("SELECT id, kind, accepted, text_sha256 FROM tickets_consent ORDER BY id")
        assert {kind for _id, kind, _accepted, _sha in agreed} == {"price", "readiness", "voice", "backup"}
        desk.clock.forward(timedelta(minutes=10))
        technician.meter_shows("0:10")

        # The server dies in the middle of it and is started again.
        total = seconds_since_grant(desk)
        desk.server.kill()
        desk.server.start()

        # Both ends learn that it is over; nothing that was recorded is lost.
        computer.read(computer.word("The session has ended"))
        computer.read("0:10:")
        computer.picture(desk.pictures / "app-ended.png")
        technician.session_is_over()
        desk.picture(technician.page, "session-over")
        assert total - 5 <= entered_seconds(desk) <= total
        row = session_row(desk)
        assert (row["state"], row["level"]) == ("ended", "none")
        assert row["ended_at"] is not None
        assert desk.rows("SELECT id, kind, accepted, text_sha256 FROM tickets_consent ORDER BY id") == agreed
        assert desk.rows("SELECT number, state FROM tickets_ticket") == [(number, "open")]
        computer.nothing_is_held()

        # The board shows the truth, and the customer can call again.
        technician.see_board()
        expect(technician.page.locator(f"[data-ticket='{number}']")).to_be_visible()
        technician.page.goto(desk.url("console/sessions/"))
        expect(technician.page.locator(f"section:first-of-type a[href$='{row['id']}/']")).to_have_count(0)
        desk.picture(technician.page, "sessions")
        technician.see_board()
        computer.click(computer.word("Back to the list"))
        connect(technician, computer, number, "Лидия Выдумкина")
        give(technician, computer, "look")
        technician.end()
        technician.session_is_over()
        assert technician.errors == []


def test_a_killed_app_lets_everything_go_and_the_meter_stops(
    browser: Browser, desk_of: OpensDesk, computer_of: Callable[[str], CustomersComputer]
) -> None:
    with desk_of("centaur", BEGINS) as desk, computer_of("ru") as computer:
        technician, number = at_work(desk, browser, computer, desk.url())
        connect(technician, computer, number, SPECIALIST)
        give(technician, computer, "act")
        click_into_note(technician, computer)
        desk.clock.forward(timedelta(minutes=3))
        technician.meter_shows("0:03")

        # A key and a button are held when the app dies: its guard lets them go and is gone itself.
        hold(technician, computer)
        guard = computer.guard()
        computer.kill_app()
        computer.nothing_is_held()
        eventually("the guard to end", lambda: not is_running(guard))

        # The technician is told, and the time away is not counted.
        technician.is_told("gone")
        desk.picture(technician.page, "app-gone")
        counted = seconds_since_grant(desk)
        desk.clock.forward(timedelta(seconds=31))
        technician.session_is_over()
        technician.is_told("app_lost")
        desk.picture(technician.page, "session-over")
        assert 180 <= entered_seconds(desk) <= counted
        assert session_row(desk)["state"] == "ended"
        assert technician.errors == []


def test_a_killed_guard_ends_the_session_and_holds_nothing(
    browser: Browser, desk_of: OpensDesk, computer_of: Callable[[str], CustomersComputer]
) -> None:
    with desk_of("centaur", BEGINS) as desk, computer_of("ru") as computer:
        technician, number = at_work(desk, browser, computer, desk.url())
        connect(technician, computer, number, SPECIALIST)
        give(technician, computer, "act")
        click_into_note(technician, computer)
        hold(technician, computer)
        os.kill(computer.guard(), signal.SIGKILL)
        computer.read(computer.word("The session has ended"))
        technician.session_is_over()
        computer.nothing_is_held()
        assert technician.errors == []


def test_the_hot_key_works_while_the_app_hangs(
    browser: Browser, desk_of: OpensDesk, computer_of: Callable[[str], CustomersComputer]
) -> None:
    with desk_of("centaur", BEGINS) as desk, computer_of("ru") as computer:
        technician, number = at_work(desk, browser, computer, desk.url())
        connect(technician, computer, number, SPECIALIST)
        give(technician, computer, "act")
        write_into_note(technician, computer, "до остановки")
        hold(technician, computer)

        # The app hangs with a button and a key down. The technician types on; the customer's hot key stops it all.
        computer.freeze_app()
        technician.page.keyboard.type("после")
        computer.press("ctrl+alt+Pause")
        computer.nothing_is_held()
        computer.picture(desk.pictures / "stopped.png")
        assert computer.program()["note"] == "до остановки"

        # The app wakes up with all that typing in its queue, and none of it gets through.
        computer.thaw_app()
        technician.level_is_nothing()
        technician.page.mouse.up()
        technician.page.keyboard.up("Shift")
        give(technician, computer, "look")
        give(technician, computer, "act")
        computer.nothing_is_held()
        assert computer.program()["note"] == "до остановки"
        write_into_note(technician, computer, "после согласия")
        assert technician.errors == []
