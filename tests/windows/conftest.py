"""What the story on Windows has: the zip, unpacked, a computer with Wine, and the rest of every story."""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from e2e.conftest import browser, desk_of, pictures
from e2e.screen import ROOT
from windows.computer import WindowsComputer

__all__ = ("browser", "desk_of", "pictures")


@pytest.fixture(scope="session")
def app_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The customer's app as they unpack it, assembled from the present code."""
    subprocess.run([sys.executable, "ops/agent-windows"], cwd=ROOT, check=True, capture_output=True)
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(ROOT / "build" / "pomost-agent-windows.zip") as archive:
        archive.extractall(folder)
    return folder / "Pomost"


@pytest.fixture
def windows_computer_of(tmp_path: Path, app_folder: Path) -> Callable[[str], WindowsComputer]:
    return lambda language: WindowsComputer(tmp_path, language, app_folder)
