"""The web chat keeps the channel contract, over the socket and by long polling."""

from __future__ import annotations

import pytest

from tests.channels.conftest import Served
from tests.channels.contract import ChannelContract, House
from tests.channels.drivers import PollingPage, SocketPage


class TestSocket(ChannelContract):
    @pytest.fixture
    def house(self, served: Served) -> House:
        return House(served.gateway, served.assistant, lambda: SocketPage(served.url))


class TestPolling(ChannelContract):
    @pytest.fixture
    def house(self, served: Served) -> House:
        return House(served.gateway, served.assistant, lambda: PollingPage(served.url))
