"""The phrase language, the matcher, and the word lists that we ship."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from breakwater.understanding.facts import DEMANDS, NOW, RISKS
from breakwater.understanding.lexicon import FILES, Lexicon, LexiconBroken
from breakwater.understanding.phrase_tree import PhraseTree
from breakwater.understanding.phrases import PhraseBroken, parse
from breakwater.understanding.text import END, fold, mostly_foreign_script, read_text

LISTS = Path(__file__).parents[2] / "data" / "lexicon"
SETS = {
    "kill": frozenset({"kill", "killing"}), "me": frozenset({"myself"}),
    "no_more": frozenset({"nimmer", "niet meer", "nooit meer"}),
}  # fmt: skip


def found(phrase: str, text: str) -> str | None:
    """The original words that `phrase` matches in `text`."""
    tree: PhraseTree[str] = PhraseTree()
    tree.add(phrase, "x", SETS)
    read = read_text(text, {"💊": "emoji_pills"})
    matches = tree.find(read)
    return read.said(matches[0][1], matches[0][2]) if matches else None


@pytest.mark.parametrize(
    ("phrase", "text", "said"),
    [
        ("want to die", "I WANT to die.", "WANT to die"),
        ("(want|need) to go", "i need to go", "need to go"),
        ("(end it|stop) now", "end it now", "end it now"),
        ("end it [all]", "just end it all ok", "end it all"),
        ("end it [all]", "just end it ok", "end it"),
        ("took .. pills", "i took like 20 of pills", "took like 20 of pills"),
        ("took .. pills", "took a b c d pills", None),
        ("took .. pills", "took it. pills are bad", None),
        ("suicid*", "im SUICIDAL", "SUICIDAL"),
        ("<kill> <me>", "Killing myself", "Killing myself"),
        ("wil <no_more> hier", "ik wil niet meer hier zijn", "wil niet meer hier"),
        ("wil <no_more> hier", "wil nimmer hier", "wil nimmer hier"),
        ("wil [<no_more>|echt] hier", "wil meer hier", None),
        ("/ i took them /", "hi. i took them. bye", "i took them"),
        ("/ i took them /", "hi i took them bye", None),
        ("dont want", "i don’t want", "don’t want"),
        ("kill myself", "kiiiiill myselffff", "kiiiiill myselffff"),
        ("kill myself", "k1ll mys3lf", "k1ll mys3lf"),
        ("kill myself", "ki\u200bll my\u00adself", "ki\u200bll my\u00adself"),
        ("kms", "k.m.s", "k.m.s"),
        ("emoji_pills", "💊️", "💊"),
        ("nao quero", "não quero", "não quero"),
    ],
)
def test_phrases_find_the_original_words(phrase: str, text: str, said: str | None) -> None:
    assert found(phrase, text) == said


@pytest.mark.parametrize("phrase", ["(a|b", "a]", "[x]", ".. a", "a ..", "ab*", "<nobody> x", "a? b", ""])
def test_a_broken_phrase_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseBroken):
        parse(phrase, SETS)


def test_a_broken_list_names_file_group_and_phrase(tmp_path: Path) -> None:
    for file in LISTS.glob("*.yml"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "told.yml").write_text("groups: {mine: {why: w, phrases: ['(a|b']}}", encoding="utf-8")
    with pytest.raises(LexiconBroken, match=r"told\.yml, group mine, phrase '\(a\|b'"):
        Lexicon.load(tmp_path)
    (tmp_path / "told.yml").write_text("groups: {mine: {why: w, role: hero, phrases: [a b]}}", encoding="utf-8")
    with pytest.raises(LexiconBroken, match="hero"):
        Lexicon.load(tmp_path)
    (tmp_path / "told.yml").unlink()
    with pytest.raises(LexiconBroken, match=r"told\.yml"):
        Lexicon.load(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_our_lists_say_why_and_state_only_known_facts(name: str) -> None:
    content = yaml.load((LISTS / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    assert content["version"]
    for group in content["groups"].values():
        assert group["why"]
        assert set(group.get("risk", [])) <= set(RISKS)
        assert set(group.get("now", [])) <= set(NOW)
        assert set(group.get("demand", [])) <= set(DEMANDS)
        assert len(group["phrases"]) == len(set(group["phrases"]))


def test_folding_is_the_same_for_lists_and_messages() -> None:
    assert fold("Don’t")[0] == "dont"
    assert fold("ÜBER")[0] == "uber"
    assert fold("sooooo") == ("soo", "so")


def test_text_keeps_sentences_and_quotes() -> None:
    read = read_text('he said "do it". ok', {})
    assert [w.norm for w in read.words] == [END, "he", "said", "do", "it", END, "ok", END]
    assert [w.norm for w in read.words if w.quoted] == ["do", "it"]


def test_scripts() -> None:
    assert mostly_foreign_script("хочу спать")
    assert mostly_foreign_script("مرحبا hi")
    assert not mostly_foreign_script("ça va très bien")
    assert not mostly_foreign_script("?")
