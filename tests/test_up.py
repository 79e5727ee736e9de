"""`breakwater up` says plainly why it cannot start, before it starts anything."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from breakwater import up
from breakwater.settings import Settings
from tests.stack import free_port


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(port=free_port(), rasa_port=free_port(), actions_port=free_port(), state_dir=tmp_path)


@pytest.fixture
def taken(settings: Settings) -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.port))
        other.listen()
        yield settings.port


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    model = tmp_path / "assistant.tar.gz"
    model.touch()
    monkeypatch.setattr(up, "model_path", lambda _: model)


@pytest.mark.usefixtures("trained")
def test_a_port_in_use_is_named_with_the_way_out(settings: Settings, taken: int) -> None:
    with pytest.raises(up.UpError, match=rf"Port {taken} is in use .* BREAKWATER_PORT={taken + 1} make run"):
        up.Up(settings).run()


def test_without_a_model_it_says_how_to_train(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(up, "model_path", lambda _: tmp_path / "nothing.tar.gz")
    with pytest.raises(up.UpError, match="make setup"):
        up.Up(settings).run()


def test_the_set_up_code_is_the_same_until_it_is_used(settings: Settings) -> None:
    first = up.Up(settings)._setup_code()
    assert first
    assert up.Up(settings)._setup_code() == first
    assert (settings.state_dir / "desk-setup-code").stat().st_mode & 0o077 == 0


def test_a_part_that_dies_is_started_again(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a wait that grows with every failure in a row."""
    part = up.Part("short", ["/bin/false"], {}, tmp_path / "short.log")
    system = up.Up(settings)
    system._parts = [part]
    now = [100.0]
    monkeypatch.setattr(up.time, "monotonic", lambda: now[0])
    waits = []
    part.start()
    for _ in range(3):
        assert part.process is not None
        part.process.wait()
        first = part.process
        system._revive()
        waits.append(part.due - now[0])
        system._revive()
        assert part.process is first, "not before its time"
        now[0] = part.due
        system._revive()
        assert part.process is not first
    assert waits == [0.5, 1.0, 2.0]
