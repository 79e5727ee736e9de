"""Rasa says on each channel what the gateway itself would say there."""

from __future__ import annotations

import pytest
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.trackers import DialogueStateTracker

from breakwater.rasa.connector import Replies
from breakwater.settings import ROOT
from breakwater.support.wording import Wording

WORDING = Wording.load(ROOT / "domain.yml")
BY_CHANNEL = [name for name, found in WORDING.responses.items() if any("channel" in variation for variation in found)]


@pytest.mark.parametrize("response", BY_CHANNEL)
@pytest.mark.parametrize("channel", ["web", "telegram"])
async def test_the_variation_of_the_channel(response: str, channel: str) -> None:
    responses = {name: list(map(dict, found)) for name, found in WORDING.responses.items()}
    tracker = DialogueStateTracker("x", [])
    said = await TemplatedNaturalLanguageGenerator(responses).generate(response, tracker, Replies(channel).name())
    assert said is not None
    expected = WORDING._variation(response, {"channel": channel})
    assert said["text"].strip() == expected["text"].strip()
