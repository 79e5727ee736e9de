"""What somebody who writes in another language hears: their language, that language's help, and a person asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from breakwater.doctor.wording import examine_wording
from breakwater.settings import ROOT, Settings, SettingsError, load_settings
from breakwater.support.directory import Directory
from breakwater.support.languages import COUNTRIES, LANGUAGES, named
from breakwater.support.lines import Lines
from breakwater.support.tiers import rank, reasons
from breakwater.support.turn import Place
from breakwater.support.wording import Wording
from breakwater.understanding.answers import of_words, reading_of_button
from breakwater.understanding.facts import CaseFacts
from breakwater.understanding.languages import NAMES, RISK_IS_READ
from tests.support.conftest import NIGHT, Chat

Chats = Callable[..., Chat]
each = pytest.mark.parametrize("language", COUNTRIES)
THREAT: dict[str, Any] = {"threat_type": "financial", "demand": ("money",)}
PASSIVE: dict[str, Any] = {"risk": ("suicide_passive",)}


@each
def test_the_first_reply_is_in_their_language_and_stops_the_harm(chats: Chats, language: str) -> None:
    said = chats().hears(language=language, **THREAT)
    assert said.responses == (f"utter_lang_{language}_first",)
    assert {"not_your_fault", "dont_pay", "dont_send_more", "dont_reply"} <= said.tags
    assert {"emergency_number", "support_line"} <= said.tags
    assert "handover" in said.move.requests


@each
def test_every_turn_asks_for_a_person_and_never_repeats_itself(chats: Chats, language: str) -> None:
    chat = chats()
    said = [chat.hears(language=language, **THREAT)] + [chat.hears(language=language) for _ in range(8)]
    assert all(s.move.requests == ("handover",) for s in said)
    for before, after in pairwise(said):
        assert before.responses != after.responses
    assert [r for s in said[:4] for r in s.responses] == [
        f"utter_lang_{language}_{what}" for what in ("first", "person", "save", "go_on")
    ]
    assert all(len(s.questions) == 1 and len(s.text.split()) <= 75 for s in said)


@each
def test_everybody_is_asked_about_suicide_in_the_second_turn(chats: Chats, language: str) -> None:
    chat = chats()
    chat.hears(language=language, **THREAT)
    assert chat.hears(language=language).questions == ("suicide",)
    assert chat.hears("answer", "yes").responses == (f"utter_lang_{language}_attempt",)
    assert chat.hears("answer", "no").responses == (f"utter_lang_{language}_danger",)


@each
def test_danger_comes_first_with_numbers_and_goes_on_in_other_words(chats: Chats, language: str) -> None:
    chat = chats()
    said = [chat.hears(language=language, **PASSIVE)] + [chat.hears(language=language) for _ in range(5)]
    assert said[0].responses == (f"utter_lang_{language}_danger",)
    for before, after in pairwise(said):
        assert before.responses != after.responses
        assert {"emergency_number", "support_line"} <= after.tags
        assert not {"save_evidence_without_image", "block_report"} & after.tags


def test_a_no_to_the_question_ends_what_was_only_said(chats: Chats) -> None:
    chat = chats()
    chat.hears(language="nl", **PASSIVE)
    assert chat.hears(language="nl").questions == ("suicide",)
    assert chat.hears("answer", "no").responses == ("utter_lang_nl_first",)


def test_no_step_while_something_was_taken(chats: Chats) -> None:
    chat = chats()
    for _ in range(4):
        said = chat.hears(language="es", now=("attempt",), risk=("suicide_active",))
        assert said.responses[0].removeprefix("utter_lang_es_") in ("doctor", "danger")


@each
def test_a_child_has_words_of_its_own(chats: Chats, language: str) -> None:
    child = chats().hears(language=language, age=12, minor="yes", **THREAT)
    assert child.responses == (f"utter_lang_{language}_first_child",)
    parent = chats().hears(language=language, age=12, minor="yes", speaker="parent", **THREAT)
    assert parent.responses == (f"utter_lang_{language}_first",)


def test_a_young_child_saves_nothing_and_nobody_blocks_whom_they_know(chats: Chats) -> None:
    child = chats()
    said = {child.hears(language="de", age=11, minor="yes", **THREAT).responses[0] for _ in range(6)}
    assert "utter_lang_de_save" not in said
    known = chats()
    said = {known.hears(language="de", offender="known", **THREAT).responses[0] for _ in range(6)}
    assert "utter_lang_de_go_on" not in said


def test_a_wish_for_a_person_is_heard_in_their_language(chats: Chats) -> None:
    chat = chats()
    said = chat.hears("ask_human", language="fr", wants_human=True)
    assert said.responses == ("utter_lang_fr_person",)
    assert chat.hears("ask_human", language="fr").responses == ("utter_lang_fr_stay",)


def test_english_is_spoken_again_when_they_write_it(chats: Chats) -> None:
    chat = chats()
    chat.hears(language="nl", **THREAT)
    said = chat.hears(language="en")
    assert not any(r.startswith("utter_lang_") for r in said.responses)


def test_a_language_switched_off_is_answered_in_english_with_a_person_asked_for(chats: Chats) -> None:
    chat = chats()
    chat.place = replace(NIGHT, languages="en")
    said = chat.hears(language="nl", **THREAT)
    assert said.responses[0] == "utter_first_money"
    assert "handover" in said.move.requests


@each
def test_a_language_that_was_chosen_is_kept_whatever_is_written(chats: Chats, language: str) -> None:
    chat = chats()
    chat.hears(**THREAT)
    chosen = chat.reads(reading_of_button(f"answer:language={language}", None))
    assert chosen.responses == (f"utter_lang_{language}_first",)
    assert "handover" in chosen.move.requests
    assert chat.hears(language="en").responses[0].startswith(f"utter_lang_{language}_")
    assert chat.hears(language="en", **PASSIVE).responses == (f"utter_lang_{language}_danger",)
    assert chat.facts.language == "en", "what somebody writes in stays a fact: danger is read by it"


def test_english_chosen_by_who_writes_another_is_kept_and_a_person_asked_for(chats: Chats) -> None:
    chat = chats()
    chat.hears(language="pl", **THREAT)
    assert chat.reads(reading_of_button("answer:language=en", None)).responses == ("utter_language_english",)
    said = chat.hears(language="pl")
    assert not said.responses[0].startswith("utter_lang_")
    assert "handover" in said.move.requests


def test_each_language_can_be_named() -> None:
    assert set(NAMES) == set(LANGUAGES)
    assert [named(text) for text in ("es", "Español", "espanol", "SPANISH", " Polski ")] == ["es"] * 4 + ["pl"]
    assert [named(text) for text in ("", "klingon", "i want to die", "e")] == [None] * 4


@each
def test_after_hours_away_nothing_of_before_is_named(chats: Chats, language: str) -> None:
    chat = chats()
    chat.hears(language=language, **THREAT)
    assert chat.away(9 * 3600).hears(language=language).responses == (f"utter_lang_{language}_stay",)
    assert chat.hears(language=language, **PASSIVE).responses == (f"utter_lang_{language}_danger",)


def test_hiding_erasing_and_pictures_are_as_for_everybody(chats: Chats) -> None:
    assert chats(language="it").hears("hide").responses == ("utter_hidden",)
    assert chats(language="it").hears("erase").responses == ("utter_erase_confirm",)
    assert chats(language="it", **THREAT).hears("media_image").responses[0].startswith("utter_media_")


def test_a_language_we_have_no_words_in_is_said_to_be_unread_and_a_person_is_asked_for(chats: Chats) -> None:
    chat = chats()
    said = chat.hears(language="turkish")
    assert said.responses == ("utter_unreadable",)
    assert rank(chat.facts) == 8
    assert chat.hears(language="turkish").responses == ("utter_unreadable_again",)
    assert chat.hears("tell", **PASSIVE).responses == ("utter_suicide_direct",)


# ---------------------------------------------------------------- tiers


@each
def test_what_is_not_read_well_is_urgent_and_the_rest_at_least_soon(language: str) -> None:
    assert rank(CaseFacts(language=language)) == (11 if language in RISK_IS_READ else 8)
    assert rank(CaseFacts(language=language, risk=("suicide_active",), now=("attempt",))) == 0


def test_english_is_no_reason() -> None:
    assert reasons(CaseFacts(language="en")) == reasons(CaseFacts())


# ---------------------------------------------------------------- numbers


def lines(directory: Directory, place: Place = NIGHT, **facts: Any) -> dict[str, str]:
    return Lines(CaseFacts(**facts), place, directory).values({"line", "emergency"})


def test_a_language_alone_proves_no_country_so_each_is_named(directory: Directory) -> None:
    said = lines(directory, language="nl")
    assert "Nederland: " in said["line"]
    assert "België: " in said["line"]
    assert said["line"].endswith("findahelpline.com")
    assert said["emergency"] == "999 / 112"


def test_the_operators_own_country_is_named_first(directory: Directory) -> None:
    said = lines(directory, replace(NIGHT, home_country="BE"), language="nl")
    assert said["line"].startswith("België: ")


def test_a_known_country_is_followed_with_a_line_that_speaks_the_language(directory: Directory) -> None:
    assert lines(directory, language="fr", country="BE")["line"] == "Centre de Prévention du Suicide (0800 32 123)"
    assert lines(directory, language="fr", country="BE")["emergency"] == "112"


def test_another_emergency_number_is_named_with_its_country(directory: Directory) -> None:
    assert lines(directory, language="tl")["line"].startswith("Pilipinas: 911, ")


@each
def test_there_is_a_line_at_any_hour_for_a_child(directory: Directory, language: str) -> None:
    for hour in (3, 9, 15, 21):
        place = replace(NIGHT, now=f"2026-11-22T{hour:02}:00:00+00:00")
        assert lines(directory, place, language=language, minor="yes")["line"]
        cards = Lines(CaseFacts(language=language, minor="yes"), place, directory).cards({"emergency", "line"})
        assert 2 <= len(cards) <= 4


def test_english_hears_one_line_and_or(directory: Directory) -> None:
    assert lines(directory)["emergency"] == "999 or 112"
    assert "findahelpline" not in lines(directory, language="en")["line"]


# ---------------------------------------------------------------- words and settings


def test_the_doctor_counts_what_no_native_speaker_has_read() -> None:
    found = examine_wording(ROOT / "domain.yml")
    assert f"80 sentences in {', '.join(COUNTRIES)}" in found[-1].what


@each
def test_every_text_is_marked_with_its_language_and_unsigned_texts_are_counted(wording: Wording, language: str) -> None:
    for what in ("first", "first_child", "person", "save", "go_on", "danger", "stay"):
        (variation,) = wording.responses[f"utter_lang_{language}_{what}"]
        assert variation["metadata"]["language"] == language


@pytest.mark.parametrize(
    "text", ["no puedo más", "no quiero vivir", "não aguento mais", "nie chcę żyć", "no hay salida"]
)
def test_a_sentence_that_begins_with_no_is_no_answer(text: str) -> None:
    assert of_words(text, "suicide") is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("ja", "yes"), ("oui", "yes"), ("sí", "yes"), ("tak", "yes"), ("sim", "yes"), ("oo po", "yes"),
        ("nee", "no"), ("nein", "no"), ("não", "no"), ("nie", "no"), ("hindi po", "no"), ("pas encore", "no"),
        ("soms", "sometimes"), ("manchmal", "sometimes"), ("parfois", "sometimes"), ("a veces", "sometimes"),
        ("weet ik niet", "unsure"), ("weiß nicht", "unsure"), ("no sé", "unsure"), ("nie wiem", "unsure"),
    ],
)  # fmt: skip
def test_short_answers_are_read(text: str, answer: str) -> None:
    assert of_words(text, "suicide") == answer


def test_the_setting_and_the_place_name_the_languages_there_are() -> None:
    assert Settings().languages.split(",") == list(LANGUAGES)
    assert Place("").languages == Settings().languages


@pytest.mark.parametrize("wrong", ["nl", "en,xx", "en, nl", ""])
def test_a_setting_that_names_no_language_of_ours_is_refused(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="LANGUAGES"):
        load_settings({"BREAKWATER_LANGUAGES": wrong}, env_file=tmp_path / ".env")


@pytest.mark.parametrize("known", [{"age": 11, "minor": "yes"}, {"watched": "yes"}, {"threat_type": "ex_partner"}])
def test_in_no_language_is_somebody_told_to_block_where_it_could_set_off_more(
    chats: Callable[..., Any], known: dict[str, Any]
) -> None:
    chat = chats(**{"threat_type": "image", "language": "nl", **known})
    said = [r for _ in range(8) for r in chat.hears().responses]
    assert "utter_lang_nl_go_on" not in said


@each
def test_a_yes_about_dying_is_asked_whether_something_was_done_and_then_the_doctor_stays(
    chat: Chat, language: str
) -> None:
    chat.hears(language=language, **PASSIVE)
    chat.hears("answer", "yes")  # safe now
    assert chat.memory.question == "suicide"
    assert chat.hears("answer", "yes").responses == (f"utter_lang_{language}_attempt",)
    said = [chat.hears("answer", "yes").responses, *(chat.hears(language=language).responses for _ in range(3))]
    assert {r.removeprefix(f"utter_lang_{language}_") for (r,) in said} == {"doctor", "danger"}
    assert all(first != then for first, then in pairwise(said))


def test_for_somebody_else_nobody_is_asked_what_they_did(chats: Chats) -> None:
    mother = chats(speaker="parent")
    said = [mother.hears(language="de", now=("attempt",), threat_type="financial").responses for _ in range(4)]
    assert not {("utter_lang_de_doctor",), ("utter_lang_de_attempt",)} & set(said)
