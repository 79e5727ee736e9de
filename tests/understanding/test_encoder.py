"""The network: its files are verified, and what it sees is what others build on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from breakwater.understanding.encoder import DIMENSIONS, STEP, WINDOW, Encoder, EncoderBroken, Seen

FOLDER = Path(__file__).parents[2] / "models" / "encoder"
OFFICIAL_WEIGHTS = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
STORY = (
    "we talked for two weeks about football and music and her dog. she seemed nice and my friends knew her too. "
) * 9 + "then he said pay three hundred dollars tonight or everyone gets the picture"


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load(FOLDER)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "encoder"))


def test_the_shipped_model_comes_from_the_official_weights_and_stays_near_them() -> None:
    provenance = json.loads((FOLDER / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["original"]["model.safetensors_sha256"] == OFFICIAL_WEIGHTS
    assert provenance["licence"] == "Apache-2.0"
    assert provenance["cosine_to_float32"]["texts"] >= 200
    assert provenance["cosine_to_float32"]["min"] >= 0.985


@pytest.mark.parametrize("name", ["model.onnx", "labels.json", "learned.bin", "tokenizer.json"])
def test_a_tampered_file_is_refused_by_name(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(EncoderBroken, match=rf"{name} is not the file .* tools/build_encoder"):
        Encoder.load(copy)


@pytest.mark.parametrize("name", ["model.onnx", "labels.json", "learned.bin", "tokenizer.json", "provenance.json"])
def test_a_missing_file_is_named_with_a_way_out(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(EncoderBroken, match=rf"{name} cannot be read .*git checkout"):
        Encoder.load(copy)


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"files": []}', "not json"])
def test_a_broken_provenance_is_refused(copy: Path, record: str) -> None:
    (copy / "provenance.json").write_text(record, encoding="utf-8")
    with pytest.raises(EncoderBroken, match=r"provenance\.json does not list"):
        Encoder.load(copy)


def test_a_file_that_provenance_does_not_list_is_refused(copy: Path) -> None:
    (copy / "provenance.json").write_text('{"files": {}}', encoding="utf-8")
    with pytest.raises(EncoderBroken, match=r"model\.onnx is not the file"):
        Encoder.load(copy)


def alike(one: Seen, other: Seen) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ("vector", "labels", "ages", "speaks")
    )


def log_odds(encoder: Encoder, seen: Seen, label: str) -> float:
    return float(seen.labels[encoder.labels.index(label)])


def test_what_is_seen_has_the_promised_shape(encoder: Encoder) -> None:
    for text in ("help", "he wants money", STORY):
        seen = encoder.read(text)
        assert seen.vector.shape == (DIMENSIONS,)
        assert np.linalg.norm(seen.vector) == pytest.approx(1.0, abs=1e-4)
        assert seen.labels.shape == (len(encoder.labels),)
        assert seen.ages.shape == (len(seen.places),)
        assert seen.speaks.shape == (len(encoder.labels), len(seen.places))
        assert seen.features.dtype == np.float32


@pytest.mark.parametrize("text", ["", " ", "\n", "😭", "\ud83d", "\x00", "कोई", "a" * 5000, "?" * 300])
def test_odd_texts_are_seen_too(encoder: Encoder, text: str) -> None:
    seen = encoder.read(text, "paid")
    assert np.linalg.norm(seen.vector) == pytest.approx(1.0, abs=1e-4)
    assert np.isfinite(seen.labels).all()
    assert np.isfinite(seen.ages).all()


@pytest.mark.parametrize(
    ("text", "alike", "different"),
    [
        ("he wants 300 dollars", "she is asking me for money", "my sister is at school"),
        ("i blocked him", "ive blocked the account now", "how old do i have to be"),
        ("im scared my mum finds out", "pls dont tell my parents", "which app was it on"),
        ("i dont want to live anymore", "i just want to die", "i paid with a gift card"),
        ("i am 14", "im fourteen years old", "he has my photos"),
        ("are you a bot", "am i talking to a real person", "it is on snapchat"),
    ],
)
def test_what_means_alike_lies_nearer(encoder: Encoder, text: str, alike: str, different: str) -> None:
    given, near, far = (encoder.read(one).vector for one in (text, alike, different))
    assert given @ near > given @ far + 0.1


def test_a_second_encoder_sees_the_same(encoder: Encoder) -> None:
    other = Encoder.load(FOLDER)
    for text in (STORY, "help", STORY):
        assert alike(encoder.read(text), other.read(text))


def test_a_short_answer_is_read_beside_its_question_and_a_story_is_not(encoder: Encoder) -> None:
    assert not alike(encoder.read("only the first bit", "paid"), encoder.read("only the first bit"))
    assert alike(encoder.read(STORY, "paid"), encoder.read(STORY))
    paid = [log_odds(encoder, encoder.read("only the first bit", asked), "paid=yes") for asked in ("paid", "platform")]
    assert paid[0] > paid[1]


@pytest.mark.parametrize("words", [0, WINDOW, WINDOW + 1, WINDOW + STEP, WINDOW + STEP + 1, WINDOW + 5 * STEP])
def test_windows_cover_a_long_text(encoder: Encoder, words: int) -> None:
    seen = encoder.read("house " * words)
    assert len(seen.places) == words
    assert (seen.ages != 0).all(), "every piece was read"


def test_half_a_sentence_at_the_end_of_a_long_story_is_seen(encoder: Encoder) -> None:
    long = STORY.replace("then he said pay three hundred dollars tonight or everyone gets the picture", "")
    wish = long + "and i dont want to be alive any more"
    assert log_odds(encoder, encoder.read(wish), "any=life") > log_odds(encoder, encoder.read(long), "any=life") + 1


def test_of_two_numbers_the_age_is_seen(encoder: Encoder) -> None:
    text = "i am 15 and she wants 60 by tonight, her profile said 19"
    seen = encoder.read(text)
    scores = {n: seen.age_at(text.index(n), text.index(n) + 2) for n in ("15", "60", "19")}
    assert scores["15"] is not None
    assert scores["15"] > 0 > max(scores["60"] or 0.0, scores["19"] or 0.0)
    assert seen.age_at(len(text) + 5, len(text) + 9) is None


def test_the_words_that_speak_for_a_label(encoder: Encoder) -> None:
    text = "we met in a game last week. he wants two hundred by tonight. my dog is asleep"
    seen, label = encoder.read(text), encoder.labels.index("demand=money")
    first, second = text.index("he wants"), text.index("my dog")
    parts = [(0, first), (first, second), (second, len(text))]
    assert parts[int(seen.speaks_in(parts)[label].argmax())] == (first, second)
    assert seen.speaks_in([]).shape == (len(encoder.labels), 0)
