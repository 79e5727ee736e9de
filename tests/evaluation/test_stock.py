"""The stock bot gets our messages and nothing of ours, and is asked only for what it can tell."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from breakwater.evaluation.measures import MEASURES
from breakwater.evaluation.stock import cost, joined, parted, stock_messages, write_stock_project
from breakwater.evaluation.stock_bot import FIELDS, told
from breakwater.settings import ROOT
from breakwater.support.topics import load_topics
from breakwater.understanding.facts import THREAT_TYPES


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stock")
    write_stock_project(folder)
    return folder


@pytest.mark.parametrize("threat_type", THREAT_TYPES)
@pytest.mark.parametrize("intent", ["tell", "ask_should_i_pay"])
def test_intent_and_threat_in_one_name(intent: str, threat_type: str) -> None:
    assert parted(joined(intent, threat_type)) == (intent, threat_type)
    assert "/" not in joined(intent, threat_type)


def test_our_intents_are_not_taken_apart(project: Path) -> None:
    ours = {intent.removeprefix("- intent: ") for file in (ROOT / "data").glob("*/*.yml")
            for intent in file.read_text("utf8").splitlines() if intent.startswith("- intent: ")}  # fmt: skip
    assert {parted(intent) for intent in ours} == {(intent, "none") for intent in ours}


def test_seldom_pairs_keep_their_intent(tmp_path: Path) -> None:
    examples = [{"text": f"pay {n}", "metadata": {"threat_type": "financial"}} for n in range(8)]
    examples += [{"text": "hello"}, {"text": "pics", "metadata": {"threat_type": "image"}}]
    file = tmp_path / "data.yml"
    file.write_text(yaml.safe_dump({"nlu": [{"intent": "tell", "examples": examples}]}), "utf8")
    assert [m.intent for m in stock_messages([file])] == ["tell_financial"] * 8 + ["tell", "tell"]


def test_a_whole_project(project: Path) -> None:
    domain, nlu, rules, stories = (
        yaml.load((project / name).read_text("utf8"), yaml.CSafeLoader)
        for name in ("domain.yml", "data/nlu.yml", "data/rules.yml", "data/stories.yml")
    )
    learned = {block["intent"] for block in nlu["nlu"]}
    assert learned == set(domain["intents"])
    assert {"tell", "tell_financial", "tell_image", "ask_human"} <= learned
    assert len(rules["rules"]) == len(learned)
    steps = [step for story in stories["stories"] for step in story["steps"]]
    assert {step["intent"] for step in steps if "intent" in step} <= learned
    assert {step["action"] for step in steps if "action" in step} <= set(domain["responses"])
    assert "breakwater" not in (project / "config.yml").read_text("utf8")
    assert (project / ".gitignore").read_text() == "*\n"
    assert cost(project) == {}


def test_what_it_can_tell() -> None:
    topics = load_topics(ROOT / "data" / "topics.yaml")
    assert told("tell_scam_email", topics)["threat_type"] == "scam_email"
    asks = told("ask_should_i_pay_financial", topics)
    assert (asks["threat_type"], asks["topic"], asks["eval_topic"]) == ("financial", "should_i_pay", "should_i_pay")
    person = told("ask_human", topics)
    assert (person["wants_human"], person["topic"], person["eval_topic"]) == (True, None, "human_available")
    lost = told("nlu_fallback", topics)
    assert (lost["fallback"], lost["threat_type"], lost["topic"]) == (True, "none", None)
    assert told(None, topics)["fallback"] is True
    assert set(FIELDS) <= set(lost)
    assert set(FIELDS) < {measure.field for measure in MEASURES}
