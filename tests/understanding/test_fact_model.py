"""The trained model on a small made-up training set: what it promises whatever it is trained on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from breakwater.understanding import chances
from breakwater.understanding.encoder import DIMENSIONS, Vectors
from breakwater.understanding.fact_model import Example, FactModel
from breakwater.understanding.labels import ANY_LIFE, ANY_OFFLINE, labels_of

WHO = ["a girl", "some guy", "this person", "a stranger", "someone", "he", "she", "an account", "they", "a man"]


def sights(count: int) -> Vectors:
    """What a network sees that knows nothing, so that the words alone decide; it tells five labels."""
    return np.random.default_rng(7).normal(scale=0.02, size=(count, DIMENSIONS + 5)).astype(np.float32)


def examples() -> list[Example]:
    told = [
        *(Example(f"{who} wants money from me", "tell", labels_of({"demand": ["money"]})) for who in WHO),
        *(Example(f"{who} wants more photos", "tell", labels_of({"demand": ["images"]})) for who in WHO),
        *(Example(f"i paid {who} already", "tell", labels_of({"paid": "yes"})) for who in WHO),
        *(Example(f"i want to die because of {who}", "tell", labels_of({"risk": ["suicide_passive"]})) for who in WHO),
        *(Example(f"hello {who} is here", "greet", labels_of({})) for who in WHO),
    ]
    answered = [
        *(
            Example(f"yes to {who} i think", "affirm", labels_of({"already_posted": "yes"}), "already_posted")
            for who in WHO
        ),
        Example("yes", "affirm", labels_of({"paid": "yes"}), "paid"),
        Example("my login", "tell", labels_of({"gave_access": "yes"})),
    ]
    return told + answered


MADE = examples()
SEEN = sights(len(MADE))
NOTHING = np.zeros(DIMENSIONS + 5, dtype=np.float32)


@pytest.fixture(scope="module")
def model() -> FactModel:
    return FactModel.fit(MADE, SEEN)


def test_it_reads_what_it_was_taught(model: FactModel) -> None:
    read = model.predict("a boy wants money from me", NOTHING)
    assert read["demand=money"] > model.thresholds["demand=money"]
    assert read["demand=images"] < model.thresholds["demand=images"]
    assert read["intent=tell"] > read["intent=greet"]
    assert model.predict("i want to die", NOTHING)[ANY_LIFE] > model.thresholds[ANY_LIFE]


def test_every_learned_label_has_a_chance_and_a_threshold(model: FactModel) -> None:
    read = model.predict("anything", NOTHING)
    kinds = {label for label in read if label.startswith(("intent=", "threat_type=", "speaker="))}
    assert set(read) - kinds == set(model.thresholds)
    assert {"demand=money", "demand=images", "paid=yes", "risk=suicide_passive", ANY_LIFE} <= set(read)
    assert all(0 <= chance <= 1 for chance in read.values())
    assert sum(read[label] for label in kinds if label.startswith("intent=")) == pytest.approx(1)


def test_rare_labels_are_not_learned_but_named(model: FactModel) -> None:
    assert model.not_learned == ["gave_access=yes"]
    assert "gave_access=yes" not in model.thresholds


def test_a_question_counts_in_short_answers_only(model: FactModel) -> None:
    asked = model.predict("yes to a lad i think", NOTHING, "already_posted")["already_posted=yes"]
    assert asked > model.predict("yes to a lad i think", NOTHING)["already_posted=yes"]
    long = "yes to a lad i think " * 5
    assert model.predict(long, NOTHING, "already_posted") == model.predict(long, NOTHING)


def test_a_bare_answer_teaches_no_fact(model: FactModel) -> None:
    assert Example("yes", "affirm", frozenset(), "paid").bare_answer
    assert not Example("yes", "affirm", frozenset()).bare_answer
    assert model.predict("yes", NOTHING)["paid=yes"] < model.thresholds["paid=yes"]


def test_saved_and_loaded_it_says_the_same(model: FactModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    assert [file.suffix for file in tmp_path.iterdir()] == [".npz"]
    loaded = FactModel.load(tmp_path)
    assert loaded.thresholds == model.thresholds
    assert loaded.not_learned == model.not_learned
    for example, seen in zip(MADE, SEEN, strict=True):
        assert loaded.predict(example.text, seen, example.question) == model.predict(
            example.text, seen, example.question
        )


def test_same_data_same_model(model: FactModel) -> None:
    again = FactModel.fit(MADE, SEEN)
    assert again.thresholds == model.thresholds
    assert again.predict("he wants money", NOTHING) == model.predict("he wants money", NOTHING)


@pytest.mark.parametrize("text", ["", " ", "🥲", "привет", "a" * 5000, "\x00", "'"])
def test_no_text_is_too_strange(model: FactModel, text: str) -> None:
    assert all(np.isfinite(list(model.predict(text, NOTHING).values())))


def test_labels_are_those_of_the_metadata() -> None:
    made = labels_of({"threat_type": "both", "demand": ["money"], "paid": "no", "minor": True, "risk": ["runaway"]})
    assert made == {
        "threat_type=both", "speaker=victim", "demand=money", "paid=no", "minor=yes", "risk=runaway", ANY_OFFLINE,
    }  # fmt: skip
    assert labels_of({}) == {"threat_type=none", "speaker=victim"}
    assert "minor=yes" in labels_of({"age": 15})
    assert "minor=no" in labels_of({"age": 18})
    assert ANY_LIFE in labels_of({"risk": ["self_harm"]})


def test_what_the_network_says_counts() -> None:
    """The same words everywhere: only the network knows."""
    made = [Example("it happened", "tell", labels_of({"paid": "yes"} if n % 2 else {})) for n in range(40)]
    seen = sights(40)
    seen[:, DIMENSIONS] = [3.0 if n % 2 else -3.0 for n in range(40)]
    model = FactModel.fit(made, seen)
    assert model.predict("it happened", seen[1])["paid=yes"] > 0.5 > model.predict("it happened", seen[2])["paid=yes"]


def test_thresholds_are_set_where_they_should_be() -> None:
    likely = np.array([0.9, 0.6, 0.5, 0.4, 0.1, 0.1, 0.1, 0.1])
    true = np.array([True, True, False, False, False, False, False, False])
    assert chances.best_f1(likely, true) == pytest.approx(0.6)
    assert chances.best_f1(likely / 10, true) == chances.LOWEST
    assert (likely[~true] >= chances.at_most(likely, true, 0.2)).mean() <= 0.2
    assert chances.at_most(likely, true, 0.2) <= 0.51


def test_chances_of_kinds_add_up_and_follow_the_scores() -> None:
    shares = chances.shares(np.array([0.1, 0.7, 0.2]), 5.0)
    assert shares.sum() == pytest.approx(1)
    assert shares.argmax() == 1
