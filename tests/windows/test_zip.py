"""The zip for Windows: the same bytes each time, everything in one folder, nothing of the desk."""

import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from e2e.screen import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("screen")]

ZIP = ROOT / "build" / "pomost-agent-windows.zip"
ADDRESS = "https://help.example.org/acme/"


def assembled(*options: str) -> bytes:
    subprocess.run([sys.executable, "ops/agent-windows", *options], cwd=ROOT, check=True, capture_output=True)
    return ZIP.read_bytes()


def test_the_same_code_gives_the_same_bytes_and_the_address_is_all_that_differs(app_folder: Path) -> None:
    plain = ZIP.read_bytes()
    assert hashlib.sha256(assembled()).digest() == hashlib.sha256(plain).digest()
    with (
        zipfile.ZipFile(io.BytesIO(plain)) as one,
        zipfile.ZipFile(io.BytesIO(assembled("--desk", ADDRESS))) as other,
    ):
        assert set(other.namelist()) - set(one.namelist()) == {"Pomost/desk.txt"}
        assert other.read("Pomost/desk.txt").decode().strip() == ADDRESS
        assert all(one.read(name) == other.read(name) for name in one.namelist())
    assert app_folder.name == "Pomost"


def test_it_holds_the_app_and_nothing_of_the_desk(app_folder: Path) -> None:
    names = {file.relative_to(app_folder).as_posix() for file in app_folder.rglob("*")}
    assert {"Pomost.exe", "LICENSE.txt", "python/pythonw.exe", "app/pomost/agent/main.py"} <= names
    assert "app/pomost/agent/locale/ru/LC_MESSAGES/agent.mo" in names
    for word in ("django", "pomost/tickets", "pomost/engine", "pomost/config"):
        assert not [name for name in names if word in name.lower()]


def test_its_python_looks_nowhere_else(app_folder: Path) -> None:
    assert (app_folder / "python" / "python311._pth").read_text().split() == ["python311.zip", ".", "..\\app"]


def test_the_launcher_starts_the_python_beside_it(app_folder: Path) -> None:
    program = (app_folder / "Pomost.exe").read_bytes()
    assert program.startswith(b"MZ")
    assert b"#!<launcher_dir>\\python\\pythonw.exe\r\n" in program
    with zipfile.ZipFile(io.BytesIO(program)) as archive:
        compile(archive.read("__main__.py"), "__main__.py", "exec")


def test_what_is_no_address_is_refused() -> None:
    refused = subprocess.run(
        [sys.executable, "ops/agent-windows", "--desk", "help.example.org"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert refused.returncode == 2
    assert "begins with https://" in refused.stderr
