"""Every window in every language on a real X server: nothing cut, nothing ticked, and “no” has the focus."""

import gc
import tkinter as tk
from collections.abc import Iterator
from tkinter import ttk
from typing import Any

import pytest

from pomost.agent import views
from pomost.agent.texts import translator
from pomost.agent.windows.look import DARK, LIGHT, wants_dark
from pomost.agent.windows.part import LONG_TEXT, WIDTH_PX
from pomost.agent.windows.stage import CannotShow, Stage
from pomost.wire.clock import SystemClock
from pomost.wire.control import Cost, Language, Person, Presence
from pomost.wire.levels import Level

from .conftest import XServer
from .desk import gate, offer

PEOPLE = tuple(
    Person(str(n), name, name[:2].upper(), "Subiekt, Gestor, Rachmistrz", presence, until)
    for n, (name, presence, until) in enumerate(
        (
            ("Ewa Przykładowa", Presence.FREE, None),
            ("Константин Константинопольский", Presence.BUSY, None),
            ("Zofia Pozorna", Presence.CALL, None),
            ("Jan Makieta", Presence.OFF, "od 12:00"),
        )
    )
)
BACKUP = gate(
    "backup", Level.ACT, "Mam kopię bazy z dzisiaj i wiem, że połączenie może się zerwać w każdej chwili"
)
DECLARATION = gate("declaration", Level.LOOK, "Oświadczam, że mam prawo udostępnić te dane. " * 20)
OFFER = offer("s", SystemClock().now(), (DECLARATION, BACKUP))
YES, NO = Cost("600.00", "PLN", "600,00 zł netto", "Cennik"), Cost("0.00", "PLN", "0,00 zł", "§ 5")
WORDS = ("most", "brzoza", "lampa", "ryba")
ALL: list[views.View] = [
    views.Connecting("http://127.0.0.1:1/acme/agent.json: Connection refused"),
    views.Barred("Klucz jest inny. " * 10),
    views.Choosing(PEOPLE, "Przez dwie minuty nikt nie odebrał połączenia."),
    views.Choosing((), ""),
    views.Calling(PEOPLE[0]),
    views.Before(OFFER, (DECLARATION, BACKUP)),
    views.Waiting("Ewa Przykładowa", again=False),
    views.Waiting("Ewa Przykładowa", again=True),
    views.Words("Ewa Przykładowa", WORDS, said=False),
    views.Words("Ewa Przykładowa", WORDS, said=True),
    *(views.Asked(OFFER, level, Level.NONE, (BACKUP,), 60, WORDS) for level in list(Level)[1:]),
    views.Estimate("e", "Ewa Przykładowa", "Jeszcze 3 godziny. " * 30, YES, NO),
    views.Ended("Klient zakończył sesję.", 2_232_000, "600,00 zł netto"),
]


class Recorder:
    """Writes down what the customer did."""

    def __init__(self) -> None:
        self.done: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: self.done.append((name, arguments))


class Shown:
    """A stage in the hands of a test."""

    def __init__(self, tk_server: XServer, language: Language) -> None:
        self.actions: Any = Recorder()
        self.stage = Stage(
            DARK if language is Language.EN else LIGHT,
            translator(language),
            self.actions,
            title="Acme",
            name="Jan Kowalski",
            question_seconds_left=lambda: 41,
            display_name=tk_server.name,
        )
        self.stage.hot_key = "Ctrl+Alt+Pause"

    def close(self) -> None:
        """End Tk here and now: what is collected in another thread later can only complain."""
        self.stage.root.destroy()
        del self.stage
        gc.collect()

    def show(self, view: views.View) -> None:
        self.stage.show(view)
        self.stage.root.update()

    @property
    def widgets(self) -> list[tk.Misc]:
        found: list[tk.Misc] = [self.stage.root]
        for widget in found:
            found.extend(widget.winfo_children())
        return found

    def button(self, text: str) -> ttk.Button:
        return next(w for w in self.widgets if isinstance(w, ttk.Button) and str(w["text"]) == text)

    @property
    def focused(self) -> str:
        widget = self.stage.root.focus_get()
        return str(widget["text"]) if isinstance(widget, ttk.Button) else type(widget).__name__

    def key(self, key: str) -> None:
        if self.stage.root.focus_get() is None:
            self.stage._first.focus_force()  # there is no window manager here to give a new window the focus
            self.stage.root.update()
        widget = self.stage.root.focus_get()
        assert widget is not None
        widget.event_generate(key)
        self.stage.root.update()


@pytest.fixture
def shown(tk_server: XServer) -> Iterator[Shown]:
    shown = Shown(tk_server, Language.PL)
    yield shown
    shown.close()


@pytest.mark.parametrize("language", list(Language))
def test_no_window_cuts_a_word_or_grows_over_its_width(tk_server: XServer, language: Language) -> None:
    shown = Shown(tk_server, language)
    for view in ALL:
        shown.show(view)
        assert shown.stage.root.winfo_width() <= WIDTH_PX + 40, view
        assert shown.stage.root.winfo_height() <= 720, view
        for widget in shown.widgets:
            if isinstance(widget, tk.Label | ttk.Button | ttk.Checkbutton):
                assert widget.winfo_width() >= widget.winfo_reqwidth(), (view, widget["text"])
                assert widget.winfo_height() >= widget.winfo_reqheight(), (view, widget["text"])
    shown.close()


def test_a_long_declaration_scrolls_in_a_box_of_its_own(shown: Shown) -> None:
    assert len(DECLARATION.text) > LONG_TEXT
    shown.show(views.Before(OFFER, (DECLARATION,)))
    (box,) = (widget for widget in shown.widgets if isinstance(widget, tk.Text))
    assert box.get("1.0", "end-1c") == DECLARATION.text
    lines = box.tk.call(str(box), "count", "-update", "-displaylines", "1.0", "end")
    assert int(lines) > int(box["height"])


