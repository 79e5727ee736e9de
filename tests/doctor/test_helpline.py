"""What `breakwater doctor` says about the helpline's own files."""

from __future__ import annotations

import shutil
from datetime import datetime, timezone
from pathlib import Path

import pytest

from breakwater.doctor.directory import examine_directory
from breakwater.doctor.encoder import examine_encoder
from breakwater.doctor.wording import examine_wording
from breakwater.settings import ROOT

NOW = datetime(2026, 11, 21, 12, tzinfo=timezone.utc)
DIRECTORY = ROOT / "data" / "directory"


def test_our_encoder_is_ours() -> None:
    assert [f.level for f in examine_encoder(ROOT / "models" / "encoder")] == ["ok"]


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_wrong_or_missing_file_of_the_encoder_is_named(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "encoder"
    shutil.copytree(ROOT / "models" / "encoder", folder)
    (folder / name).write_bytes(b"another")
    (wrong,) = examine_encoder(folder)
    (folder / name).unlink()
    (missing,) = examine_encoder(folder)
    assert wrong.level == missing.level == "error"
    assert name in wrong.what and name in missing.what


def test_entries_that_nobody_checked_are_counted_and_the_night_is_looked_at() -> None:
    found = examine_directory(DIRECTORY, "GB", NOW)
    assert any("never checked" in f.what and "GB" in f.what and f.level == "warning" for f in found)
    assert any("03:00" in f.what for f in found)


def test_an_overdue_check_is_counted(tmp_path: Path) -> None:
    folder = tmp_path / "directory"
    shutil.copytree(DIRECTORY, folder)
    for file in folder.glob("*.yml"):
        text = file.read_text("utf8").replace("checked: null", "checked: 2026-11-01")
        file.write_text(text.replace("checked_by: null", "checked_by: AB"), "utf8")
    assert examine_directory(folder, "GB", NOW)[0].level == "ok"
    later = examine_directory(folder, "GB", NOW.replace(year=2027))
    assert "0 were never checked" in later[0].what and later[0].level == "warning"


def test_a_home_country_without_numbers_is_an_error() -> None:
    (found,) = examine_directory(DIRECTORY, "XX", NOW)
    assert found.level == "error"


def test_a_broken_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / "gb.yml").write_text("country: GB\n", "utf8")
    (found,) = examine_directory(tmp_path, "GB", NOW)
    assert found.level == "error" and "gb.yml" in found.what


def test_unsigned_sentences_are_counted(tmp_path: Path) -> None:
    domain = tmp_path / "domain.yml"
    domain.write_text(
        "responses:\n  utter_a:\n  - text: One.\n    metadata: {reviewed: 'AB, 2026-11-21'}\n  - text: Two.\n", "utf8"
    )
    (found,) = examine_wording(domain)
    assert found.level == "warning" and found.what.startswith("1 of 2")
