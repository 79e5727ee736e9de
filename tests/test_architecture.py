"""Who may know whom (design §2), read from the imports themselves. Rooms that hold children's words and the
room that decides what to say know nothing of servers, databases or Rasa."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = {p.name for p in (ROOT / "breakwater").iterdir() if p.is_dir() and not p.name.startswith("_")}
# Libraries that compute; scipy is what scikit-learn computes with, jsonschema checks the directory's files.
PURE = {"yaml", "numpy", "scipy", "sklearn", "spacy", "onnxruntime", "tokenizers", "jsonschema"}
ABOVE = ("conversations", "cases", "assistant", "channels", "desk")
HOLDS_WORDS = {"storage", "conversations", "cases", "desk", "channels", "privacy"}


def imported(room: str) -> Iterator[tuple[str, str]]:
    """(file, module) for every import in a room: a folder or a file of `breakwater`, or `actions`."""
    place = ROOT / room if room == "actions" else ROOT / "breakwater" / room
    for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
        for node in ast.walk(ast.parse(file.read_text("utf8"))):
            name = str(file.relative_to(ROOT))
            if isinstance(node, ast.Import):
                yield from ((name, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{name}: a relative import hides where it goes"
                yield name, node.module or ""
                yield from ((name, f"{node.module}.{alias.name}") for alias in node.names)


def ours(room: str) -> set[tuple[str, str]]:
    """(file, room) for what is imported of our own: rooms of `breakwater`, its single files, `actions`."""
    found = set()
    for file, module in imported(room):
        first, _, rest = module.partition(".")
        if first == "breakwater" and rest:
            found.add((file, rest.partition(".")[0]))
        elif first in ("actions", "tests"):
            found.add((file, first))
    return {(file, other) for file, other in found if other != room}


def strangers(room: str, allowed: set[str]) -> set[tuple[str, str]]:
    return {(file, other) for file, other in ours(room) if other not in allowed}


def frameworks(room: str) -> set[tuple[str, str]]:
    own = {"breakwater", "actions", "__future__"}
    return {
        (file, top)
        for file, module in imported(room)
        if (top := module.partition(".")[0]) not in own | PURE | set(sys.stdlib_module_names)
    }


def test_the_rooms_are_those_this_test_knows() -> None:
    assert {
        *ABOVE,
        "understanding",
        "support",
        "storage",
        "privacy",
        "rasa",
        "rehearsal",
        "evaluation",
        "doctor",
    } == ROOMS


def test_an_import_is_seen_wherever_it_stands() -> None:
    assert any(module.startswith("rasa.") for _, module in imported("rasa"))
    assert ("breakwater/conversations/watch.py", "storage") in ours("conversations")
    assert ("actions/speaking.py", "support") in ours("actions")


def test_understanding_knows_only_itself() -> None:
    assert strangers("understanding", set()) == set()
    assert frameworks("understanding") == set()


def test_support_knows_only_understanding() -> None:
    assert strangers("support", {"understanding"}) == set()
    assert frameworks("support") == set()


@pytest.mark.parametrize("room", ["rasa", "actions"])
def test_rasa_never_sees_what_is_stored(room: str) -> None:
    assert {(file, other) for file, other in ours(room) if other in HOLDS_WORDS} == set()


@pytest.mark.parametrize("room", ABOVE)
def test_the_gateway_reaches_rasa_over_the_wire_only(room: str) -> None:
    assert {(file, other) for file, other in ours(room) if other in ("rasa", "actions")} == set()
    assert {(file, module) for file, module in imported(room) if module.partition(".")[0].startswith("rasa")} == set()


def test_the_doctor_looks_and_touches_nothing_of_a_conversation() -> None:
    assert {(file, other) for file, other in ours("doctor") if other in HOLDS_WORDS - {"storage", "channels"}} == set()


def test_storage_and_settings_know_nothing_above_them() -> None:
    assert strangers("storage", {"settings"}) == set()
    assert strangers("settings.py", set()) == set()


def test_the_keys_know_storage_and_nothing_else() -> None:
    assert strangers("privacy", {"storage", "settings"}) == set()


def test_cases_do_not_know_who_talks_or_looks() -> None:
    assert strangers("cases", {"storage", "privacy", "support", "understanding", "settings"}) == set()


@pytest.mark.parametrize("room", [*sorted(ROOMS - {"rehearsal"}), "actions", "app.py", "up.py"])
def test_nothing_we_run_knows_that_it_is_rehearsed(room: str) -> None:
    assert {(file, other) for file, other in ours(room) if other == "rehearsal"} == set()


def test_a_rehearsal_is_judged_without_a_server() -> None:
    for file in ("script", "labels", "patterns", "played", "expectations", "checks", "report"):
        assert strangers(f"rehearsal/{file}.py", {"understanding", "rehearsal"}) == set()
        assert frameworks(f"rehearsal/{file}.py") == set()


def test_measuring_needs_no_server_and_no_case() -> None:
    assert strangers("evaluation", {"understanding", "support", "rasa", "training", "settings"}) == set()
    assert frameworks("evaluation") == set()


@pytest.mark.parametrize("room", [*sorted(ROOMS - {"evaluation"}), "actions", "app.py", "up.py", "training.py"])
def test_nothing_we_run_knows_how_it_is_measured(room: str) -> None:
    assert {(file, other) for file, other in ours(room) if other == "evaluation"} == set()


@pytest.mark.parametrize("room", [*sorted(ROOMS), "actions"])
def test_nothing_we_run_imports_its_tests(room: str) -> None:
    assert {(file, other) for file, other in ours(room) if other == "tests"} == set()
