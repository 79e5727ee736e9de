"""The trained model on a small made-up training set: what it promises whatever it is trained on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from breakwater.understanding import chances
from breakwater.understanding.encoder import DIMENSIONS, Vectors
from breakwater.understanding.fact_model import Example, FactModel, needed
from breakwater.understanding.labels import ANY_LIFE, ANY_OFFLINE, labels_of

WHO = ["a girl", "some guy", "this person", "a stranger", "someone", "he", "she", "an account", "they", "a man"]


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


TOLD = ("demand=money", "demand=images", "paid=yes", ANY_LIFE, "already_posted=yes")
"""The labels that the network tells."""


def sight(*told: str) -> Vectors:
    """What a network sees that is sure of these labels and of no other; its meaning is nothing."""
    labels = np.array([4.0 if label in told else -4.0 for label in TOLD], dtype=np.float32)
    return np.concatenate([np.zeros(DIMENSIONS, dtype=np.float32), labels])


MADE = examples()
SEEN = np.stack([sight(*example.labels) for example in MADE])
SEEN += np.random.default_rng(7).normal(scale=0.02, size=SEEN.shape).astype(np.float32)
NOTHING = sight()


@pytest.fixture(scope="module")
def model() -> FactModel:
    return FactModel.fit(MADE, SEEN)


def test_it_reads_what_it_was_taught(model: FactModel) -> None:
    read = model.predict(sight("demand=money"))
    assert read["demand=money"] > model.thresholds["demand=money"]
    assert read["demand=images"] < model.thresholds["demand=images"]
    assert read["intent=tell"] > read["intent=greet"]
    assert model.predict(sight(ANY_LIFE))[ANY_LIFE] > model.thresholds[ANY_LIFE]


def test_every_learned_label_has_a_chance_and_a_threshold(model: FactModel) -> None:
    read = model.predict(NOTHING)
    kinds = {label for label in read if label.startswith(("intent=", "threat_type=", "speaker="))}
    assert set(read) - kinds == set(model.thresholds)
    assert {"demand=money", "demand=images", "paid=yes", "risk=suicide_passive", ANY_LIFE} <= set(read)
    assert all(0 <= chance <= 1 for chance in read.values())
    assert sum(read[label] for label in kinds if label.startswith("intent=")) == pytest.approx(1)


def test_rare_labels_are_not_learned_but_named(model: FactModel) -> None:
    assert model.not_learned == ["gave_access=yes"]
    assert "gave_access=yes" not in model.thresholds


def test_it_learns_from_what_the_network_does_not_know_and_a_few_of_the_others() -> None:
    texts = [f"message {n}" for n in range(500)]
    assert all(needed(text, known=False) for text in texts)
    assert 20 < sum(needed(text, known=True) for text in texts) < 90


def test_thresholds_are_set_on_what_the_network_does_not_know() -> None:
    """Of what it was tuned on it is always right, of what it does not know it is not: a label needs a higher chance."""
    made = [*MADE, *(Example(f"no, {n}", "tell", labels_of({})) for n in range(30))]
    seen = np.concatenate([SEEN, np.stack([sight("paid=yes")] * 30)])
    judged = FactModel.fit(made, seen)
    known = FactModel.fit([*MADE, *(replace(e, known=True) for e in made[len(MADE) :])], seen)
    assert judged.thresholds["paid=yes"] != known.thresholds["paid=yes"]


def test_a_bare_answer_teaches_no_fact(model: FactModel) -> None:
    assert Example("yes", "affirm", frozenset(), "paid").bare_answer
    assert not Example("yes", "affirm", frozenset()).bare_answer
    assert model.predict(NOTHING)["paid=yes"] < model.thresholds["paid=yes"]


def test_saved_and_loaded_it_says_the_same(model: FactModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    assert [file.suffix for file in tmp_path.iterdir()] == [".npz"]
    loaded = FactModel.load(tmp_path)
    assert loaded.thresholds == model.thresholds
    assert loaded.not_learned == model.not_learned
    for seen in SEEN:
        assert loaded.predict(seen) == model.predict(seen)


def test_same_data_same_model(model: FactModel) -> None:
    again = FactModel.fit(MADE, SEEN)
    assert again.thresholds == model.thresholds
    assert again.predict(sight("demand=money")) == model.predict(sight("demand=money"))


def test_labels_are_those_of_the_metadata() -> None:
    made = labels_of({"threat_type": "both", "demand": ["money"], "paid": "no", "minor": True, "risk": ["runaway"]})
    assert made == {
        "threat_type=both", "speaker=victim", "demand=money", "paid=no", "minor=yes", "risk=runaway", ANY_OFFLINE,
    }  # fmt: skip
    assert labels_of({}) == {"threat_type=none", "speaker=victim"}
    assert "minor=yes" in labels_of({"age": 15})
    assert "minor=no" in labels_of({"age": 18})
    assert ANY_LIFE in labels_of({"risk": ["self_harm"]})


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
