"""What every story has: a browser, a desk, a customer's computer, and a folder for the pictures of its steps."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from e2e.desk import Desk, OpensDesk, running_desk
from e2e.screen import SOON_S, CustomersComputer

# A page is given as long as the app: no story may fail because the machine is busy.
expect.set_options(timeout=SOON_S * 1000)

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""Quiet, and as root (where Chromium has no sandbox of its own)."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture
def pictures(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Folder of the story's pictures; POMOST_PICTURES keeps them after the test."""
    folder: Path = Path(os.environ.get("POMOST_PICTURES", tmp_path)) / str(request.node.name).removeprefix(
        "test_"
    )
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def desk_of(tmp_path: Path, pictures: Path) -> OpensDesk:
    def open_desk(slug: str, begins: str, *, contract: bool = True) -> AbstractContextManager[Desk]:
        return running_desk(slug, datetime.fromisoformat(begins), tmp_path, pictures, contract=contract)

    return open_desk


@pytest.fixture
def computer_of(tmp_path: Path) -> Callable[[str], CustomersComputer]:
    return lambda language: CustomersComputer(tmp_path, language)
