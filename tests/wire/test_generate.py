from pathlib import Path

import pytest

from pomost.wire import generate
from pomost.wire.clock import SystemClock


def test_what_is_generated_is_not_stale() -> None:
    assert list(generate.stale(generate.PROJECT)) == [], "run `make wire`"


def test_a_stale_file_is_found_and_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, text in generate.files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    page = Path("docs/reference/protocol.md")
    (tmp_path / page).write_text("old", "utf-8")
    monkeypatch.setattr(generate, "PROJECT", tmp_path)

    assert list(generate.stale(tmp_path)) == [page]
    generate.main()
    assert list(generate.stale(tmp_path)) == []


def test_the_systems_clock_goes_forward_and_knows_its_zone() -> None:
    clock = SystemClock()

    assert clock.monotonic_ms() <= clock.monotonic_ms()
    assert clock.now().utcoffset() is not None
