"""What is measured is what runs: the offline reader and Rasa's connector read alike, word for word."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path

import httpx
import pytest

from breakwater.evaluation.understand import Understanding
from breakwater.settings import ROOT
from breakwater.support.memory import Memory
from breakwater.support.turn import Place, TurnAnswer, TurnRequest
from breakwater.understanding.facts import CaseFacts
from breakwater.understanding.merge import merge
from tests.stack import running

MESSAGES = (
    ("a girl i met on snap has my pics and wants 200 by tonight, im 15", None),
    ("no not yet", "paid"),
    ("sort of", "suicide"),
    ("2011", "age"),
    ("/hide what i wrote \ud83d", None),
    ("my daughter is thirteen, he waits outside her school", None),
    ("can i talk to a real person", None),
    ("mi ex va a publicar mi video", None),
    ("is any of this my own fault", None),
    ("qwrt zxcv", "demand"),
)


@pytest.mark.timeout(240)
def test_offline_reads_as_the_running_assistant_does(tmp_path: Path) -> None:
    assistant = Understanding.load(ROOT)
    with running(tmp_path) as stack, httpx.Client(timeout=20) as client:
        port = stack.environment["BREAKWATER_RASA_PORT"]
        for text, question in MESSAGES:
            asked = TurnRequest(
                "listen", "c", "m", text, Place("2026-11-21T12:00:00+00:00"), memory=Memory(question=question)
            )
            answer = client.post(
                f"http://127.0.0.1:{port}/webhooks/gateway/turn", content=json.dumps(asked.as_json()),
                headers={"content-type": "application/json"},
            )  # fmt: skip
            ran = TurnAnswer.of(answer.json())
            reading = assistant.read(text, question, datetime.now(timezone.utc).date())
            assert reading.intent == ran.intent, text
            assert reading.confidence == pytest.approx(ran.confidence, abs=1e-4), text
            assert merge(CaseFacts(), reading) == ran.facts, text
            assert Memory(question=question).answered(reading.question, reading.answer) == ran.memory, text
