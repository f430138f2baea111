from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from pytest_django import Settings

from mail_server import MailServer, free_port


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    """A receiving server that is running, and named in the settings."""
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.PUBLIC_URL = "https://desk.example.org"
    yield server
    controller.stop()
