"""A gateway served on a free port, with the stand-in assistant; and people at the web chat's two wires."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn

from breakwater.app import Gateway, create_app
from breakwater.channels.web import FRAME_BYTES
from tests.channels.contract import Echo, a_gateway


@dataclass
class Served:
    """A gateway that answers at `url`."""

    gateway: Gateway
    assistant: Echo
    url: str


@contextlib.asynccontextmanager
async def serving(state: Path, **settings: object) -> AsyncIterator[Served]:
    assistant = Echo()
    gateway = a_gateway(state, assistant, **settings)
    config = uvicorn.Config(
        create_app(gateway), port=gateway.settings.port, ws="wsproto", ws_max_size=FRAME_BYTES, log_level="error",
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.02)
    try:
        yield Served(gateway, assistant, gateway.settings.url)
    finally:
        server.should_exit = True
        await task


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with serving(tmp_path) as made:
        yield made