@pytest.mark.parametrize(
    ("view", "no"),
    [
        (views.Asked(OFFER, Level.LOOK, Level.NONE, (), 60, WORDS), "Nie pozwalaj"),
        (views.Asked(OFFER, Level.ACT, Level.LOOK, (), 60, WORDS), "Nie pozwalaj"),
        (views.Estimate("e", "Ewa", "3 godziny", YES, NO), "Odmów"),
        (views.Before(OFFER, ()), "Anuluj"),
    ],
)
def test_no_has_the_focus_and_enter_says_no(shown: Shown, view: views.View, no: str) -> None:
    shown.show(view)
    assert shown.focused == no
    shown.key("<Return>")
    (said,) = shown.actions.done
    assert said in [("answer", (False, frozenset())), ("decide", (False,)), ("hang_up", ())]


def test_the_words_have_no_answer_under_the_finger(shown: Shown) -> None:
    shown.show(views.Words("Ewa", WORDS, said=False))
    shown.key("<Return>")
    shown.key("<space>")
    assert shown.actions.done == []
    shown.button("Różnią się").invoke()
    assert shown.actions.done == [("compare", (False,))]


def test_no_box_is_ticked_beforehand_and_yes_waits_for_all_of_them(shown: Shown) -> None:
    shown.show(views.Asked(OFFER, Level.ACT, Level.LOOK, (BACKUP, DECLARATION), 60, WORDS))
    allow = shown.button("Pozwól działać")
    boxes = [widget for widget in shown.widgets if isinstance(widget, ttk.Checkbutton)]
    assert len(boxes) == 2
    for box in boxes:
        assert not box.instate(["selected"])
        assert allow.instate(["disabled"])
        box.invoke()
    assert allow.instate(["!disabled"])
    allow.invoke()
    assert shown.actions.done == [("answer", (True, frozenset({"backup", "declaration"})))]


def test_a_double_click_calls_and_a_busy_person_cannot_be_called(shown: Shown) -> None:
    shown.show(views.Choosing(PEOPLE, ""))
    for name in ("Zofia Pozorna", "Ewa Przykładowa"):
        label = next(w for w in shown.widgets if isinstance(w, tk.Label) and w["text"] == name)
        label.event_generate("<Button-1>")
        label.event_generate("<ButtonRelease-1>")
        label.event_generate("<Button-1>")
        shown.stage.root.update()
    assert shown.actions.done == [("call", (PEOPLE[0], "Jan Kowalski"))]


def test_the_list_is_usable_by_keys(shown: Shown) -> None:
    shown.show(views.Choosing(PEOPLE, ""))
    shown.key("<Down>")
    shown.key("<Return>")
    assert shown.actions.done == []
    shown.key("<Up>")
    shown.key("<Return>")
    assert shown.actions.done == [("call", (PEOPLE[0], "Jan Kowalski"))]


def test_a_list_that_changes_keeps_the_name_being_typed_and_who_is_selected(shown: Shown) -> None:
    shown.show(views.Choosing(PEOPLE, ""))
    shown.key("<Down>")
    entry = next(w for w in shown.widgets if isinstance(w, ttk.Entry))
    entry.insert("end", "ski")
    shown.show(views.Choosing(tuple(reversed(PEOPLE)), ""))
    entry = next(w for w in shown.widgets if isinstance(w, ttk.Entry))
    assert entry.get() == "Jan Kowalskiski"
    shown.key("<Down>")
    shown.key("<Return>")
    assert shown.actions.done == [("call", (PEOPLE[0], "Jan Kowalskiski"))]


@pytest.mark.parametrize(
    ("view", "answer"),
    [
        (ALL[0], ("quit", ())),
        (views.Calling(PEOPLE[0]), ("hang_up", ())),
        (views.Before(OFFER, ()), ("hang_up", ())),
        (views.Words("Ewa", WORDS, said=False), ("end", ())),
        (views.Asked(OFFER, Level.ACT, Level.LOOK, (), 60, WORDS), ("answer", (False, frozenset()))),
        (views.Estimate("e", "Ewa", "3 godziny", YES, NO), ("decide", (False,))),
        (views.Ended("", 0, ""), ("back", ())),
    ],
)
def test_the_windows_own_cross_is_the_careful_answer(
    shown: Shown, view: views.View, answer: tuple[str, tuple[Any, ...]]
) -> None:
    shown.show(view)
    shown.stage._closed()
    assert shown.actions.done == [answer]


def test_during_a_session_the_window_steps_aside(shown: Shown) -> None:
    shown.show(views.Words("Ewa", WORDS, said=True))
    assert shown.stage.root.state() == "normal"
    shown.show(views.Running())
    assert shown.stage.root.state() == "withdrawn"
    shown.show(views.Asked(OFFER, Level.ACT, Level.LOOK, (), 60, WORDS))
    assert shown.stage.root.state() == "normal"
    assert shown.stage.root.attributes("-topmost")


def test_a_display_that_is_not_there_is_said_so() -> None:
    with pytest.raises(CannotShow, match="display"):
        Stage(
            LIGHT,
            str,
            Recorder(),
            title="",
            name="",
            question_seconds_left=lambda: 0,
            display_name=":40",
        )


def test_the_desktops_dark_theme_is_followed_where_it_tells() -> None:
    assert wants_dark({"GTK_THEME": "Adwaita:dark"})
    assert not wants_dark({})
