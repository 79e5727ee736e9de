"""Optional parts: found where they are, skipped with a reason where not, a failure where required."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from machine import parts

ROOT = Path(__file__).resolve().parents[2]
TESTS = """
import pytest

def test_plain(): pass

@pytest.mark.redis
def test_with_redis(): pass

@pytest.mark.node
def test_that_skips_itself(): pytest.skip("node is too old")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "tests").mkdir()
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "pytest.ini", tmp_path)
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path / "tests")
    (tmp_path / "tests" / "test_some.py").write_text(TESTS)
    node = tmp_path / "bin" / "node"
    node.touch()
    node.chmod(0o755)
    return tmp_path


def run(project: Path, **env: str) -> tuple[int, str]:
    wanted = {"PATH": str(project / "bin"), "PYTHONPATH": str(ROOT / "scripts"), **env}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=project, env=wanted, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_what_is_missing_is_skipped_and_named_at_the_start_and_at_the_end(project: Path) -> None:
    code, told = run(project)
    assert code == 0
    start, end = told.split("collected 3 items")
    assert "redis: TEST_REDIS_URL is not set" in start
    assert "no redis: TEST_REDIS_URL is not set (1)" in end
    assert "1 passed, 2 skipped" in end.splitlines()[-1]


def test_what_is_there_is_used(project: Path) -> None:
    code, told = run(project, TEST_REDIS_URL="redis://127.0.0.1")
    assert code == 0
    assert "2 passed, 1 skipped" in told


@pytest.mark.parametrize(("part", "reason"), [("redis", "TEST_REDIS_URL is not set"), ("node", "too old")])
def test_what_is_required_may_not_be_skipped_by_anybody(project: Path, part: str, reason: str) -> None:
    code, told = run(project, BREAKWATER_REQUIRE=part)
    assert code == 1
    assert f"BREAKWATER_REQUIRE names {part}, but the test was skipped" in told
    assert reason in told
    assert "1 passed, 1 skipped" in told.splitlines()[-1]


def test_a_mistyped_requirement_is_an_error(project: Path) -> None:
    code, told = run(project, BREAKWATER_REQUIRE="postgres")
    assert code == 4
    assert "names postgres; it may name chromium" in told


def test_a_browser_named_by_the_user_must_be_a_program(tmp_path: Path) -> None:
    for name in ("google-chrome", "mine"):
        (tmp_path / name).touch(mode=0o755)
    env = {"PATH": str(tmp_path)}
    assert parts.chromium(env) == str(tmp_path / "google-chrome")
    assert parts.chromium({**env, "CHROMIUM": str(tmp_path / "mine")}) == str(tmp_path / "mine")
    assert parts.chromium({**env, "CHROMIUM": str(tmp_path / "gone")}) == ""
    assert parts.chromium({"PATH": os.devnull}) == ""
