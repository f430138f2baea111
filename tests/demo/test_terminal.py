"""What the terminal says when the demo runs."""

from pathlib import Path

from pomost.demo.terminal import welcome


def test_it_says_where_the_tables_lie_with_which_an_audit_can_be_tried() -> None:
    hints = {"ru": {"begin": "Sign in as {technician} at {desk}, see {screen}.", "own_screen": ""}}
    said = list(
        welcome(
            "http://127.0.0.1:1",
            "http://127.0.0.1:2",
            "http://127.0.0.1:3",
            25,
            Path("var/demo"),
            "ru",
            hints,
        )
    )

    assert any("http://127.0.0.1:1/audit/" in line for line in said)
    samples = [Path(line.strip()) for line in said if line.strip().endswith(".csv")]
    assert samples
    assert all(each.is_absolute() and each.read_text(encoding="utf-8") for each in samples)
