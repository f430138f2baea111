"""The browser's modules run once for all tests of this folder."""

from collections.abc import Iterator

import pytest

from pomost.wire.levels import Side

from .ends import Browser, BrowserEnd, MakeViewer, PythonEnd


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    browser = Browser()
    yield browser
    browser.close()


@pytest.fixture(params=["python", "browser"])
def make_viewer(request: pytest.FixtureRequest) -> MakeViewer:
    """A viewer in each of the two implementations; what holds for one holds for its twin."""
    if request.param == "python":
        return lambda **rest: PythonEnd(Side.VIEWER, **rest)
    browser: Browser = request.getfixturevalue("browser")
    return lambda **rest: BrowserEnd(browser, **rest)
