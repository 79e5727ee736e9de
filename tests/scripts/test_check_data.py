"""The check of YAML files finds what YAML itself would swallow."""

from __future__ import annotations

import importlib.machinery
import importlib.util
from pathlib import Path

import pytest

SCRIPT = str(Path(__file__).resolve().parents[2] / "scripts" / "check-data")
_loader = importlib.machinery.SourceFileLoader("check_data", SCRIPT)
_spec = importlib.util.spec_from_loader("check_data", _loader)
assert _spec
check_data = importlib.util.module_from_spec(_spec)
_loader.exec_module(check_data)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("NL: 1\nBE: 2\nNL: 3\n", "'NL' is written twice"),
        ("lines:\n  - number: 1\n    number: 2\n", "'number' is written twice"),
        ("open: [1\n", "expected"),
    ],
)
def test_a_fault_is_told_with_file_and_line(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "directory.yaml"
    file.write_text(text)
    (told,) = check_data.faults([file])
    assert told.startswith(str(file))
    assert fault in told
    assert "line " in told


def test_sound_files_pass(tmp_path: Path) -> None:
    file = tmp_path / "domain.yml"
    file.write_text("a: &one {x: 1}\nb:\n  <<: *one\n  y: 2\n---\na: 1\n")
    assert check_data.faults([file]) == []
