"""The sentence encoder: are its files there, and are they the ones we shipped?"""

from __future__ import annotations

from pathlib import Path

from breakwater.doctor.findings import Finding
from breakwater.understanding.encoder import Encoder, EncoderBroken


def examine_encoder(folder: Path) -> list[Finding]:
    """Names a file that is missing or not ours."""
    try:
        Encoder.load(folder)
    except EncoderBroken as broken:
        return [Finding("error", str(broken), "Fetch the file again from the release; nothing is read well without.")]
    return [Finding("ok", "The sentence encoder's files are the ones we shipped.")]
