"""The demo's folder and ports: its own, and nobody else's."""

import os
import socket
from pathlib import Path

import pytest

from pomost.demo.folder import MARK, NotOurs, take
from pomost.demo.ports import NoPort, free_port, holder_of


def test_a_folder_with_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pomost.sqlite3").write_text("a real desk")

    with pytest.raises(NotOurs, match="holds something that is no demo"):
        take(tmp_path, fresh=True)

    assert (tmp_path / "pomost.sqlite3").read_text() == "a real desk"
    assert not (tmp_path / MARK).exists()


def test_a_second_demo_is_told_where_the_first_one_runs(tmp_path: Path) -> None:
    first = take(tmp_path / "demo", fresh=False)
    first.tell("process 7, http://127.0.0.1:8000/")

    with pytest.raises(NotOurs, match="process 7, http"):
        take(tmp_path / "demo", fresh=False)

    first.release()
    take(tmp_path / "demo", fresh=False).release()


def test_a_fresh_demo_forgets_only_its_own_folder(tmp_path: Path) -> None:
    folder = take(tmp_path / "demo", fresh=False)
    (folder.path / "logs").mkdir()
    (folder.path / "logs" / "desk.log").write_text("old")
    (tmp_path / "neighbour").write_text("stays")
    folder.release()

    take(tmp_path / "demo", fresh=True).release()

    assert [each.name for each in (tmp_path / "demo").iterdir()] == [MARK]
    assert (tmp_path / "neighbour").exists()


def test_a_taken_port_is_passed_over_and_its_holder_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert free_port(port) != port
        assert holder_of(port).startswith(f"process {os.getpid()} (")


def test_any_port_will_do_when_none_is_wanted() -> None:
    assert 1024 < free_port(0) < 65536


def test_no_free_port_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pomost.demo.ports.TRIED", 1)
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(NoPort, match="are all taken"):
        free_port(taken.getsockname()[1])
