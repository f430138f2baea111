from pomost.agent.bar_text import SILENT_MS, bar_of
from pomost.wire.control import Person, Presence
from pomost.wire.levels import Level

from .desk import EVA

PERSON = Person(EVA, "Ewa Przykładowa", "EP", "Subiekt", Presence.FREE)


def doing(silent_ms: int) -> str:
    return bar_of(lambda text: text, PERSON, Level.ACT, None, 0, silent_ms).doing


def test_the_bar_says_what_the_technician_does() -> None:
    assert doing(SILENT_MS - 1) == "uses mouse and keyboard"


def test_the_bar_says_since_when_the_link_is_silent() -> None:
    assert doing(SILENT_MS) == "the link is silent for 3 s"
