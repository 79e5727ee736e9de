"""Telegram keeps what every channel keeps."""

from __future__ import annotations

from tests.channels.contract import ChannelContract


class TestTelegram(ChannelContract):
    pass
