"""The bootstrap: what it chooses, what it refuses, and that its refusals name a way out."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from machine import Blocked, disk, packages, python310, setup, uv

ROOT = Path(__file__).resolve().parents[2]
NO_ENV: dict[str, str] = {}


def program(path: Path, words: str, code: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{words}'\nexit {code}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small wheel whose program says it is uv, pinned in place of the real one."""
    path = tmp_path / "index" / uv.WHEEL
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"uv-{uv.VERSION}.data/scripts/uv", f"#!/bin/sh\necho uv {uv.VERSION}\n")
    monkeypatch.setattr(uv, "SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
    return path


# Room on the disk


def test_a_full_disk_is_named_with_what_is_free_and_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(Blocked, match=r"3\.9 GB free, about 4 GB needed") as refusal:
        disk.check([tmp_path / ".venv"], NO_ENV, free=lambda _: 3_900_000_000)
    assert "UV_CACHE_DIR" in str(refusal.value)
    assert not (tmp_path / ".venv").exists()


def test_enough_room_passes(tmp_path: Path) -> None:
    disk.check([tmp_path], NO_ENV, free=lambda _: 4_000_000_000)


def test_every_place_is_asked_about_its_own_disk(tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    with pytest.raises(Blocked, match="small/cache/uv"):
        disk.check(
            [tmp_path / "venv", tmp_path / "small" / "cache" / "uv"],
            NO_ENV,
            free=lambda place: 0 if place.name == "small" else 10**12,
        )


def test_the_needed_room_can_be_stated(tmp_path: Path) -> None:
    disk.check([tmp_path], {"BREAKWATER_NEEDS_GB": "0.5"}, free=lambda _: 600_000_000)
    with pytest.raises(Blocked, match="number of gigabytes, not 'much'"):
        disk.check([tmp_path], {"BREAKWATER_NEEDS_GB": "much"}, free=lambda _: 10**12)


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({"UV_CACHE_DIR": "/big/uv", "XDG_CACHE_HOME": "/x"}, "/big/uv"),
        ({"XDG_CACHE_HOME": "/x"}, "/x/uv"),
        ({}, "/home/me/.cache/uv"),
    ],
)
def test_the_cache_is_where_uv_keeps_it(env: dict[str, str], expected: str) -> None:
    assert disk.uv_cache(env, Path("/home/me")) == Path(expected)


# uv


def test_a_uv_on_path_is_used(tmp_path: Path) -> None:
    there = program(tmp_path / "bin" / "uv", "uv 0.9.1 (abc 2025-10-01)")
    assert uv.find(tmp_path / ".tools", {"PATH": str(there.parent)}) == there
    assert not (tmp_path / ".tools").exists()


@pytest.mark.parametrize(("words", "code"), [("pyenv: uv: command not found", 127), ("uv 0.4.1", 0), ("hello", 0)])
def test_a_shim_that_fails_or_an_old_uv_is_passed_over(tmp_path: Path, words: str, code: int) -> None:
    program(tmp_path / "shims" / "uv", words, code)
    good = program(tmp_path / "bin" / "uv", "uv 1.0.0")
    env = {"PATH": os.pathsep.join([str(tmp_path / "shims"), str(tmp_path / "bin")])}
    assert uv.find(tmp_path / ".tools", env) == good


