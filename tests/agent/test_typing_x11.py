"""Typing into a real Tk field on a real X server, in several layouts, and reading it back."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from Xlib import display

from pomost.agent.input import Event
from pomost.agent.input_x11 import X11Injector
from pomost.wire import peer

from .conftest import XServer

FIELD = """
import sys, tkinter as tk
root = tk.Tk()
text = tk.Text(root, undo=True)
text.pack()
seen = []
def said(word):
    sys.stdout.write(word + "\\n")
    sys.stdout.flush()
def done(_event):
    said(text.get("1.0", "end-1c").replace("\\n", "|"))
    root.destroy()
    return "break"
text.bind("<F12>", done)
for name in ("<Control-c>", "<Control-Shift-C>", "<Control-v>", "<Alt-Cyrillic_ef>", "<Return>", "<KP_Enter>"):
    text.bind(name, lambda event, name=name: (text.insert("end", name), "break")[1])
text.bind("<FocusIn>", lambda event: root.after_idle(said, "ready"))
root.after_idle(text.focus_force)
root.mainloop()
"""

PANGRAMS = "Квартплата зажечь ЁЖИК Съешь ещё этих мягких французских булок, да выпей чаю. " + (
    "Zażółć gęślą jaźń PCHNĄĆ W TĘ ŁÓDŹ JEŻA LUB OŚM SKRZYŃ FIG 1234567890 ₽ № «» — €@#[]{}\\|~^ "
)


class Field:
    """A Tk program with one field, and an injector on the same display."""

    def __init__(self, x_server: XServer) -> None:
        self._program = subprocess.Popen(
            [sys.executable, "-c", FIELD],
            stdout=subprocess.PIPE,
            text=True,
            env={"DISPLAY": x_server.name, "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        )
        self._lines = self._program.stdout
        assert self._lines is not None
        assert self._lines.readline() == "ready\n"
        self.injector = X11Injector(x_server.name)
        self._pause = threading.Event()

    def do(self, event: Event) -> None:
        while wait_ms := self.injector.inject(event, time.monotonic_ns() // 1_000_000):
            self._pause.wait(wait_ms / 1000)  # as the guard does: the keyboard says how long it needs

    def type(self, text: str) -> None:
        for character in text:
            self.do(peer.TypedText(0, character))

    def press(self, code: str, key: str) -> None:
        self.do(peer.KeyStroke(0, True, code, key))
        self.do(peer.KeyStroke(0, False, code, key))

    def down(self, code: str, key: str) -> None:
        self.do(peer.KeyStroke(0, True, code, key))

    def up(self, code: str, key: str) -> None:
        self.do(peer.KeyStroke(0, False, code, key))

    def read(self) -> str:
        self.press("F12", "F12")
        assert self._lines is not None
        return self._lines.readline().removesuffix("\n")

    def close(self) -> None:
        self.injector.close()
        self._program.kill()
        self._program.communicate()


@pytest.fixture(params=["us", "pl", "ru", "us,ru", "pl,ru"])
def layout(request: pytest.FixtureRequest, x_server: XServer) -> str:
    layout: str = request.param
    x_server.run("setxkbmap", "-layout", layout)
    return layout


@pytest.fixture
def field(x_server: XServer) -> Iterator[Field]:
    field = Field(x_server)
    yield field
    field.close()


def test_text_arrives_as_it_was_typed_in_every_layout(layout: str, field: Field) -> None:
    field.type(PANGRAMS * 5)
    assert field.read() == PANGRAMS * 5


def test_two_groups_need_no_borrowed_keys_for_russian(x_server: XServer) -> None:
    x_server.run("setxkbmap", "-layout", "us,ru")
    before = x_server.run("xmodmap", "-pke")
    field = Field(x_server)
    field.type("Привет, world")
    assert x_server.run("xmodmap", "-pke") == before
    assert field.read() == "Привет, world"
    field.close()


def test_borrowed_keys_are_given_back(x_server: XServer) -> None:
    before = x_server.run("xmodmap", "-pke")
    field = Field(x_server)
    field.type("ы₽")
    assert x_server.run("xmodmap", "-pke") != before
    assert field.read() == "ы₽"
    field.close()
    assert x_server.run("xmodmap", "-pke") == before


def test_polish_letters_come_by_altgr_without_leaving_it_held(layout: str, field: Field) -> None:
    field.down("AltRight", "AltGraph")
    field.press("KeyA", "ą")
    field.press("KeyZ", "ż")
    field.up("AltRight", "AltGraph")
    field.press("KeyA", "a")
    assert field.read() == "ąża"


def test_the_control_that_windows_sends_with_altgr_does_not_turn_letters_into_commands(field: Field) -> None:
    field.down("ControlLeft", "Control")
    field.down("AltRight", "AltGraph")
    field.press("KeyC", "ć")
    field.up("ControlLeft", "Control")
    field.up("AltRight", "AltGraph")
    field.press("KeyC", "c")
    assert field.read() == "ćc"


def test_capitals_come_with_the_shift_that_is_held(layout: str, field: Field) -> None:
    field.down("ShiftLeft", "Shift")
    field.press("KeyF", "Ф")
    field.press("KeyA", "A")
    field.press("Digit1", "!")
    field.up("ShiftLeft", "Shift")
    field.press("KeyF", "ф")
    assert field.read() == "ФA!ф"


def test_a_shortcut_means_the_place_of_the_key_whatever_either_layout_is(layout: str, field: Field) -> None:
    field.down("ControlLeft", "Control")
    field.press("KeyC", "с")
    field.down("ShiftLeft", "Shift")
    field.press("KeyC", "С")
    field.up("ShiftLeft", "Shift")
    field.press("KeyV", "v")
    field.up("ControlLeft", "Control")
    assert field.read() == "<Control-c><Control-Shift-C><Control-v>"


def test_alt_with_a_russian_letter_stays_russian_for_russian_menus(layout: str, field: Field) -> None:
    field.down("AltLeft", "Alt")
    field.press("KeyA", "ф")
    field.up("AltLeft", "Alt")
    assert field.read() == "<Alt-Cyrillic_ef>"


def test_keys_without_characters_do_their_work(field: Field) -> None:
    field.type("abcd")
    field.press("ArrowLeft", "ArrowLeft")
    field.press("Backspace", "Backspace")
    field.press("Home", "Home")
    field.press("Delete", "Delete")
    field.press("End", "End")
    field.press("NumpadEnter", "Enter")
    field.press("Enter", "Enter")
    assert field.read() == "bd<KP_Enter><Return>"


def test_a_customers_caps_lock_does_not_turn_letters_round(x_server: XServer, layout: str) -> None:
    field = Field(x_server)
    x_server.run("xdotool", "key", "Caps_Lock")
    field.type("Żółw и Ёж")
    assert field.read() == "Żółw и Ёж"
    field.close()


def test_a_layout_changed_in_the_middle_is_noticed(x_server: XServer, field: Field) -> None:
    field.type("ąя")
    x_server.run("setxkbmap", "-layout", "pl,ru")
    field.type("ąя")
    x_server.run("setxkbmap", "-layout", "us")
    field.type("ąя")
    assert field.read() == "ąяąяąя"


def test_dead_keys_and_unknown_names_type_nothing(field: Field) -> None:
    for key in ("Dead", "Process", "Unidentified", "CapsLock", "NumLock", ""):
        field.press("KeyA", key)
    field.press("KeyA", "a")
    assert field.read() == "a"


def test_release_all_lets_modifiers_and_buttons_go(x_server: XServer, field: Field) -> None:
    field.down("ShiftLeft", "Shift")
    field.down("ControlRight", "Control")
    field.do(peer.Button(0, 0, True, 1200, 700))
    field.do(peer.Button(0, 2, True, 1200, 700))
    assert held(x_server) == 0x505
    field.do(peer.ReleaseAll())
    assert held(x_server) == 0


def test_the_pointer_goes_where_the_technician_points_and_the_wheel_turns_in_notches(
    x_server: XServer,
) -> None:
    injector = X11Injector(x_server.name)
    injector.inject(peer.Move(0, 321, 234), 0)
    assert x_server.run("xdotool", "getmouselocation").startswith("x:321 y:234 ")
    injector.close()


def held(x_server: XServer) -> int:
    connection = display.Display(x_server.name)
    mask = int(connection.screen().root.query_pointer().mask)
    connection.close()
    return mask
