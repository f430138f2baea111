import ipaddress
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from webhooks.receiver import Receiver


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A program that listens on the loopback, which the operator has allowed."""
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    listening = Receiver()
    yield listening
    listening.stop()
