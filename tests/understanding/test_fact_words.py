"""Facts in plain words. Examples are our own, none from the data."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from breakwater.understanding.fact_words import FACT_WORDS, FactWords
from breakwater.understanding.facts import DEMANDS, SPEAKERS, YES_NO_FACTS, CaseFacts

LISTS = Path(__file__).parents[2] / "data" / "lexicon"
WORDS = FactWords.load(LISTS)


def facts(text: str) -> CaseFacts:
    return WORDS(text)[0]


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("i paid her", "paid", "yes"),
        ("ive already paid twice", "paid", "yes"),
        ("sent her 50", "paid", "yes"),
        ("i sent him £200 in bitcoin", "paid", "yes"),
        ("I didn't pay", "paid", "no"),
        ("havent paid him anything", "paid", "no"),
        ("not gonna pay", "paid", "no"),
        ("should i have paid?", "paid", "unknown"),
        ("i wish i had paid", "paid", "unknown"),
        ("what if i paid half", "paid", "unknown"),
        ("i never get paid on time", "paid", "unknown"),
        ("i said id never pay but then i paid", "paid", "yes"),
        ("i blocked him", "blocked_already", "yes"),
        ("ok blocked him", "blocked_already", "yes"),
        ("i havent blocked her yet", "blocked_already", "no"),
        ("should i block him", "blocked_already", "unknown"),
        ("he blocked me", "blocked_already", "unknown"),
        ("what happens if i blocked her", "blocked_already", "unknown"),
        ("he posted it already", "already_posted", "yes"),
        ("she sent it to my mum", "already_posted", "yes"),
        ("he hasn't posted it", "already_posted", "no"),
        ("he will post it", "already_posted", "unknown"),
        ("she says she has posted it", "already_posted", "unknown"),
        ("she has my nudes", "images_shared_already", "yes"),
        ("i sent a pic", "images_shared_already", "yes"),
        ("he recorded me", "images_shared_already", "yes"),
        ("i never sent anything", "images_shared_already", "no"),
        ("he only has my face", "images_shared_already", "no"),
        ("the email says he recorded me", "images_shared_already", "unknown"),
        ("she sent me pics", "images_shared_already", "unknown"),
        ("i took screenshots", "evidence_saved", "yes"),
        ("i deleted the chat", "evidence_saved", "no"),
        ("should i take screenshots", "evidence_saved", "unknown"),
        ("i told my mum", "adult_told", "yes"),
        ("i cant tell my parents", "adult_told", "no"),
        ("should i tell my mum", "adult_told", "unknown"),
        ("gave him my password", "gave_access", "yes"),
    ],
)
def test_yes_or_no(text: str, fact: str, value: str) -> None:
    assert getattr(facts(text), fact) == value


@pytest.mark.parametrize(
    ("text", "demand"),
    [
        ("she wants 200", ("money",)),
        ("he wants money", ("money",)),
        ("he doesnt want money", ()),
        ("if i dont send more pics", ("images",)),
        ("he wants me to meet him", ("meet",)),
        ("i want money for lunch", ()),
    ],
)
def test_demands(text: str, demand: tuple[str, ...]) -> None:
    assert facts(text).demand == demand


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("my son has been sent threats", "parent"),
        ("I'm her mother", "parent"),
        ("my best friend is being blackmailed", "friend"),
        ("he says he will tell my son", "victim"),
        ("she sends it to my best friend", "victim"),
    ],
)
def test_for_whom_somebody_writes(text: str, speaker: str) -> None:
    assert facts(text).speaker == speaker


def test_the_words_are_kept_as_they_were_typed() -> None:
    assert facts("ok so I PAID, twice").words["paid"] == "I PAID"


def test_our_list_says_why_and_states_only_known_facts() -> None:
    known = {f"{n}={v}" for n in YES_NO_FACTS for v in ("yes", "no", "unknown")}
    known |= {f"demand={d}" for d in (*DEMANDS, "unknown")} | {f"speaker={s}" for s in (*SPEAKERS, "unknown")}
    content = yaml.load((LISTS / FACT_WORDS[0]).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    for group in content["groups"].values():
        assert group["why"]
        assert group["role"] == "fact"
        assert group["states"]
        assert set(group["states"]) <= known
        assert len(group["phrases"]) == len(set(group["phrases"]))


@pytest.mark.parametrize("text", ["", "🥲", "£", "$.", "1/2/3", "5²", "٣", "x" * 5000, "paid " * 500])
def test_no_text_is_too_strange(text: str) -> None:
    facts(text)


def test_a_figure_alone_states_nothing() -> None:
    assert facts("200").known() == {}


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        ("ok thx bye", {"bye"}),
        ("ok thanks gtg 🙂", {"bye"}),
        ("bye bye school im off sick", set()),
        ("i’m being blackmailed", {"blackmailed"}),
        ("hid it", {"hid"}),
        ("ok muted her", {"muted"}),
        ("which number do i call", {"asks_number"}),
        ("who can i ring", {"asks_number"}),
        ("he has my number and calls me", set()),
        ("put him on silent", {"muted"}),
        ("hide", set()),
        ("scared", {"feels"}),
        ("im not scared", set()),
        ("no longer afraid", set()),
        ("i can’t breathe", {"panics"}),
        ("i took them weeks ago", {"weeks_ago"}),
        ("last summer and again tonight", {"weeks_ago", "this_hour"}),
        ("not now", set()),
        ("a detective wrote that i can settle it for 900", {"fake_office"}),
        ("he says hes from the police", {"fake_office"}),
        ("pay the fine or they close the case against me", {"fake_office"}),
        ("i told the police and they said dont pay", set()),
        ("should i pay or go to the police", set()),
        ("i called the police and they said i shouldnt pay", set()),
        ("he says if i go to the police i have to pay double", set()),
        ("i told him id call the cops and he said pay 200", set()),
        ("i told my lawyer and she says we can get money back", set()),
        ("a cop wrote me he wants 800", {"fake_office"}),
        ("thanks bye ❤️😊👋", {"bye"}),
        ("ok bye. he posted it", set()),
        ("no im not going to do anything stupid", {"denies_life"}),
        ("i havent done it", set()),
        ("he swears he wont do anything if i pay", set()),
        ("my uncle is a lawyer", set()),
    ],
)
def test_how_it_is_meant(text: str, cues: set[str]) -> None:
    assert WORDS(text)[1] == cues


@pytest.mark.parametrize(
    ("text", "cue", "holds"),
    [
        ("hes gone i think", "danger_passed", True),
        ("the police are here", "danger_passed", True),
        ("theyre here", "danger_passed", False),
        ("hes not here yet", "danger_passed", False),
        ("hes gone round the back", "danger_passed", False),
        ("he left a note on my door", "danger_passed", False),
        ("no one here now, im alone", "danger_passed", False),
        ("i turned it off", "turned_off", True),
        ("the door is off the hinges", "turned_off", False),
        ("mum is in the kitchen", "somebody_near", True),
        ("no one is with me", "somebody_near", False),
        ("my ex boyfriend is still here", "somebody_near", False),
        ("she picked up shes driving home", "help_reached", True),
        ("hes driving to the bridge", "help_reached", False),
        ("he answered and said goodbye", "help_reached", False),
        ("i havent told his mum", "help_reached", False),
        ("theyll send police to my house for a laugh", "police_sent", True),
        ("can you send police to my house", "police_sent", False),
        ("should i go even if she comes with me", "asks_to_go", True),
        ("can i come back here tomorrow", "asks_to_go", False),
        ("should i go to school tomorrow", "asks_to_go", False),
        ("would they leave my family alone if i wasnt around", "gone_for_others", True),
        ("he will leave us alone if i pay", "gone_for_others", False),
        ("im disgusting", "shame", True),
        ("that was disgusting of him", "shame", False),
        ("she begs me not to tell her parents", "begs_secrecy", True),
        ("he asked me to keep it between us", "begs_secrecy", True),
        ("he asked me to send more", "begs_secrecy", False),
        ("he sounds really sorry now", "says_sorry", True),
        ("she keeps saying sorry and that shes sorry for it", "says_sorry", True),
        ("my son is 14 and he is crying", "says_sorry", False),
        ("my gf found out and she said shes so sorry", "says_sorry", False),
        ("she is really sorry this happened to me", "says_sorry", False),
        ("im so sorry i wrote", "says_sorry", False),
        ("hes not even sorry", "says_sorry", False),
        ("my mum is crying", "says_sorry", False),
    ],
)
def test_cues_hold_where_they_are_meant(text: str, cue: str, holds: bool) -> None:
    assert (cue in WORDS(text)[1]) is holds
