"""Whether somebody at home is said to "kill" the writer: mostly a figure of speech, so it is asked, never assumed
(safeguarding rule 8)."""

from __future__ import annotations

import re

_FAMILY = (
    r"(?:mum|mom|mam|mummy|mommy|mother|dad|daddy|father|papa|baba|abba|ammi|amma|parents?|folks|family|brothers?|"
    r"uncles?|step ?(?:dad|mum|mom|father|mother)|grandad|grandpa|granddad)"
)
_WOULD = (
    r"(?:will|would|wil|wud|is (?:going to|gonna)|are (?:going to|gonna)|gonna|going to|gunna|'?ll|'?d|could|might)"
)
_REALLY = r"(?:\s+(?:literally|actually|absolutely|legit|properly|fully|so|just|honestly|probably|both|all))*"
_KILL = r"(?:kill|murder|slaughter|end|batter|destroy|skin|bury|beat)\s+(?:me|us)\b"
_SAID = re.compile(rf"\b{_FAMILY}\s*{_REALLY}\s*{_WOULD}{_REALLY}\s+{_KILL}", re.IGNORECASE)
# "they would kill me" tells what would follow if they knew; a blackmailer "will", or "said he would"
_IF_THEY_KNEW = re.compile(
    rf"(?<!said )(?<!says )(?<!that )(?<!sworn )(?<!swears )\b(?:they|he|she)(?: (?:would|wud)|'?d){_REALLY}\s+{_KILL}",
    re.IGNORECASE,
)


def would_kill(text: str) -> bool:
    """Whether the text says of a parent or relative, or of somebody not named, that they would kill or beat the
    writer."""
    said = text.replace("’", "'")
    return bool(_SAID.search(said) or _IF_THEY_KNEW.search(said))
