"""Files of dialogues and of labels: what is right is read, what is wrong is refused with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from breakwater.cli import app
from breakwater.rehearsal.labels import Forbidden, labels_beside, load_labels
from breakwater.rehearsal.rehearse import Script
from breakwater.rehearsal.script import Checkpoint, Entry, ScriptBroken, load_dialogues

GOOD = """
- id: one
  title: A title
  turns:
    - say: hi
    - photo: "look"
    - photo: ""
    - tap: "Yes"
    - wait_hours: 1.5
  expect: {threat_type: none, paid: "no", must_say: [a], must_not: [b]}
  checkpoints:
    - {after_turn: 2, minor: true, note: "kindly"}
"""


def written(folder: Path, text: str, name: str = "some.yaml") -> Path:
    file = folder / name
    file.write_text(text, "utf8")
    return file


def test_a_dialogue_is_read(tmp_path: Path) -> None:
    (one,) = load_dialogues(written(tmp_path, GOOD))
    assert (one.id, one.title, one.must_say, one.must_not) == ("one", "A title", ("a",), ("b",))
    entries = (Entry("say", "hi"), Entry("photo", "look"), Entry("photo"), Entry("tap", "Yes"))
    assert one.entries == (*entries, Entry("wait_hours", hours=1.5))
    assert one.waits
    assert one.expect == {"threat_type": "none", "paid": "no"}
    assert one.checkpoints == (Checkpoint(2, {"minor": True}, "kindly"),)


def test_a_folder_is_read_without_its_labels(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml"):
        written(tmp_path, f"- {{id: {name[0]}, turns: [{{say: hi}}]}}", name)
    written(tmp_path, "must_say: {}", "labels.yaml")
    assert [dialogue.id for dialogue in load_dialogues(tmp_path)] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- {turns: [{say: hi}]}", "dialogue 1: it needs an `id`"),
        ("{id: x}", "should be a list"),
        ("[]", "holds no dialogues"),
        ("- {id: x", "(?s)is not YAML.*line 1"),
        ("- {id: x}", r"dialogue 1 \(x\): it needs `turns`"),
        ("- {id: x, turns: [{shout: hi}]}", r"\(x\), turn 1: it should be one of `say:`"),
        ("- {id: x, turns: [{say: hi, photo: x}]}", "turn 1: it should be one of"),
        ("- {id: x, turns: [{say: no}]}", "turn 1: say should be text; put False in quotation marks"),
        ("- {id: x, turns: [{say: 15}]}", "put 15 in quotation marks"),
        ("- {id: x, turns: [{say: ' '}]}", "has no words"),
        ("- {id: x, turns: [{wait_hours: -1}]}", "number above zero"),
        ("- {id: x, turns: [{wait_hours: yes}]}", "number above zero"),
        ("- {id: x, turns: [{say: hi}], expects: {}}", "nothing is known of expects"),
        ("- {id: x, turns: [{say: hi}], expect: {threat: image}}", "expect: nothing is known of threat"),
        ("- {id: x, turns: [{say: hi}], expect: {must_say: a}}", "must_say should be a list of labels"),
        ("- {id: x, turns: [{say: hi}], checkpoints: [{after_turn: 2}]}", "`after_turn`, from 1 to 1"),
        (
            "- {id: x, turns: [{say: hi}], checkpoints: [{after_turn: 1, must_say: [a]}]}",
            "nothing is known of must_say",
        ),
        ("- {id: x, turns: [{say: a}]}\n- {id: x, turns: [{say: a}]}", "two dialogues with the id x"),
    ],
)
def test_what_cannot_be_played_is_refused_with_its_place(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ScriptBroken, match=reason):
        load_dialogues(written(tmp_path, text))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScriptBroken, match=r"nowhere\.yaml cannot be read"):
        load_dialogues(tmp_path / "nowhere.yaml")


# ---- labels


def labels(folder: Path, text: str) -> Path:
    return written(folder, text, "labels.yaml")


def test_labels_are_read(tmp_path: Path) -> None:
    file = labels(
        tmp_path,
        "must_say: {a: [calm], b: reader}\n"
        "must_not: {c: {question: age, always: true}, d: {question: any_known}, e: reader, f: {max_words: 9}}",
    )
    found = load_labels(file, {"calm"}, {"age"}, set())
    assert found.must_say == {"a": {"calm"}, "b": set()}
    assert found.must_not == {
        "c": Forbidden("question", "age", always=True),
        "d": Forbidden("question", "any_known"),
        "e": Forbidden("reader"),
        "f": Forbidden("max_words", 9),
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[a]", "should hold"),
        ("must_say: {a: [clam]}", "a: we have no tags clam"),
        ("must_say: {a: []}", "a: it should be a list of tags"),
        ("must_not: {b: {question: agee}}", "b: we have no question agee"),
        ("must_not: {b: {tags: [calm, clam]}}", "b: we have no tags clam"),
        ("must_not: {b: {pattern: blames}}", "b: we have no pattern blames"),
        ("must_not: {b: {questions: age}}", "b: it should be `reader` or one of"),
        ("must_not: {b: {question: age, sometimes: true}}", "b: it should be `reader` or one of"),
    ],
)
def test_a_label_that_could_never_be_checked_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ScriptBroken, match=reason):
        load_labels(labels(tmp_path, text), {"calm"}, {"age"}, {"blame"})


def test_the_labels_beside_the_dialogues_go_first(tmp_path: Path) -> None:
    dialogues, own = written(tmp_path, GOOD), written(tmp_path, "", "own.yaml")
    assert labels_beside(dialogues, own, "labels.yaml") == own
    beside = labels(tmp_path, "")
    assert labels_beside(dialogues, own, "labels.yaml") == beside
    assert labels_beside(tmp_path, own, "labels.yaml") == beside
    beside.unlink()
    with pytest.raises(ScriptBroken, match="--labels"):
        labels_beside(dialogues, tmp_path / "none.yaml", "labels.yaml")


def test_a_label_without_a_meaning_is_named_and_nothing_is_played(tmp_path: Path) -> None:
    dialogues = written(tmp_path, GOOD)
    labels(tmp_path, "must_say: {a: [calm]}\nmust_not: {}")
    with pytest.raises(ScriptBroken, match=r"b \(must_not in one\)"):
        Script(dialogues)
    done = CliRunner().invoke(app, ["rehearse", str(dialogues)])
    assert done.exit_code == 2
    assert "b (must_not in one)" in done.output