def test_without_one_the_pinned_wheel_is_fetched_and_unpacked_once(
    tmp_path: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = tmp_path / ".tools"
    monkeypatch.setattr(uv, "ways", lambda *_: {"file": lambda target: uv.fetch(wheel.as_uri(), target)})
    found = uv.find(tools, NO_ENV)
    assert uv.works(found, NO_ENV)
    monkeypatch.setattr(uv, "ways", lambda *_: pytest.fail("fetched again"))
    assert uv.find(tools, NO_ENV) == found


def test_a_wheel_with_another_digest_is_refused_and_deleted(tmp_path: Path, wheel: Path) -> None:
    wheel.write_bytes(wheel.read_bytes() + b"tampered")
    tools = tmp_path / ".tools"
    with pytest.raises(Blocked, match=r"refused uv-.* must be ") as refusal:
        uv.obtain(tools, {"file": lambda target: uv.fetch(wheel.as_uri(), target)})
    assert not (tools / uv.WHEEL).exists()
    assert "Ways out" in str(refusal.value)


def test_the_next_way_is_tried_and_every_failure_is_told(tmp_path: Path, wheel: Path) -> None:
    def no_pip(_: Path) -> None:
        raise Blocked("Traceback\nNo module named pip")

    nowhere = (tmp_path / "nowhere.whl").as_uri()
    fetched = uv.obtain(tmp_path / "a", {"pip": no_pip, "PyPI": lambda target: uv.fetch(wheel.as_uri(), target)})
    assert fetched.is_file()
    with pytest.raises(Blocked) as refusal:
        uv.obtain(tmp_path / "b", {"pip": no_pip, "PyPI": lambda target: uv.fetch(nowhere, target)})
    told = str(refusal.value)
    assert "pip: No module named pip" in told
    assert "PyPI: " in told
    assert "apt-get install python3-pip python3-venv" in told


def test_a_wheel_laid_into_tools_needs_no_network(tmp_path: Path, wheel: Path) -> None:
    tools = tmp_path / ".tools"
    tools.mkdir()
    (tools / uv.WHEEL).write_bytes(wheel.read_bytes())
    assert uv.obtain(tools, {}) == tools / uv.WHEEL


def test_pip_is_asked_with_the_machines_own_settings(tmp_path: Path, wheel: Path) -> None:
    pip = tmp_path / "python"
    pip.write_text(f'#!/bin/sh\n[ "$PIP_INDEX_URL" = mirror ] && /bin/cp {wheel} {tmp_path}\n')
    pip.chmod(0o755)
    uv.pip_download(str(pip), tmp_path / uv.WHEEL, {"PIP_INDEX_URL": "mirror"})
    assert uv.verified(tmp_path / uv.WHEEL)


# Python 3.10


def test_a_python_named_by_the_user_comes_first_and_the_newest_of_pyenv_last(tmp_path: Path) -> None:
    on_path = program(tmp_path / "bin" / "python3.10", "3.10")
    for release in ("3.10.9", "3.10.13", "3.11.7", "3.10-dev"):
        program(tmp_path / ".pyenv" / "versions" / release / "bin" / "python3.10", "3.10")
    env = {"PATH": str(on_path.parent), "UV_PYTHON": "/opt/python3.10"}
    found = [str(path) for path in python310.candidates(env, tmp_path)]
    versions = tmp_path / ".pyenv" / "versions"
    assert found == [
        "/opt/python3.10",
        str(on_path),
        f"{versions}/3.10.13/bin/python3.10",
        f"{versions}/3.10.9/bin/python3.10",
    ]


def test_a_shim_that_fails_gives_way_to_the_python_behind_it(tmp_path: Path) -> None:
    program(tmp_path / "shims" / "python3.10", "pyenv: python3.10: command not found", 127)
    real = program(tmp_path / "pyenv" / "versions" / "3.10.13" / "bin" / "python3.10", "3.10")
    env = {"PATH": str(tmp_path / "shims"), "PYENV_ROOT": str(tmp_path / "pyenv")}
    assert python310.find(tmp_path / "no-uv", env, tmp_path) == real


def test_the_python_of_these_tests_is_usable() -> None:
    assert python310.usable(Path(sys.executable), dict(os.environ))


def test_uv_is_asked_last(tmp_path: Path) -> None:
    python = program(tmp_path / "managed" / "python3.10", "3.10")
    answering = program(tmp_path / "uv", str(python))
    assert python310.find(answering, {"PATH": ""}, tmp_path) == python


def test_no_python_310_anywhere_names_the_ways_out(tmp_path: Path) -> None:
    failing = program(tmp_path / "uv", "no download", 1)
    with pytest.raises(Blocked) as refusal:
        python310.find(failing, {"PATH": ""}, tmp_path)
    for way in ("UV_PYTHON_INSTALL_MIRROR", "pyenv install 3.10", "apt-get install python3.10", "UV_PYTHON="):
        assert way in str(refusal.value)


# Packages


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in packages.DESCRIBED_BY:
        (tmp_path / name).write_text(name)
    for name in ("python", "breakwater"):
        program(tmp_path / ".venv" / "bin" / name, name)
    return tmp_path


def test_a_finished_installation_is_not_repeated_until_its_description_changes(tree: Path) -> None:
    place = packages.environment(tree, NO_ENV)
    assert not packages.up_to_date(tree, place)
    packages.install(tree, place, program(tree / "uv", "done"), None, NO_ENV)
    assert packages.up_to_date(tree, place)
    (tree / "uv.lock").write_text("another")
    assert not packages.up_to_date(tree, place)


def test_a_tree_that_was_moved_is_installed_again(tree: Path) -> None:
    place = packages.environment(tree, NO_ENV)
    packages.install(tree, place, program(tree / "uv", "done"), None, NO_ENV)
    moved = tree.with_name("moved")
    tree.rename(moved)
    assert not packages.up_to_date(moved, moved / ".venv")


def test_a_failed_installation_leaves_no_stamp_and_says_what_uv_said(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = packages.environment(tree, NO_ENV)
    packages.install(tree, place, program(tree / "uv", "done"), None, NO_ENV)
    with pytest.raises(Blocked, match="Ways out"):
        packages.install(tree, place, program(tree / "uv", "error: no route to host", 2), None, NO_ENV)
    assert not packages.up_to_date(tree, place)
    assert "no route to host" in capsys.readouterr().out


def test_the_environment_may_lie_elsewhere() -> None:
    assert packages.environment(Path("/a"), {"UV_PROJECT_ENVIRONMENT": "/b/env"}) == Path("/b/env")
    assert packages.environment(Path("/a"), {"UV_PROJECT_ENVIRONMENT": "env"}) == Path("/a/env")
    assert packages.environment(Path("/a"), NO_ENV) == Path("/a/.venv")


def test_the_machines_own_settings_win_over_our_defaults() -> None:
    env = packages.uv_env({"UV_HTTP_TIMEOUT": "5", "PIP_INDEX_URL": "https://mirror", "VIRTUAL_ENV": "/x"})
    assert env["UV_HTTP_TIMEOUT"] == "5"
    assert env["PIP_INDEX_URL"] == "https://mirror"
    assert env["UV_SYSTEM_CERTS"] == "1"
    assert "VIRTUAL_ENV" not in env


# The whole


@pytest.mark.parametrize(("system", "processor"), [("Darwin", "arm64"), ("Linux", "aarch64")])
def test_another_platform_is_refused_in_words(system: str, processor: str) -> None:
    with pytest.raises(Blocked, match=f"this is {system} {processor}"):
        setup.supported(system, processor)


def test_set_up_stops_before_it_writes_when_the_disk_is_full(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "BREAKWATER_NEEDS_GB": "1000000", "HOME": str(tmp_path)}
    env["UV_PROJECT_ENVIRONMENT"] = str(tmp_path / "env")
    done = subprocess.run([sys.executable, ROOT / "scripts" / "setup"], env=env, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Not enough disk space" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
