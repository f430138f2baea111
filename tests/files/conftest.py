"""A store of the test's own, and a desk with somebody who sends."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Let the desk keep its files in a folder that goes with the test."""
    settings.FILES_FOLDER = tmp_path / "files"
    return tmp_path / "files"
