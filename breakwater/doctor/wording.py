"""The sentences that are said to people: has a safeguarding lead signed them?"""

from __future__ import annotations

from pathlib import Path

import yaml

from breakwater.doctor.findings import Finding


def examine_wording(domain: Path) -> list[Finding]:
    """How many variations nobody has signed (docs/content-guide.md), those in other languages apart."""
    responses = yaml.safe_load(domain.read_text("utf8"))["responses"]
    variations = [one for variants in responses.values() for one in variants]
    about = [one.get("metadata") or {} for one in variations]
    abroad = [one["language"] for one in about if "language" in one and not one.get("reviewed")]
    found = _signed(sum(not one.get("reviewed") for one in about), len(variations))
    if abroad:
        what = f"{len(abroad)} sentences in {', '.join(dict.fromkeys(abroad))} were not read by a native speaker."
        found.append(Finding("warning", what, "Have them read, or set BREAKWATER_LANGUAGES=en: docs/operations.md."))
    return found


def _signed(unsigned: int, variations: int) -> list[Finding]:
    if unsigned:
        what = f"{unsigned} of {variations} sentences said to people were not signed by a safeguarding lead."
        return [Finding("warning", what, "Read and sign them: docs/content-guide.md.")]
    return [Finding("ok", f"All {variations} sentences said to people are signed.")]
